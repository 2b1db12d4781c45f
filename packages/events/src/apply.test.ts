// Events that overtake: what may let a stuck one through does not wait behind it.
import type { StoredEvent } from "@onething/journal/journal";
import { journalMigrations } from "@onething/journal/journal";
import { testDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Applier, listStuck } from "./apply.ts";
import type { Consumer } from "./consumer.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase({ schema: "applying", directories: [journalMigrations] });
});
afterAll(() => database.close());

let applied: string[];
/** Events whose cause is not mended. */
let broken: Set<string>;
/** What an overtaking event mends. */
let mends: string | undefined;
beforeEach(async () => {
  [applied, broken, mends] = [[], new Set(), undefined];
  await database.db.query("delete from stuck_event");
});

const consumer: Consumer = {
  name: "reader",
  topics: ["onething.case"],
  types: ["case.item_accepted", "case.closed"],
  overtakes: ["case.closed"],
  handle: async ({ id, type }) => {
    if (broken.has(id)) throw new Error("not yet");
    if (type === "case.closed" && mends) broken.delete(mends);
    applied.push(id);
  },
};
const log = { warn: () => undefined, error: () => undefined };
const applier = () =>
  new Applier({ db: database.db, consumer, log, signal: new AbortController().signal, pauses: [] });

const event = (version: number, type = "case.item_accepted", caseId = "c"): StoredEvent => ({
  ...{ xid: "1", position: version, stream: `case/${caseId}`, version, type, schema: 1, caseId },
  ...{ actor: "test:a", at: "2026-11-24T00:00:00.000Z", trace: "" },
  ...{ payload: new Uint8Array(), hash: new Uint8Array() },
});
const stuck = async () => (await listStuck(database.db)).map(({ eventId }) => eventId);

test.each([
  ["in one batch", [[1, 2, 3, 4]]] as const,
  [
    "in a later one",
    [
      [1, 2],
      [3, 4],
    ],
  ] as const,
])(
  "what overtakes %s is applied first, then what was stuck in its order, then what comes after",
  async (_, batches) => {
    broken.add("case/c@1");
    mends = "case/c@1";
    for (const batch of batches)
      await applier().apply(batch.map((n) => event(n, n === 3 ? "case.closed" : undefined)));
    expect(applied).toEqual(["case/c@3", "case/c@1", "case/c@2", "case/c@4"]);
    expect(await stuck()).toEqual([]);
  },
);

test("where it does not help, what is stuck stays stuck, and later events stay behind", async () => {
  broken.add("case/c@1");
  await applier().apply([
    event(1),
    event(2),
    event(3, "case.closed"),
    event(4),
    event(1, "case.closed", "d"),
  ]);
  expect(applied.sort()).toEqual(["case/c@3", "case/d@1"]);
  expect(await stuck()).toEqual(["case/c@1", "case/c@2", "case/c@4"]);
});

test("one that was stuck itself is tried first when staff replay the case", async () => {
  broken.add("case/c@1").add("case/c@2");
  await applier().apply([event(1), event(2, "case.closed")]);
  expect(await stuck()).toEqual(["case/c@1", "case/c@2"]);
  broken.delete("case/c@2");
  mends = "case/c@1";
  expect(await applier().replay("c")).toBe(2);
  expect(applied).toEqual(["case/c@2", "case/c@1"]);
});
