import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KeyringBench, keyringBench } from "./testing.ts";

let bench: KeyringBench;
beforeAll(async () => {
  bench = await keyringBench();
});
afterAll(() => bench.close());

const retention = { actor: "service:retention", purpose: "retention ended" };
const officer = { actor: "officer:u1", purpose: "look" };
const gone = { code: "not_found", reason: "keyring.destroyed" };

test("once its key is destroyed nothing of an owner opens any more, and nothing new can be sealed for it", async () => {
  const keyring = await bench.keyring();
  const owner = `holder/${newId()}`;
  const sealer = await keyring.sealer(owner);
  const sealed = sealer.seal({ name: "测试甲" });
  expect(await keyring.open([sealed], officer)).toEqual([{ name: "测试甲" }]);

  await keyring.destroy(owner, retention);
  await keyring.destroy(owner, retention);
  await expect(keyring.open([sealed], officer)).rejects.toMatchObject(gone);
  await expect(keyring.sealer(owner)).rejects.toMatchObject(gone);
  await expect((await bench.keyring()).open([sealed], officer)).rejects.toMatchObject(gone);
  expect(
    await bench.db.query("select wrapped, master_version from data_key where owner = $1", [owner]),
  ).toEqual([{ wrapped: null, master_version: null }]);
  const acts = (await bench.accesses(sealer.keyId)).map(({ action, actor }) => [action, actor]);
  expect(acts).toEqual([
    ["open", officer.actor],
    ["destroy", retention.actor],
  ]);
});

test("another process holds a destroyed key no longer than its memory lasts", async () => {
  let now = 0;
  const [one, two] = [await bench.keyring(), await bench.keyring({ now: () => now })];
  const owner = `case/${newId()}`;
  const sealed = (await two.sealer(owner)).seal({ a: "b" });
  await two.open([sealed], officer);
  await one.destroy(owner, retention);
  now = 60_000;
  await expect(two.open([sealed], officer)).rejects.toMatchObject(gone);
  await expect(two.sealer(owner)).rejects.toMatchObject(gone);
});

test("a destroyed owner does not spoil the bulk for the others who ask at the same time", async () => {
  const keyring = await bench.keyring();
  const [dead, alive] = [`case/${newId()}`, `case/${newId()}`];
  await keyring.sealer(dead);
  await keyring.destroy(dead, retention);
  const [refused, made] = await Promise.allSettled([keyring.sealer(dead), keyring.sealer(alive)]);
  expect(refused).toMatchObject({ status: "rejected", reason: gone });
  expect(made.status).toBe("fulfilled");
});

test("destroying what never had a key does nothing", async () => {
  await (await bench.keyring()).destroy(`case/${newId()}`, retention);
});

test("the service can add to the record of access, but neither rewrite nor shorten it, and cannot delete a key", async () => {
  for (const sql of [
    "update keyring_access set actor = 'x'",
    "delete from keyring_access",
    "delete from data_key",
  ]) {
    await expect(bench.db.query(sql), sql).rejects.toMatchObject({ code: "42501" });
  }
});
