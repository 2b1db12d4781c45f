// Rotation where every process has a copy of the master key's file that it gets some time later, as on Kubernetes.
import { copyFile, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newId } from "@onething/kernel/ids";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { finishRotation, type Keyring, prepareRotation, rotateMasterKey } from "./keyring.ts";
import { type KeyringBench, keyringBench } from "./testing.ts";

let bench: KeyringBench;
let operator: { db: KeyringBench["db"]; masterKeyFile: string };
beforeEach(async () => {
  bench = await keyringBench();
  operator = { db: bench.db, masterKeyFile: bench.masterKeyFile };
  await bench.keyring().then((keyring) => keyring.close()); // makes the file
});
afterEach(() => bench.close());

const audit = { actor: "officer:u1", purpose: "look" };
const seal = async (keyring: Keyring, what: string) =>
  (await keyring.sealer(`case/${newId()}`)).seal({ what });
const versionsUsed = async () =>
  (await bench.db.query<{ v: number }>("select distinct master_version as v from data_key order by 1")).map(
    ({ v }) => v,
  );
const readers = () =>
  bench.db.query<{ name: string; versions: string[]; wraps: number }>(
    "select name, versions, wraps from master_reader order by name",
  );

interface Pod {
  keyring: Keyring;
  /** The operator's file arrives: a new folder, and the link to it is replaced. */
  receive(): Promise<void>;
}

async function pod(name: string, warn?: (error: unknown) => void): Promise<Pod> {
  const folder = join(dirname(bench.masterKeyFile), name);
  await mkdir(folder);
  await symlink("..data/master.json", join(folder, "master.json"));
  let n = 0;
  const receive = async () => {
    const next = join(folder, `..${++n}`);
    await mkdir(next);
    await copyFile(bench.masterKeyFile, join(next, "master.json"));
    await symlink(`..${n}`, join(folder, "..next"));
    await rename(join(folder, "..next"), join(folder, "..data"));
  };
  await receive();
  const options = { masterKeyFile: join(folder, "master.json"), actor: name, ...(warn && { warn }) };
  return { keyring: await bench.keyring(options), receive };
}

test("what was sealed before, during and after a rotation opens in every process at every moment", async () => {
  const pods = [await pod("a"), await pod("b")];
  const [a, b] = pods.map(({ keyring }) => keyring) as [Keyring, Keyring];
  const sealed: string[] = [];
  const sealAndOpenAll = async (what: string) => {
    for (const keyring of [a, b]) sealed.push(await seal(keyring, what));
    for (const keyring of [a, b])
      expect((await keyring.open(sealed, { ...audit, purpose: what })).length).toBe(sealed.length);
  };
  await sealAndOpenAll("before");
  expect(await prepareRotation(operator)).toBe(2);
  await sealAndOpenAll("prepared");
  const waited: string[][] = [];
  const finishing = finishRotation({ ...operator, batch: 1, onWait: (names) => waited.push(names) });
  await pods[0]!.receive();
  await sealAndOpenAll("one has it");
  expect(await versionsUsed()).toEqual([1]);
  await pods[1]!.receive();
  let done = false;
  const finished = finishing.finally(() => {
    done = true;
  });
  while (!done) await sealAndOpenAll("working");
  expect((await finished).version).toBe(2);
  expect(waited.flat().join()).toMatch(/^a \(.*b \(/);
  // Copies still name the version before; even so only a key that was on its way just then may have been left behind.
  expect((await finishRotation(operator)).rewrapped).toBeLessThanOrEqual(2);
  await sealAndOpenAll("after");
  expect(await versionsUsed()).toEqual([2]);

  // Started again with its copy of the time between: it goes by what the database uses.
  const restarted = await bench.keyring({
    masterKeyFile: join(dirname(bench.masterKeyFile), "a/master.json"),
  });
  expect(await restarted.open(sealed, audit)).toHaveLength(sealed.length);
  await seal(restarted, "restarted");
  expect(await versionsUsed()).toEqual([2]);
});

test("a rotation that a replica cannot follow changes nothing, names it, and goes on when it has the file", async () => {
  const [quick, late] = [await pod("quick"), await pod("late")];
  const sealed = await seal(late.keyring, "old");
  await prepareRotation(operator);
  await quick.receive();
  const waits = finishRotation({ ...operator, waitMs: 500 });
  await expect(waits).rejects.toMatchObject({ code: "unavailable", reason: "keyring.rotation_waits" });
  await expect(waits).rejects.toThrow(/yet: late \([^,]*\)\. Give them/);
  expect(await versionsUsed()).toEqual([1]);
  expect(JSON.parse(await readFile(bench.masterKeyFile, "utf8")).current).toBe(1);

  expect(await prepareRotation(operator)).toBe(2); // no third version
  await late.receive();
  expect(await finishRotation(operator)).toEqual({ version: 2, rewrapped: 1, forgotten: [] });
  expect(await late.keyring.open([sealed], audit)).toEqual([{ what: "old" }]);
  expect(await finishRotation(operator)).toEqual({ version: 2, rewrapped: 0, forgotten: [] }); // repeated
});

test("a process with a copy of before the rotation does not start; with the new one it does", async () => {
  const before = await pod("before");
  const sealed = await seal(before.keyring, "old");
  await before.keyring.close();
  await copyFile(bench.masterKeyFile, `${bench.masterKeyFile}.old`);
  await rotateMasterKey(operator);
  const options = { masterKeyFile: `${bench.masterKeyFile}.old` };
  await expect(bench.keyring(options)).rejects.toMatchObject({
    reason: "keyring.master_key_version_missing",
  });
  await before.receive();
  const again = await bench.keyring({
    masterKeyFile: join(dirname(bench.masterKeyFile), "before/master.json"),
  });
  expect(await again.open([sealed], audit)).toEqual([{ what: "old" }]);
});

test("two files with another key under the same number are told apart, whether processes run or not", async () => {
  const { keyring } = await pod("a");
  const sealed = await seal(keyring, "old");
  await copyFile(bench.masterKeyFile, `${bench.masterKeyFile}.old`);
  await rotateMasterKey({ ...operator, waitMs: 0 }).catch(() => {}); // prepared, not finished
  const other = { ...operator, masterKeyFile: `${bench.masterKeyFile}.old` };
  await prepareRotation(other);
  await expect(finishRotation({ ...other, waitMs: 0 })).rejects.toMatchObject({
    reason: "keyring.rotation_waits",
  });
  await keyring.close();
  await finishRotation(operator);
  await expect(finishRotation(other)).rejects.toMatchObject({ reason: "keyring.master_key_wrong" });
  expect(await (await bench.keyring()).open([sealed], audit)).toEqual([{ what: "old" }]);
});

test("a process that left, or has been silent for a minute, holds up no rotation", async () => {
  const { keyring } = await pod("left");
  const { keyring: other } = await pod("silent");
  expect((await readers()).map(({ name, wraps }) => [name.split(" ")[0], wraps])).toEqual([
    ["left", 1],
    ["silent", 1],
  ]);
  await keyring.close();
  expect(await readers()).toHaveLength(1);
  await other.close();
  await bench.db.query(
    `insert into master_reader (id, name, versions, wraps, at) values
     ('x', 'killed', '{1:00}', 1, now() - interval '61 seconds'), ('y', 'long ago', '{1:00}', 1, now() - interval '61 minutes')`,
  );
  expect((await rotateMasterKey({ ...operator, waitMs: 0 })).version).toBe(2);
  expect((await readers()).map(({ name }) => name)).toEqual(["killed"]);
});

test("a new file that cannot be used is complained of once, and work goes on with what is held", async () => {
  const warned: unknown[] = [];
  const { keyring, receive } = await pod("a", (error) => warned.push(error));
  const sealed = await seal(keyring, "old");
  const whole = await readFile(bench.masterKeyFile, "utf8");
  await writeFile(bench.masterKeyFile, whole.slice(0, 40));
  await receive();
  await vi.waitFor(() => expect(warned).toMatchObject([{ reason: "keyring.master_key_unreadable" }]));
  expect(await keyring.open([sealed, await seal(keyring, "new")], audit)).toHaveLength(2);
  await writeFile(bench.masterKeyFile, whole);
  await prepareRotation(operator);
  await receive();
  expect((await finishRotation(operator)).version).toBe(2);
  expect(warned).toHaveLength(1);
});
