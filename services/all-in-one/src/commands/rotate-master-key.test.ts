import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@onething/postgres/testing";
import { type Keyring, keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onething, refused, start } from "./command.fixture.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let file: string;
let env: Record<string, string>;
let keyring: Keyring;
let sealed: string;
beforeEach(async () => {
  database = await testDatabase({ schema: "keyring", directories: [keyringMigrations] });
  folder = await mkdtemp(join(tmpdir(), "onething-rotate-"));
  file = join(folder, "master.json");
  env = { ONETHING_DATABASE_URL: database.adminUrl, ONETHING_MASTER_KEY_FILE: file };
  keyring = await open("service:here", file);
  sealed = (await keyring.sealer("case/1")).seal({ a: "b" });
});
afterEach(async () => {
  await keyring.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const open = (actor: string, masterKeyFile: string) =>
  openKeyring({ db: database.db, masterKeyFile, actor, lookMs: 20 });
const audit = () => ({ actor: "officer:u1", purpose: `look ${Date.now()}` });
const versions = async () => Object.keys(JSON.parse(await readFile(file, "utf8")).versions);

test("beside a working process it rotates in one go, each time anew, and says what it did", async () => {
  for (const version of [2, 3]) {
    const said = await onething(["rotate-master-key"], env);
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toContain(`Master key version ${version}: 1 data keys wrapped again`);
    expect(said.out).toContain(`Copy the file to its safe: ${file}`);
  }
  expect(await keyring.open([sealed], audit())).toEqual([{ a: "b" }]);
  expect(await database.db.query("select master_version as v from data_key")).toEqual([{ v: 3 }]);
});

test("in two steps it waits for those who have a copy of the file, and says for whom", async () => {
  const copy = join(folder, "copy.json");
  await copyFile(file, copy);
  const other = await open("service:elsewhere", copy);
  for (const _ of ["once", "twice"]) {
    const prepared = await onething(["rotate-master-key", "prepare"], { ONETHING_MASTER_KEY_FILE: file });
    expect(prepared).toMatchObject({ code: 0, err: "" });
    expect(prepared.out).toContain(`Version 2 is in the file, not used yet: ${file}`);
  }
  expect(await versions()).toEqual(["1", "2"]);
  const finishing = start(["rotate-master-key", "finish"], env);
  await vi.waitFor(
    () => expect(finishing.soFar()).toMatch(/Waiting until these have it:\n {2}service:elsewhere \(/),
    {
      timeout: 20_000,
    },
  );
  expect(finishing.soFar()).not.toContain("service:here");
  expect(await database.db.query("select master_version as v from data_key")).toEqual([{ v: 1 }]);
  await copyFile(file, copy);
  expect(await finishing.said).toMatchObject({
    code: 0,
    out: expect.stringContaining("Master key version 2: 1 data"),
  });
  expect(await other.open([sealed], audit())).toEqual([{ a: "b" }]);
  await other.close();
  const again = await onething(["rotate-master-key", "finish"], env);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining("Master key version 2: 0 data") });
});

test("a wrong word, a missing setting, a file or a database that is not there change nothing and are said in words", async () => {
  const rotate = (changed: Record<string, string>, ...words: string[]) =>
    refused(["rotate-master-key", ...words], { ...env, ...changed });
  const nowhere = { ONETHING_MASTER_KEY_FILE: join(folder, "nowhere/master.json") };
  const broken = { ONETHING_MASTER_KEY_FILE: join(folder, "broken.json") };
  await writeFile(broken.ONETHING_MASTER_KEY_FILE, "{}", { mode: 0o600 });
  const unmigrated = await testDatabase({ schema: "elsewhere", directories: [] });
  const said = await Promise.all([
    rotate({}, "now"),
    rotate({}, "finish", "now"),
    refused(["rotate-master-key"]),
    rotate(nowhere),
    rotate(nowhere, "prepare"),
    rotate(broken),
    rotate({ ONETHING_DATABASE_URL: "postgres://a:b@127.0.0.1:1/c" }, "finish"),
    rotate({ ONETHING_DATABASE_URL: unmigrated.adminUrl }, "finish"),
  ]);
  await unmigrated.close();
  const expected = [
    ...[/onething rotate-master-key \[prepare \| finish\]/, /Usage/],
    ...[/ONETHING_DATABASE_URL.*\n.*ONETHING_MASTER_KEY_FILE/],
    ...[/nowhere\/master\.json is missing/, /nowhere\/master\.json is missing/, /damaged/],
    ...[/cannot be reached/, /cannot be used: .*exist/],
  ];
  for (const [i, words] of expected.entries()) expect(said[i]).toMatch(words);
  expect(await versions()).toEqual(["1"]);
});
