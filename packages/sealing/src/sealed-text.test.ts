import { createSecretKey, randomBytes } from "node:crypto";
import { newId } from "@onething/kernel/ids";
import { expect, test } from "vitest";
import { openFields, parseSealed, sealFields } from "./sealed-text.ts";

const key = createSecretKey(randomBytes(32));
const keyId = newId();
const fields = { identityNumber: "430999199208150027", name: "测试 · 甲", phone: "19900000001", note: "" };

test("what was sealed opens as it was, and the same fields never look the same twice", () => {
  const sealed = sealFields(key, keyId, fields);
  expect(openFields(key, parseSealed(sealed))).toEqual(fields);
  expect(sealed.startsWith(`s1.${keyId}.`)).toBe(true);
  expect(sealed).not.toContain("430999");
  expect(sealFields(key, keyId, fields)).not.toBe(sealed);
  expect(openFields(key, parseSealed(sealFields(key, keyId, {})))).toEqual({});
});

test("a sealed text with any single bit changed does not open", () => {
  const { box } = parseSealed(sealFields(key, keyId, { a: "b" }));
  for (let bit = 0; bit < box.length * 8; bit++) {
    const changed = Buffer.from(box);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => openFields(key, { keyId, box: changed })).toThrow(
      expect.objectContaining({ reason: "keyring.tampered", code: "invalid" }),
    );
  }
});

test("a sealed text under another key id or another key does not open", () => {
  const { box } = parseSealed(sealFields(key, keyId, fields));
  const refused = expect.objectContaining({ reason: "keyring.tampered" });
  expect(() => openFields(key, { keyId: newId(), box })).toThrow(refused);
  expect(() => openFields(createSecretKey(randomBytes(32)), { keyId, box })).toThrow(refused);
  expect(() => openFields(key, { keyId, box: box.subarray(0, 28) })).toThrow(refused);
});

test("what is not a sealed text is refused before any key is asked for", () => {
  const sealed = sealFields(key, keyId, fields);
  for (const text of [
    " ",
    "s1",
    `s2${sealed.slice(2)}`,
    `${sealed}=`,
    `${sealed} `,
    `s1.${keyId}.`,
    '{"name":"x"}',
  ]) {
    expect(() => parseSealed(text), text).toThrow(expect.objectContaining({ reason: "keyring.tampered" }));
  }
});
