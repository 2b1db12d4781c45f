import { randomBytes } from "node:crypto";
import { openDatabase } from "@onething/postgres/database";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { onething, refused } from "./command.fixture.ts";

/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

const server = inject("postgresUrl");
const name = `migrate_${randomBytes(6).toString("hex")}`;
const admin = openDatabase({ url: server, schema: "public", max: 1 });
const url = (database: string): string => {
  const at = new URL(server);
  at.pathname = `/${database}`;
  return at.href;
};
beforeAll(() => admin.query(`create database ${name}`));
afterAll(async () => {
  await admin.query(`drop database ${name} with (force)`);
  await admin.close();
});

const done = { code: 0, err: "" };
const schemas = "keyring, catalog, licence, verification, approval, casewindow";

test("an empty database gets every schema, by two at once as by one, and again to no effect", async () => {
  const both = await Promise.all(
    [1, 2].map(() => onething(["migrate"], { ONETHING_DATABASE_URL: url(name) })),
  );
  for (const said of both)
    expect(said).toMatchObject({ ...done, out: expect.stringContaining(`Up to date: ${schemas}`) });
  const db = openDatabase({ url: url(name), schema: "public", max: 1 });
  const tables = () => db.query("select schemaname, tablename from pg_tables order by 1, 2");
  const before = await tables();
  expect(before).toContainEqual({ schemaname: "casewindow", tablename: "feed_cursor" });
  expect(before).toContainEqual({ schemaname: "keyring", tablename: "master_reader" });
  expect(await onething(["migrate"], { ONETHING_DATABASE_URL: url(name) })).toEqual(both[0]);
  expect(await tables()).toEqual(before);
  await db.close();
});

test("a database that is not there, a server that is not there, an address that is none: each is said in words", async () => {
  const migrate = (at?: string) => refused(["migrate"], at ? { ONETHING_DATABASE_URL: at } : {});
  expect(await migrate(url("nowhere"))).toMatch(/ONETHING_DATABASE_URL.*database "nowhere" does not exist/);
  const secret = "postgres://somebody:a-password@127.0.0.1:1/postgres";
  const unreachable = await migrate(secret);
  expect(unreachable).toMatch(/ECONNREFUSED 127\.0\.0\.1:1/);
  expect(unreachable).not.toContain("a-password");
  expect(await migrate("mysql://a")).toMatch(/ONETHING_DATABASE_URL: .*is not a web address/);
  expect(await migrate()).toMatch(/ONETHING_DATABASE_URL: 必填 · is required/);
});

test("a command that there is not is answered with those that there are", async () => {
  const said = await onething(["migrat"]);
  expect(said).toMatchObject({ code: 2, out: "" });
  for (const command of ["start", "migrate", "topics", "certs", "stuck", "rotate-master-key"])
    expect(said.err).toContain(command);
});
