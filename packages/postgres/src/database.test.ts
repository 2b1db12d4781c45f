import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, withSession } from "./database.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

let suite: TestDatabase;
let db: Database;

beforeAll(async () => {
  suite = await testDatabase({ schema: "plain", directories: [] });
  db = suite.db;
});
afterAll(() => suite.close());

/** Ends every connection of the service, as a restart of the server would. */
async function cutConnections(): Promise<void> {
  const admin = openDatabase({ url: suite.adminUrl, schema: "plain" });
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await admin.close();
}

test("values come as numbers, UTC instants with milliseconds, civil dates, objects and buffers", async () => {
  const [row] = await db.query(
    `select 9007199254740991::int8 as whole, array[1, null]::int8[] as wholes,
       '2026-11-24 06:28:00.1239+08'::timestamptz as at, '2026-11-24 06:28+00'::timestamptz as even,
       array['2026-01-01 00:00+00'::timestamptz] as instants, 'infinity'::timestamptz as never,
       '2026-11-24'::date as day, array['2026-11-24'::date] as days,
       '{"a": [1, null]}'::jsonb as json, '\\x00ff'::bytea as bytes, null::int8 as nothing`,
  );
  expect(row).toEqual({
    whole: 9007199254740991,
    wholes: [1, null],
    at: "2026-11-23T22:28:00.123Z",
    even: "2026-11-24T06:28:00.000Z",
    instants: ["2026-01-01T00:00:00.000Z"],
    never: "infinity",
    day: "2026-11-24",
    days: ["2026-11-24"],
    json: { a: [1, null] },
    bytes: Buffer.from([0, 255]),
    nothing: null,
  });
  await expect(db.query("select 9007199254740993::int8 as whole")).rejects.toThrow("beyond 2^53");
});

test("a URL's own options cannot take the role off", async () => {
  const url = withSession(suite.adminUrl, { role: "postgres", statement_timeout: "5000" });
  const service = openDatabase({ url, role: "plain_service", schema: "plain" });
  expect(
    await service.query("select current_user::text as who, current_setting('statement_timeout') as limit"),
  ).toEqual([{ who: "plain_service", limit: "5s" }]);
  await service.close();
});

test("a named statement is prepared once on its connection", async () => {
  await db.withClient(async (client) => {
    for (const n of [1, 2]) expect(await client.query("select $1::int as n", [n], "number")).toEqual([{ n }]);
    expect(await client.query("select name from pg_prepared_statements")).toEqual([{ name: "number" }]);
  });
});

test("a transaction that a failure left open is rolled back before the connection is used again", async () => {
  const one = openDatabase({ url: suite.adminUrl, schema: "plain", max: 1 });
  const failing = one.withClient(async (client) => {
    await client.simple("begin; create table half (id int)");
    throw new Error("thought better of it");
  });
  await expect(failing).rejects.toThrow("thought better of it");
  expect(await one.query("select to_regclass('half') as half")).toEqual([{ half: null }]);

  const forgotten = one.withClient((client) => client.simple("begin; create table half (id int)"));
  await expect(forgotten).rejects.toThrow("left open");
  expect(await one.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  await one.close();
});

test("a refusal by the database keeps its SQLSTATE and costs no connection", async () => {
  const one = openDatabase({ url: suite.adminUrl, schema: "plain", max: 1 });
  const backend = async () => (await one.query<{ pid: number }>("select pg_backend_pid() as pid"))[0]!.pid;
  const before = await backend();
  await expect(one.query("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
  await expect(one.withClient((client) => client.query("select 1 / 0"))).rejects.toMatchObject({
    code: "22012",
  });
  expect(await backend()).toBe(before);
  await one.close();
});

test("connections that break while idle, in use or in a query neither end the process nor stay in the pool", async () => {
  await db.query("select 1");
  await cutConnections();
  expect((await tryTwice(() => db.query<{ one: number }>("select 1 as one")))[0]).toEqual({ one: 1 });

  const inUse = db.withClient(async (client) => {
    await client.query("select 1");
    await cutConnections();
    await client.query("select 1");
  });
  await expect(inUse).rejects.toMatchObject({ code: "unavailable", reason: "database.unavailable" });

  const inQuery = db.query("select pg_sleep(30)");
  const refused = expect(inQuery).rejects.toMatchObject({ code: "unavailable" });
  await untilSleeping();
  await cutConnections();
  await refused;
  expect(await tryTwice(() => db.query("select 1 as one"))).toEqual([{ one: 1 }]);
});

/** A cut of idle connections may reach us only with the next query. */
async function tryTwice<T>(work: () => Promise<T>): Promise<T> {
  return work().catch(work);
}

async function untilSleeping(): Promise<void> {
  const admin = openDatabase({ url: suite.adminUrl, schema: "plain" });
  const sleeping =
    "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  while ((await admin.query(sleeping)).length === 0) await new Promise(setImmediate);
  await admin.close();
}

test("a server that is not there is unavailable", async () => {
  const nowhere = openDatabase({
    url: "postgres:///postgres?user=postgres&host=/nowhere",
    schema: "plain",
  });
  await expect(nowhere.query("select 1")).rejects.toMatchObject({
    code: "unavailable",
    reason: "database.unavailable",
  });
  await nowhere.close();
});

test("names of schemas and roles cannot carry SQL", () => {
  for (const schema of ["a b", "A", "a;drop", "a -c role=postgres", ""]) {
    expect(() => openDatabase({ url: suite.adminUrl, schema })).toThrow("not a plain lower-case SQL name");
  }
});
