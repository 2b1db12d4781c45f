import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

const root = mkdtempSync(join(tmpdir(), "onething-migrations-"));

/** A folder `<name>/migrations` holding these files. */
function folder(name: string, files: Record<string, string>): URL {
  const path = join(root, name, "migrations");
  mkdirSync(path, { recursive: true });
  for (const [file, sql] of Object.entries(files)) writeFileSync(join(path, file), sql);
  return pathToFileURL(`${path}/`);
}

const engine = folder("engine", { "0001_ran.sql": "create table ran (at timestamptz default now());" });
const red = folder("red", { "0001_root.sql": "create table thing (id bigserial primary key, name text);" });

let suite: TestDatabase;
let db: Database;

beforeAll(async () => {
  suite = await testDatabase([
    { schema: "red", directories: [engine, red] },
    { schema: "blue", directories: [engine] },
  ]);
  db = suite.db;
});
afterAll(async () => {
  await suite.close();
  rmSync(root, { recursive: true });
});

test("the same engine migrations run in every schema, and a service's own after them", async () => {
  const inRed = await db.query("select directory, number from red.migration order by at, directory");
  expect(inRed).toEqual([
    { directory: "engine", number: 1 },
    { directory: "red", number: 1 },
  ]);
  expect(await suite.dbs.blue!.query("select count(*) from ran")).toEqual([{ count: 0 }]);
});

test("a service role reads and writes its own rows", async () => {
  await db.query("insert into thing (name) values ($1)", ["one"]);
  await db.query("update thing set name = $1", ["two"]);
  expect(await db.query("select id, name from thing")).toEqual([{ id: 1, name: "two" }]);
  await db.query("delete from thing");
});

test("a service role touches no other schema, no shape, no list of migrations, and cannot take its role off", async () => {
  const denied = { code: "42501" };
  await expect(db.query("select * from blue.ran")).rejects.toMatchObject(denied);
  await expect(db.query("create table red.more (id int)")).rejects.toMatchObject(denied);
  await expect(db.query("alter table thing add column more int")).rejects.toMatchObject({ code: "42501" });
  await expect(db.query("delete from migration")).rejects.toMatchObject(denied);
  await db.withClient(async (client) => {
    await client.simple("reset role");
    expect(await client.query("select current_user::text as who")).toEqual([{ who: "red_service" }]);
  });
});

test("of many starters at once each migration runs once", async () => {
  const counted = folder("counted", {
    "0001_once.sql": "create table green.once (id int); insert into once values (1);",
  });
  const options = { schema: "green", role: "green_service", directories: [engine, counted] };
  await Promise.all(Array.from({ length: 6 }, () => migrate(suite.adminUrl, options)));
  const green = openDatabase({ url: suite.adminUrl, schema: "green", role: "green_service" });
  expect(await green.query("select count(*) from once")).toEqual([{ count: 1 }]);
  expect(await green.query("select count(*) from migration")).toEqual([{ count: 2 }]);
  await green.close();
});

test("a migration that already ran and was changed since is refused by name, before anything runs", async () => {
  const files = { "0001_first.sql": "create table first (id int);" };
  const directories = [folder("amended", files)];
  await migrate(suite.adminUrl, { schema: "amended", role: "amended_service", directories });
  folder("amended", {
    "0001_first.sql": "create table first (id text);",
    "0002_next.sql": "create table next ();",
  });
  const again = migrate(suite.adminUrl, { schema: "amended", role: "amended_service", directories });
  await expect(again).rejects.toMatchObject({ code: "conflict", reason: "migration.changed" });
  await expect(again).rejects.toThrow("amended/0001_first.sql");
});

test("a migration that fails leaves nothing behind and runs when mended", async () => {
  const directories = [folder("broken", { "0001_half.sql": "create table half (id int); select 1 / 0;" })];
  const options = { schema: "broken", role: "broken_service", directories };
  await expect(migrate(suite.adminUrl, options)).rejects.toThrow(
    "broken/0001_half.sql failed in schema broken",
  );
  folder("broken", { "0001_half.sql": "create table half (id int);" });
  await migrate(suite.adminUrl, options);
  await migrate(suite.adminUrl, options);
});

test("gaps, twins and names without a number are refused", async () => {
  const run = (directories: URL[]) =>
    migrate(suite.adminUrl, { schema: "odd", role: "odd_service", directories });
  await expect(run([folder("gap", { "0001_a.sql": "", "0003_b.sql": "" })])).rejects.toThrow(
    "gap/0003_b.sql",
  );
  await expect(run([folder("twin", { "0001_a.sql": "", "0001_b.sql": "" })])).rejects.toThrow(
    "twin/0001_b.sql",
  );
  await expect(run([folder("bare", { "first.sql": "" })])).rejects.toThrow("bare/first.sql");
});
