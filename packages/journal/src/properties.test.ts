import { openDatabase } from "@onething/postgres/database";
import type { TestDatabase } from "@onething/postgres/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJournal, other, type TallyCommand, tally, tallyDatabase, violations } from "../test/tally.ts";
import { positionOf, start } from "./journal.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await tallyDatabase();
});
afterAll(() => base.close());

let run = 0;
const step = fc.record({
  root: fc.integer({ min: 0, max: 3 }),
  n: fc.integer({ min: -3, max: 5 }),
  key: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
  instance: fc.boolean(),
});

test("any interleaving through two processes gives what some serial run gives, and repeats change nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const prefix = `r${run++}`;
      const journals = [openJournal(base.db, { lanes: 2, maxFlush: 7 }), openJournal(base.db, { lanes: 3 })];
      const results = await Promise.allSettled(
        steps.map(({ root, n, key, instance }) =>
          journals[instance ? 0 : 1]!.submit(
            tally,
            `${prefix}-${root}`,
            { type: "add", n } satisfies TallyCommand,
            { actor: "test:a", ...(key === undefined ? {} : { key: `${prefix}-${root}-${n}-${key}` }) },
          ),
        ),
      );
      for (const root of [0, 1, 2, 3]) {
        const acted = results.flatMap((result, i) =>
          steps[i]!.root === root && result.status === "fulfilled" && !result.value.repeated
            ? [
                {
                  n: steps[i]!.n,
                  version: result.value.version,
                  sum: (result.value.answer as { sum: number }).sum,
                },
              ]
            : [],
        );
        // Ordered by version, each answer is the sum so far: that is the serial run.
        acted.sort((a, b) => a.version - b.version);
        expect(acted.map((each) => each.version)).toEqual(acted.map((_, i) => i + 1));
        let sum = 0;
        for (const each of acted) {
          sum += each.n;
          expect(each.sum).toBe(sum);
        }
        const stored = await journals[0]!.load(tally, `${prefix}-${root}`);
        expect(stored?.state.sum ?? 0).toBe(sum);
        expect(stored?.version ?? 0).toBe(acted.length);
      }
    }),
    { numRuns: 40 },
  );
  expect(await violations(openJournal(base.db))).toEqual([]);
});

const change = fc.oneof(
  fc.record({ type: fc.constant("add" as const), n: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    type: fc.constant("remind" as const),
    at: fc.constantFrom(...["2031", "2032"].map((y) => `${y}-01-01T00:00:00.000Z`)),
  }),
  fc.record({
    type: fc.constant("fire" as const),
    at: fc.constantFrom("2031-01-01T00:00:00.000Z", "2032-01-01T00:00:00.000Z"),
  }),
);

test("a part of the state that lies apart is whole however commands fall into flushes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      async (flushes) => {
        const id = `apart-${run++}`;
        const journal = openJournal(base.db, { lanes: 1 });
        let last: unknown = null;
        for (const commands of flushes) {
          const done = await Promise.all(
            commands.map((command) => journal.submit(other, id, command, { actor: "test:a" })),
          );
          last = done.at(-1)?.state ?? last;
        }
        expect((await journal.load(other, id))?.state ?? null).toEqual(last);
      },
    ),
    { numRuns: 60 },
  );
  expect(await violations(openJournal(base.db))).toEqual([]);
});

test("a reader beside slow and fast writers misses no event and reorders none of a stream", async () => {
  const journals = [
    openJournal(base.db, { lanes: 2, maxFlush: 3 }),
    openJournal(base.db, { lanes: 2, maxFlush: 50 }),
  ];
  // Transactions that hold an old id open and commit late: positions become visible out of order.
  const admin = openDatabase({ url: base.adminUrl, schema: "tallies", max: 1 });
  let writing = true;
  const seen: { stream: string; version: number }[] = [];
  const reader = (async () => {
    let cursor = start;
    for (;;) {
      const done = !writing;
      const events = await journals[0]!.read(cursor, 17);
      for (const event of events) {
        seen.push({ stream: event.stream, version: event.version });
        cursor = positionOf(event);
      }
      if (done && events.length === 0) return;
    }
  })();
  await admin.withClient(async (slow) => {
    for (let round = 0; round < 15; round++) {
      await slow.simple("begin; select pg_current_xact_id()");
      await slow.query(
        `insert into tallies.event (stream, version, type, schema_version, case_id, actor, at, trace, payload, hash)
         values ($1, 1, 'tally.added', 1, 'c', 'slow', now(), '', '', '')`,
        [`slow/${round}`],
      );
      await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          journals[i % 2]!.submit(tally, `read-${i % 5}`, { type: "add", n: 1 }, { actor: "test:a" }),
        ),
      );
      await slow.simple("commit");
    }
  });
  await admin.close();
  writing = false;
  await reader;
  expect(seen.filter((each) => each.stream.startsWith("slow/"))).toHaveLength(15);
  for (let i = 0; i < 5; i++) {
    const versions = seen.filter((each) => each.stream === `tally/read-${i}`).map((each) => each.version);
    expect(versions).toEqual(Array.from({ length: 90 }, (_, v) => v + 1));
  }
});

test("a timer fires once, through two processes, and not again after a restart", async () => {
  let now = new Date("2026-03-01T00:00:00.000Z");
  const journals = [0, 1].map(() => openJournal(base.db, { now: () => now }));
  const at = "2026-03-02T00:00:00.000Z";
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      journals[0]!.submit(tally, `timer-${i}`, { type: "remind", at }, { actor: "test:a" }),
    ),
  );
  for (const journal of journals) journal.start();
  now = new Date("2026-03-02T00:00:01.000Z");
  const left = async () => {
    const [row] = await base.db.query<{ n: number }>(
      "select count(*)::int as n from timer where stream like 'tally/timer-%'",
    );
    return row?.n;
  };
  await expect.poll(left, { timeout: 20_000 }).toBe(0);
  await Promise.all(journals.map((journal) => journal.stop()));
  const again = openJournal(base.db, { now: () => now });
  again.start();
  await again.submit(tally, "timer-0", { type: "look" }, { actor: "test:a" });
  await again.stop();
  for (let i = 0; i < 50; i++) expect((await again.load(tally, `timer-${i}`))?.state.fired).toBe(1);
});
