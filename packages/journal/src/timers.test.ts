import type { TestDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJournal, tally, tallyDatabase, violations } from "../test/tally.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await tallyDatabase();
});
afterAll(() => base.close());

const at = "2026-03-02T00:00:00.000Z";
const early = new Date("2026-03-01T23:30:00.000Z");
const late = new Date("2026-03-02T00:30:00.000Z");
const by = { actor: "test:a" };
const waiting = async () => (await base.db.query("select from timer where root_id like 'set-%'")).length;

test("a timer that was found due and came too early, because the clock was set back between, is asked again and fires once", async () => {
  await openJournal(base.db, { now: () => early }).submit(tally, "set-back", { type: "remind", at }, by);
  // Late when the due are read, early when they are decided.
  const read = [late, early];
  let now = early;
  const journal = openJournal(base.db, { now: () => read.shift() ?? now });
  journal.start();
  await expect.poll(() => read.length).toBe(0);
  await journal.drain();
  expect(await waiting()).toBe(1);
  now = late;
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await journal.stop();
  expect((await journal.load(tally, "set-back"))?.state.fired).toBe(1);
});

test("timers that cannot be applied hold up no other, however many and however old", async () => {
  await base.db.query(
    `insert into timer (stream, name, kind, root_id, due)
     select 'tally/ghost-' || n, 'due', 'tally', 'ghost-' || n, '2026-01-01' from generate_series(1, 1500) n`,
  );
  const journal = openJournal(base.db, { now: () => late });
  await journal.submit(tally, "set-behind", { type: "remind", at }, by);
  journal.start();
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await journal.stop();
  await base.db.query("delete from timer where root_id like 'ghost-%'");
});

test("many that are due at the same instant all fire, once each, page by page", async () => {
  const journal = openJournal(base.db, { now: () => late, maxQueued: 5000 });
  const ids = Array.from({ length: 1500 }, (_, i) => `set-many-${i}`);
  await Promise.all(ids.map((id) => journal.submit(tally, id, { type: "remind", at }, by)));
  journal.start();
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  await journal.stop();
  const rows = await base.db.query<{ n: number }>(
    "select count(*)::int as n from event where type = 'tally.fired' and stream like 'tally/set-many-%' group by stream",
  );
  expect(rows).toHaveLength(1500);
  expect(rows.every(({ n }) => n === 1)).toBe(true);
  expect(await violations(journal)).toEqual([]);
});
