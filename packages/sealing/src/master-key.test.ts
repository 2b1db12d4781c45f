import { chmod, copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { newId } from "@onething/kernel/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KeyringBench, keyringBench } from "./testing.ts";

let bench: KeyringBench;
beforeEach(async () => {
  bench = await keyringBench();
});
afterEach(() => bench.close());

const audit = { actor: "officer:u1", purpose: "look" };
const refused = (reason: string) => ({ code: "unavailable", reason: `keyring.${reason}` });

test("the first start makes the file, whole and for its owner's eyes only", async () => {
  await bench.keyring();
  expect((await stat(bench.masterKeyFile)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(bench.masterKeyFile))).mode & 0o777).toBe(0o700);
  expect(await readdir(dirname(bench.masterKeyFile))).toEqual(["master-key.json"]);
});

test("processes that start at once on an empty installation share one master key", async () => {
  const keyrings = await Promise.all(Array.from({ length: 8 }, () => bench.keyring()));
  expect(new Set(keyrings.map((keyring) => keyring.hash("kind", "value"))).size).toBe(1);
  const sealed = (await keyrings[0]!.sealer("case/1")).seal({ a: "b" });
  for (const keyring of keyrings) expect(await keyring.open([sealed], audit)).toEqual([{ a: "b" }]);
  expect(await readdir(dirname(bench.masterKeyFile))).toEqual(["master-key.json"]);
});

test("a missing file is never made anew while the database holds keys, not even destroyed ones", async () => {
  const keyring = await bench.keyring();
  await keyring.sealer("case/1");
  await rm(bench.masterKeyFile);
  await expect(bench.keyring()).rejects.toMatchObject(refused("master_key_missing"));
  await keyring.destroy("case/1", audit);
  await expect(bench.keyring()).rejects.toMatchObject(refused("master_key_missing"));
  await expect(stat(bench.masterKeyFile)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a file that others can read is refused, in words that say what to do", async () => {
  await bench.keyring();
  for (const mode of [0o640, 0o604, 0o660, 0o777]) {
    await chmod(bench.masterKeyFile, mode);
    await expect(bench.keyring()).rejects.toMatchObject(refused("master_key_exposed"));
  }
  await expect(bench.keyring()).rejects.toThrow(/0777.*chmod 600/);
  await chmod(bench.masterKeyFile, 0o600);
  await bench.keyring();
});

test("a damaged file is refused", async () => {
  await bench.keyring();
  const whole = await readFile(bench.masterKeyFile, "utf8");
  const without = { ...JSON.parse(whole), lookup: undefined };
  for (const text of [
    "",
    "{}",
    whole.slice(0, -20),
    JSON.stringify(without),
    whole.replace('"current": 1', '"current": 2'),
  ]) {
    await writeFile(bench.masterKeyFile, text);
    await expect(bench.keyring(), text).rejects.toMatchObject(refused("master_key_unreadable"));
  }
});

test("another installation's file is found out at the start", async () => {
  await (await bench.keyring()).sealer(`case/${newId()}`);
  const other = await keyringBench();
  await other.keyring();
  await copyFile(other.masterKeyFile, bench.masterKeyFile);
  await expect(bench.keyring()).rejects.toMatchObject(refused("master_key_wrong"));
  await other.close();
});
