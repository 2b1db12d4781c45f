import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import { createJournal, type Journal } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import type { Caller, Role } from "@onething/service/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { item, plan, subject } from "./domain/cases.fixture.ts";
import { caseKind } from "./domain/decide.ts";
import { kinds, migrations, schema } from "./service.ts";
import { findCase, listCases, nextSerial } from "./store.ts";

let database: TestDatabase;
let journal: Journal;
const ids: Record<string, string> = {};

const by = { actor: "test:a" };

/** Files a case of an applicant; `submit` names who may follow it. */
async function file(name: string, applicantId: string, channel: string, followers?: string[]): Promise<void> {
  const id = newId();
  ids[name] = id;
  const drafted = CaseDrafted.fromPartial({
    ...{ id, bundle: "moving", bundleVersion: 1, applicantId, channel },
    subjects: [subject("owner")],
  });
  await journal.submit(caseKind, id, { type: "open", drafted }, by);
  if (!followers) return;
  const planned = plan([item("A")]);
  await journal.submit(caseKind, id, { type: "answer", plan: planned, subjects: drafted.subjects }, by);
  const submitted = CaseSubmitted.fromPartial({ number: "N-1", subjects: drafted.subjects, followers });
  await journal.submit(caseKind, id, { type: "submit", submitted, plan: planned }, by);
}

beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
  await file("own draft", "mei", "citizen");
  await file("own case", "mei", "citizen", []);
  await file("followed case", "jun", "citizen", ["mei"]);
  await file("draft of another", "jun", "citizen");
  await file("case of another", "jun", "citizen", ["lan"]);
  await file("window draft", "jun", "window");
  await file("window case", "lan", "window", ["jun"]);
});
afterAll(() => database.close());

const citizen = (personId?: string): Caller => ({
  sub: personId ?? "nobody",
  role: "citizen",
  ...(personId ? { personId } : {}),
});
const as = (role: Role): Caller => ({ sub: "someone", role, department: "mei", personId: "mei" });

const everything = () => Object.keys(ids);
const visible: [string, Caller, () => string[]][] = [
  [
    "a citizen: their own cases, and submitted ones they follow",
    citizen("mei"),
    () => ["own draft", "own case", "followed case"],
  ],
  [
    "an applicant: also what a window took in for them",
    citizen("lan"),
    () => ["case of another", "window case"],
  ],
  ["a citizen without a verified identity: nothing", citizen(), () => []],
  ["a stranger: nothing", citizen("stranger"), () => []],
  ["a clerk: what windows took in", as("clerk"), () => ["window draft", "window case"]],
  ["an officer: nothing", as("officer"), () => []],
  ["a department: nothing", as("department"), () => []],
  ["an operator: nothing", as("operator"), () => []],
  ["another service: everything", as("service"), everything],
];

describe("who sees what", () => {
  test.each(visible)("%s", async (_, caller, expected) => {
    const found = await Promise.all(
      everything().map(async (name) => ((await findCase(database.db, caller, ids[name]!)) ? [name] : [])),
    );
    expect(found.flat()).toEqual(expected());
    const listed = await listCases(database.db, caller, { limit: 100 });
    const names = listed.map(({ id }) => everything().find((name) => ids[name] === id));
    // Newest first.
    expect(names).toEqual(expected().reverse());
  });

  test("a draft is its applicant's alone, also where somebody is set to follow it later", async () => {
    const id = newId();
    const state = { id, status: "draft", applicantId: "jun", channel: "citizen", followers: ["mei"] };
    const values = [id, JSON.stringify(state)];
    await database.db.query(
      "insert into case_file (id, version, hash, state) values ($1, 1, '', $2)",
      values,
    );
    expect(await findCase(database.db, citizen("mei"), id)).toBeUndefined();
    expect(await findCase(database.db, citizen("jun"), id)).toBeDefined();
    await database.db.query("delete from case_file where id = $1", [id]);
  });

  test("a case that does not exist is not found, like one that may not be seen", async () => {
    expect(await findCase(database.db, citizen("mei"), newId())).toBeUndefined();
    expect(await findCase(database.db, citizen("mei"), "' or true --")).toBeUndefined();
  });
});

test("pages go on where the last one ended, and together hold every case once", async () => {
  const pages: string[][] = [];
  for (let before: string | undefined; ; ) {
    const page = await listCases(database.db, as("service"), { limit: 3, ...(before ? { before } : {}) });
    if (page.length === 0) break;
    pages.push(page.map((state) => state.id));
    before = page.at(-1)!.id;
  }
  expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(pages.flat()).toEqual(Object.values(ids).reverse());
});

test("serials never repeat, also when many are drawn at once", async () => {
  const drawn = await Promise.all(Array.from({ length: 20 }, () => nextSerial(database.db)));
  expect(new Set(drawn).size).toBe(20);
});

test("verify finds nothing wrong with these cases", async () => {
  const found: unknown[] = [];
  for await (const violation of journal.verify()) found.push(violation);
  expect(found).toEqual([]);
});
