import { copyFile, readFile, stat } from "node:fs/promises";
import { newId } from "@onething/kernel/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rotateMasterKey } from "./keyring.ts";
import { type KeyringBench, keyringBench } from "./testing.ts";

let bench: KeyringBench;
beforeEach(async () => {
  bench = await keyringBench();
});
afterEach(() => bench.close());

const audit = { actor: "officer:u1", purpose: "look" };
const versions = async () =>
  Object.keys(JSON.parse(await readFile(bench.masterKeyFile, "utf8")).versions).map(Number);
const wrappedUnder = () =>
  bench.db.query(
    "select master_version as version, count(*) as keys from data_key group by 1 order by 1 nulls last",
  );

test("rotation wraps every key anew, in small commits, and all that was sealed before still opens", async () => {
  const keyring = await bench.keyring();
  const sealers = await keyring.sealers(Array.from({ length: 25 }, () => `case/${newId()}`));
  const sealed = sealers.map((sealer, i) => sealer.seal({ i: String(i) }));
  await keyring.sealer("case/destroyed");
  await keyring.destroy("case/destroyed", audit);
  const hash = keyring.hash("citizen", "430999199208150027");
  const before = await bench.db.query(
    "select id, wrapped from data_key where wrapped is not null order by id",
  );

  expect(await rotateMasterKey({ db: bench.db, masterKeyFile: bench.masterKeyFile, batch: 10 })).toEqual({
    version: 2,
    rewrapped: 25,
    forgotten: [],
  });
  expect(await wrappedUnder()).toEqual([
    { version: 2, keys: 25 },
    { version: null, keys: 1 },
  ]);
  const after = await bench.db.query(
    "select id, wrapped from data_key where wrapped is not null order by id",
  );
  expect(after).not.toEqual(before);
  expect((await stat(bench.masterKeyFile)).mode & 0o777).toBe(0o600);

  const later = await bench.keyring();
  expect((await later.open(sealed, audit)).map(({ i }) => i)).toEqual(sealed.map((_, i) => String(i)));
  expect(later.hash("citizen", "430999199208150027")).toBe(hash);
});

test("a replaced version leaves the file a day later, at the next rotation, when no key needs it", async () => {
  await (await bench.keyring()).sealer("case/1");
  let at = new Date("2026-01-05T00:00:00.000Z");
  const rotate = () => rotateMasterKey({ db: bench.db, masterKeyFile: bench.masterKeyFile, now: () => at });
  await rotate();
  at = new Date("2026-01-05T23:00:00.000Z");
  expect((await rotate()).forgotten).toEqual([]);
  expect(await versions()).toEqual([1, 2, 3]);
  at = new Date("2026-01-06T01:00:00.000Z");
  expect((await rotate()).forgotten).toEqual([1]);
  expect(await versions()).toEqual([2, 3, 4]);
});

test("of two rotations at once one waits for the other, and no key is lost", async () => {
  const keyring = await bench.keyring();
  const sealers = await keyring.sealers(Array.from({ length: 30 }, () => `case/${newId()}`));
  const sealed = sealers.map((sealer) => sealer.seal({ a: "b" }));
  const options = { db: bench.db, masterKeyFile: bench.masterKeyFile, batch: 7 };
  const rotations = await Promise.all([rotateMasterKey(options), rotateMasterKey(options)]);
  expect(rotations.map(({ version }) => version).sort()).toEqual([2, 3]);
  expect(await wrappedUnder()).toEqual([{ version: 3, keys: 30 }]);
  expect(await (await bench.keyring()).open(sealed, audit)).toEqual(sealed.map(() => ({ a: "b" })));
});

test("keys made while a rotation runs all open afterwards", async () => {
  const keyring = await bench.keyring();
  await keyring.sealers(Array.from({ length: 50 }, () => `case/${newId()}`));
  const rotation = rotateMasterKey({ db: bench.db, masterKeyFile: bench.masterKeyFile, batch: 5 });
  const sealed: string[] = [];
  for (let i = 0; i < 40; i++) sealed.push((await keyring.sealer(`case/${newId()}`)).seal({ i: String(i) }));
  await rotation;
  const opened = await (await bench.keyring()).open(sealed, audit);
  expect(opened.map(({ i }) => Number(i))).toEqual(sealed.map((_, i) => i));
});

test("an old copy of the file, put back after a rotation, is refused at the start", async () => {
  await (await bench.keyring()).sealer("case/1");
  await copyFile(bench.masterKeyFile, `${bench.masterKeyFile}.old`);
  await rotateMasterKey({ db: bench.db, masterKeyFile: bench.masterKeyFile });
  await copyFile(`${bench.masterKeyFile}.old`, bench.masterKeyFile);
  await expect(bench.keyring()).rejects.toMatchObject({ reason: "keyring.master_key_version_missing" });
});
