import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { asLeader } from "./leader.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ schema: "led", directories: [] });
});
afterAll(() => database.close());

/** Leads until told to end. */
function lead(name: string) {
  const leads = Promise.withResolvers<number>();
  const over = Promise.withResolvers<void>();
  const done = asLeader(database.db, name, async (session) => {
    const [row] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
    leads.resolve(row!.pid);
    await over.promise;
    await session.query("select 1");
  });
  return { leads: leads.promise, end: over.resolve, done };
}

test("one leads at a time, another after it", async () => {
  const first = lead("a");
  await first.leads;
  expect(await asLeader(database.db, "a", async () => {})).toBe(false);
  expect(await asLeader(database.db, "another", async () => {})).toBe(true);
  first.end();
  expect(await first.done).toBe(true);
  expect(await asLeader(database.db, "a", async () => {})).toBe(true);
});

test("work that fails leaves the lock to others", async () => {
  const failing = asLeader(database.db, "b", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await asLeader(database.db, "b", async () => {})).toBe(true);
});

test("who loses the session can write nothing through it, and another leads", async () => {
  const first = lead("c");
  const pid = await first.leads;
  const lost = expect(first.done).rejects.toMatchObject({ code: "unavailable" });
  const admin = openDatabase({ url: database.adminUrl, schema: "led" });
  await admin.query("select pg_terminate_backend($1)", [pid]);
  await admin.close();
  first.end();
  await lost;
  expect(await asLeader(database.db, "c", async () => {})).toBe(true);
});
