import { type Database, openDatabase } from "@onething/postgres/database";
import type { TestDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJournal, other, tally, tallyDatabase, violations } from "../test/tally.ts";
import { refold } from "./refold.ts";

let base: TestDatabase;
let admin: Database;
beforeAll(async () => {
  base = await tallyDatabase();
  admin = openDatabase({ url: base.adminUrl, schema: "tallies", max: 1 });
});
afterAll(async () => {
  await admin.close();
  await base.close();
});

const by = { actor: "test:a" };
const found = () => violations(openJournal(base.db));

test("states of an older law become what today's law makes of their events, with their timers; others are left alone", async () => {
  const journal = openJournal(base.db);
  for (const n of [1, 2]) await journal.submit(tally, "old", { type: "add", n }, by);
  await journal.submit(tally, "fine", { type: "add", n: 5 }, by);
  await journal.submit(tally, "due", { type: "remind", at: "2999-01-01T00:00:00.000Z" }, by);
  for (const n of [3, 4]) await journal.submit(other, "apart", { type: "add", n }, by);
  expect(await refold(base.db, [tally, other])).toBe(0);

  await admin.query("update tallies.tally set state = state - 'count' where id = 'old'");
  await admin.query("update tallies.tally set state = state - 'due' where id = 'due'");
  await admin.query("delete from tallies.timer where root_id = 'due'");
  await admin.query("update tallies.other set added = '[]'::jsonb where id = 'apart'");
  expect((await found()).length).toBeGreaterThan(0);
  expect(await refold(base.db, [tally, other])).toBe(3);
  expect(await found()).toEqual([]);
  expect((await openJournal(base.db).load(other, "apart"))!.state).toMatchObject({ sum: 7, added: [3, 4] });
  // It goes on from there.
  expect((await openJournal(base.db).submit(tally, "old", { type: "add", n: 1 }, by)).state).toMatchObject({
    sum: 4,
    count: 3,
  });
});

test("a stream whose chain is broken is left as it is, for verify to name", async () => {
  const journal = openJournal(base.db);
  await journal.submit(tally, "broken", { type: "add", n: 1 }, by);
  await admin.query(
    "update tallies.event set payload = payload || '\\x00'::bytea where stream = 'tally/broken'",
  );
  await admin.query("update tallies.tally set state = state - 'count' where id = 'broken'");
  expect(await refold(base.db, [tally])).toBe(0);
  expect((await found()).join("\n")).toContain("tally/broken");
});
