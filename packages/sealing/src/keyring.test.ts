import { readFile } from "node:fs/promises";
import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMasterKey, unwrap } from "./master-key.ts";
import { type KeyringBench, keyringBench } from "./testing.ts";

let bench: KeyringBench;
beforeAll(async () => {
  bench = await keyringBench();
});
afterAll(() => bench.close());

const officer = { actor: "officer:u1", purpose: "decide" };
const owner = () => `case/${newId()}`;

test("what one process seals another opens, under the same key", async () => {
  const [one, two] = [await bench.keyring(), await bench.keyring()];
  const case1 = owner();
  const sealer = await one.sealer(case1);
  const sealed = sealer.seal({ name: "测试甲", phone: "19900000001" });
  expect((await two.sealer(case1)).keyId).toBe(sealer.keyId);
  expect(await two.open([sealed, ""], officer)).toEqual([{ name: "测试甲", phone: "19900000001" }, {}]);
  expect((await one.sealer(owner())).keyId).not.toBe(sealer.keyId);
});

test("of many processes that make one owner's key at once, all get the same", async () => {
  const keyrings = await Promise.all(Array.from({ length: 6 }, () => bench.keyring()));
  for (let round = 0; round < 20; round++) {
    const owners = Array.from({ length: 10 }, owner);
    const made = await Promise.all(
      keyrings.map((keyring, i) => keyring.sealers(i % 2 ? owners : owners.toReversed())),
    );
    const ids = made.map((sealers, i) => (i % 2 ? sealers : sealers.toReversed()).map(({ keyId }) => keyId));
    for (const other of ids) expect(other).toEqual(ids[0]);
    const sealed = made[0]!.map((sealer) => sealer.seal({ a: "b" }));
    expect(await keyrings[5]!.open(sealed, officer)).toEqual(sealed.map(() => ({ a: "b" })));
  }
});

test("many sealers are one statement, many openings are one, and neither costs any from memory", async () => {
  const [one, two] = [await bench.keyring(), await bench.keyring()];
  const owners = Array.from({ length: 300 }, owner);
  bench.statements();
  const sealers = await one.sealers(owners);
  expect(bench.statements()).toBe(1);
  expect(new Set(sealers.map(({ keyId }) => keyId)).size).toBe(300);
  await one.sealers(owners);
  expect(bench.statements()).toBe(0);

  const sealed = sealers.map((sealer, i) => sealer.seal({ i: String(i) }));
  const opened = await two.open(sealed, officer);
  expect(opened.map(({ i }) => i)).toEqual(sealed.map((_, i) => String(i)));
  expect(bench.statements()).toBe(1);
  await two.open(sealed, officer);
  expect(bench.statements()).toBe(0);
  await Promise.all(owners.map((one) => two.sealer(one)));
  expect(bench.statements()).toBe(0);
});

test("every fetch of a key is recorded once, with who and what for; a key in memory hides nobody", async () => {
  let now = 0;
  const [maker, keyring] = [await bench.keyring(), await bench.keyring({ now: () => now })];
  const sealer = await maker.sealer(owner());
  const values = [sealer.seal({ a: "1" }), sealer.seal({ b: "2" })];
  expect(await bench.accesses(sealer.keyId)).toEqual([]);

  await Promise.all([keyring.open(values, officer), keyring.open(values, officer)]);
  await keyring.open(values, officer);
  const decide = { key_id: sealer.keyId, action: "open", ...officer };
  expect(await bench.accesses(sealer.keyId)).toEqual([decide]);

  const clerk = { actor: "clerk:u2", purpose: "print" };
  await keyring.open(values, clerk);
  expect(await bench.accesses(sealer.keyId)).toEqual([decide, { ...decide, ...clerk }]);

  now = 60_000;
  await keyring.open(values, officer);
  expect(await bench.accesses(sealer.keyId)).toEqual([decide, { ...decide, ...clerk }, decide]);
});

test("a key fetched to seal with, or for the check at the start, is recorded too", async () => {
  const case1 = owner();
  const [maker, other] = [await bench.keyring(), await bench.keyring({ actor: "service:approval" })];
  const { keyId } = await maker.sealer(case1);
  await other.sealer(case1);
  await bench.keyring();
  expect(await bench.accesses(keyId)).toEqual([
    { key_id: keyId, action: "seal", actor: "service:approval", purpose: "seal" },
    { key_id: keyId, action: "check", actor: "service:keyring", purpose: "start" },
  ]);
});

test("neither a key nor what it seals is in the database in clear", async () => {
  const case1 = owner();
  const sealer = await (await bench.keyring()).sealer(case1);
  sealer.seal({ identityNumber: "430999199208150027" });
  const [row] = await bench.db.query<{ wrapped: Buffer; master_version: number }>(
    "select wrapped, master_version from data_key where id = $1",
    [sealer.keyId],
  );
  const master = await readMasterKey(bench.masterKeyFile);
  const key = unwrap(master, { id: sealer.keyId, owner: case1, ...row! })!.export();
  expect(key.length).toBe(32);

  const rows = await bench.db.query(
    "select d::text as all from data_key d union all select a::text from keyring_access a",
  );
  const everything = JSON.stringify(rows);
  for (const secret of [key, ...[...master.keys.values()].map((one) => one.export()), master.lookup]) {
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(everything).not.toContain(secret.toString(form));
  }
  expect(everything).not.toContain("430999");
});

test("a wrapped key moved to another owner's row does not open there", async () => {
  const keyring = await bench.keyring();
  const [thief, victim] = await keyring.sealers([owner(), owner()]);
  const sealed = thief!.seal({ a: "b" });
  await bench.db.query(
    "update data_key set wrapped = (select wrapped from data_key where id = $1) where id = $2",
    [victim!.keyId, thief!.keyId],
  );
  await expect((await bench.keyring()).open([sealed], officer)).rejects.toMatchObject({
    reason: "keyring.master_key_wrong",
  });
});

test("a sealed text that names a key this keyring does not have, or another's key, is refused", async () => {
  const keyring = await bench.keyring();
  const [one, two] = await keyring.sealers([owner(), owner()]);
  const sealed = one!.seal({ a: "b" });
  await expect(keyring.open([sealed.replace(one!.keyId, newId())], officer)).rejects.toMatchObject({
    code: "not_found",
    reason: "keyring.unknown_key",
  });
  await expect(keyring.open([sealed.replace(one!.keyId, two!.keyId)], officer)).rejects.toMatchObject({
    reason: "keyring.tampered",
  });
});

test("hashes are the same in every process, differ by kind, and cannot be made without the master key file", async () => {
  const [one, two] = [await bench.keyring(), await bench.keyring()];
  const number = "430999199208150027";
  expect(one.hash("citizen", number)).toBe(two.hash("citizen", number));
  expect(one.hash("citizen", number)).toMatch(/^[0-9a-f]{64}$/);
  expect(one.hash("phone", number)).not.toBe(one.hash("citizen", number));
  expect(one.hashKey).toEqual(two.hashKey);
  expect(one.hashKey.length).toBe(32);
  const file = await readFile(bench.masterKeyFile, "utf8");
  expect(file).not.toContain(one.hashKey.toString("base64"));
  const other = await keyringBench();
  const elsewhere = await other.keyring();
  expect(elsewhere.hash("citizen", number)).not.toBe(one.hash("citizen", number));
  await other.close();
});

test("an owner that is not a kind and an id is a mistake of ours, not a key", async () => {
  const keyring = await bench.keyring();
  for (const wrong of ["", "case/", "case", "case/a b", "张三"]) {
    await expect(keyring.sealer(wrong), wrong).rejects.toThrow(RangeError);
  }
});
