import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import { createJournal, type Journal } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import { createMemoryFleeting } from "@onething/service/fleeting/memory";
import { stillHere } from "@onething/service/http";
import type { Caller } from "@onething/service/types";
import { afterAll, beforeAll, expect, test } from "vitest";
import { item, pair, plan, subject } from "../domain/cases.fixture.ts";
import { type CaseCommand, caseKind } from "../domain/decide.ts";
import type { TimelineEntry } from "../domain/timeline.ts";
import { createLive } from "../live.ts";
import { kinds, migrations, schema } from "../service.ts";
import { findCase } from "../store.ts";
import { followCase } from "./follow-case.ts";

let database: TestDatabase;
let journal: Journal;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
});
afterAll(() => database.close());

const mei: Caller = { sub: "mei", role: "citizen", personId: "mei" };

async function submitted(): Promise<string> {
  const id = newId();
  const head = { id, bundle: "moving", bundleVersion: 1, applicantId: "mei", channel: "citizen" };
  const drafted = CaseDrafted.fromPartial({ ...head, subjects: [subject("owner")] });
  const planned = plan([item("A")]);
  await tell(id, { type: "open", drafted });
  await tell(id, { type: "answer", plan: planned, subjects: drafted.subjects });
  const filed = CaseSubmitted.fromPartial({ number: "N-1", subjects: drafted.subjects });
  await tell(id, { type: "submit", submitted: filed, plan: planned });
  return id;
}

const tell = (id: string, command: CaseCommand) => journal.submit(caseKind, id, command, { actor: "test:a" });
const refusal = { zh: "缺少材料", en: "A paper is missing" };
const accepted = { type: "accepted", item: "A", dueOn: "", dueProvisional: false, how: "complete" } as const;
const refused: CaseCommand = { type: "refused", item: "A", reasons: [refusal], remedies: [] };

/** A replica's way of following: its own live view, its own ear. */
async function follow(id: string, after = 0, silenceMs = 60_000) {
  const fleeting = createMemoryFleeting();
  const live = createLive(fleeting, { silenceMs });
  const off = journal.onCommit(live.committed);
  const state = (await findCase(database.db, mei, id))!;
  const open = await followCase({ db: database.db, journal, live }, mei, state, after);
  return { open, off, live };
}

async function all(open: Awaited<ReturnType<typeof followCase>>, ending = new AbortController().signal) {
  const told: { id: number; entry: TimelineEntry }[] = [];
  for await (const each of open!(ending))
    if (each !== stillHere) told.push({ id: each.id, entry: each.data as TimelineEntry });
  return told;
}

test("what happened and what happens is told in order, once, with its version, until the case is closed", async () => {
  const id = await submitted();
  const { open, off } = await follow(id);
  const told = all(open);
  await tell(id, accepted);
  await tell(id, refused);
  expect((await told).map(({ id, entry }) => [id, entry.item, entry.en])).toEqual([
    [3, "", "Submitted as case N-1"],
    [4, "A", expect.stringMatching(/ is with /)],
    [5, "A", expect.stringMatching(/has accepted/)],
    [expect.any(Number), "A", expect.stringMatching(/was refused: A paper is missing$/)],
    [expect.any(Number), "", "Ended; nothing was granted, each item says why"],
  ]);
  off();
});

test("who comes back goes on after the last message, wherever it was lost; when all is told there is nothing", async () => {
  const id = await submitted();
  await tell(id, accepted);
  await tell(id, refused);
  const whole = await all((await follow(id)).open);
  for (const [i, { id: version }] of whole.slice(0, -1).entries())
    expect(await all((await follow(id, version)).open)).toEqual(whole.slice(i + 1));
  expect((await follow(id, whole.at(-1)!.id)).open).toBeUndefined();
});

test("it ends with the case; what comes after, such as a grant taken back, is told to who comes back", async () => {
  const id = await submitted();
  const { open } = await follow(id);
  const issued = {
    pair: pair("paper-A"),
    position: 0,
    kind: "licence",
    identifier: "L",
    holderId: "owner-0",
  };
  await tell(id, { type: "granted", item: "A", automatic: false });
  await tell(id, { type: "issued", item: "A", ...issued, shares: [] });
  await tell(id, { type: "revoked", item: "A", reasons: [refusal], remedies: [] });
  const closing = (await all(open)).at(-1)!;
  expect(closing.entry.en).toBe("Everything is done");
  const late = await all((await follow(id, closing.id)).open);
  expect(late.map(({ entry }) => entry.en)).toEqual([
    expect.stringMatching(/taken back: A paper is missing/),
  ]);
  // Who asks of a closed case for the first time is told all of it.
  expect((await all((await follow(id)).open)).at(-1)).toEqual(late[0]);
});

test("a word that never comes costs time, not a message: the watcher looks by itself", async () => {
  const id = await submitted();
  const { open, off } = await follow(id, 0, 30);
  off(); // nobody tells this replica anything
  const signs: unknown[] = [];
  const told: number[] = [];
  for await (const each of open!(new AbortController().signal)) {
    if (each !== stillHere) told.push(each.id);
    else if (signs.push(each) === 2) await tell(id, refused);
  }
  expect(told).toEqual([3, 4, 5, 6]);
});

test("an end by the signal leaves nobody watching", async () => {
  const id = await submitted();
  const fleeting = createMemoryFleeting();
  const live = createLive(fleeting, { maxWatches: 1 });
  const state = (await findCase(database.db, mei, id))!;
  const deps = { db: database.db, journal, live };
  const ending = new AbortController();
  const told = all(await followCase(deps, mei, state, 0), ending.signal);
  await expect(followCase(deps, mei, state, 0)).rejects.toMatchObject({ reason: "live.too_many" });
  ending.abort();
  expect((await told).length).toBeLessThanOrEqual(2);
  expect(await followCase(deps, mei, state, 0)).toBeDefined();
});

test("a case that is no longer theirs to see is told no further", async () => {
  const id = await submitted();
  const { open, off } = await follow(id);
  const messages = open!(new AbortController().signal)[Symbol.asyncIterator]();
  await messages.next();
  await messages.next();
  await tell(id, accepted);
  await database.db.query(
    "update case_file set state = jsonb_set(state, '{applicantId}', '\"jun\"') where id = $1",
    [id],
  );
  off();
  expect((await messages.next()).done).toBe(true);
});
