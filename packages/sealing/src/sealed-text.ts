// Sealed text: `s1.<key id>.<base64url(iv | tag | ciphertext)>`, AES-256-GCM over the canonical JSON of the fields. The key
// id is authenticated too, so a text moved under another key's name does not open.

import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { invalid, type OnethingError } from "@onething/kernel/errors";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = "aes-256-gcm";

/** iv | tag | ciphertext; opens only with the same key and the same `bound` text. */
export function encrypt(key: KeyObject, plain: Buffer, bound: string): Buffer {
  const out = Buffer.allocUnsafe(IV_BYTES + TAG_BYTES + plain.length);
  randomFillSync(out, 0, IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, out.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound));
  cipher.update(plain).copy(out, IV_BYTES + TAG_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(out, IV_BYTES);
  return out;
}

/** Throws when anything was changed. */
export function decrypt(key: KeyObject, box: Buffer, bound: string): Buffer {
  if (box.length < IV_BYTES + TAG_BYTES) throw new RangeError("too short to be sealed");
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

export function sealFields(key: KeyObject, keyId: string, fields: Record<string, string>): string {
  const box = encrypt(key, Buffer.from(canonicalJson(fields)), keyId);
  return `s1.${keyId}.${box.toString("base64url")}`;
}

export interface SealedText {
  keyId: string;
  box: Buffer;
}

const SEALED = /^s1\.([0-9a-f-]{36})\.([\w-]{38,})$/;

export function parseSealed(text: string): SealedText {
  const match = SEALED.exec(text);
  if (match === null) throw tampered("not a sealed text");
  return { keyId: match[1]!, box: Buffer.from(match[2]!, "base64url") };
}

export function openFields(key: KeyObject, { keyId, box }: SealedText): Record<string, string> {
  let plain: Buffer;
  try {
    plain = decrypt(key, box, keyId);
  } catch (cause) {
    throw tampered(`sealed text of key ${keyId} does not open`, cause);
  }
  return JSON.parse(plain.toString("utf8")) as Record<string, string>;
}

const tampered = (internal: string, cause?: unknown): OnethingError =>
  invalid(
    "keyring.tampered",
    "加密数据已损坏或被改动，无法打开。请联系系统管理员。",
    "This sealed data is damaged or was changed and cannot be opened. Please tell the administrator.",
    { internal, cause },
  );
