import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import { createJournal, type Journal } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import type { Caller } from "@onething/service/types";
import { afterAll, beforeAll, expect, test } from "vitest";
import { item, plan, subject, words } from "../domain/cases.fixture.ts";
import { type CaseCommand, caseKind } from "../domain/decide.ts";
import { kinds, migrations, schema } from "../service.ts";
import { findCase } from "../store.ts";
import { caseView } from "../view.ts";
import { goOn } from "./go-on.ts";

let database: TestDatabase;
let journal: Journal;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
});
afterAll(() => database.close());

const mei: Caller = { sub: "mei", role: "citizen", personId: "mei" };
const jun: Caller = { sub: "jun", role: "citizen", personId: "jun" };
const tell = (id: string, command: CaseCommand) => journal.submit(caseKind, id, command, { actor: "test:a" });
const found = async (id: string, caller = mei) => (await findCase(database.db, caller, id))!;

/** A is refused while B waits for it. */
async function held(): Promise<string> {
  const id = newId();
  const head = { id, bundle: "moving", bundleVersion: 1, applicantId: "mei", channel: "citizen" };
  const drafted = CaseDrafted.fromPartial({ ...head, subjects: [subject("owner")] });
  const planned = plan([item("A"), item("B", { after: ["A"] })], { refusalPolicy: "hold" });
  await tell(id, { type: "open", drafted });
  await tell(id, { type: "answer", plan: planned, subjects: drafted.subjects });
  const filed = { number: "N-1", subjects: drafted.subjects, followers: ["jun"] };
  await tell(id, { type: "submit", submitted: CaseSubmitted.fromPartial(filed), plan: planned });
  await tell(id, { type: "refused", item: "A", reasons: [words("no")], remedies: [] });
  return id;
}

const seen = { today: "2026-11-24", expected: { on: "", provisional: false }, timeline: [] };

test("a held case is seen to wait for the applicant, who lets it go on; a repeat of that changes nothing", async () => {
  const id = await held();
  const view = caseView(await found(id), seen);
  expect(view).toMatchObject({ status: "running", held: { becauseOf: ["A"] } });
  expect(view.items.map(({ code, status, held }) => [code, status, held])).toEqual([
    ["A", "ended", false],
    ["B", "waiting", true],
  ]);
  const first = await goOn({ journal }, mei, "the-same-key", await found(id));
  expect(first).toEqual({ id, status: "running" });
  expect(await goOn({ journal }, mei, "the-same-key", await found(id))).toEqual(first);
  const after = caseView(await found(id), seen);
  expect(after.held).toBeNull();
  expect(after.items[1]).toMatchObject({ status: "with_department", held: false });
  await expect(goOn({ journal }, mei, "another-key", await found(id))).rejects.toMatchObject({
    ...{ code: "conflict", reason: "case.not_held" },
  });
});

test("who only follows the case decides nothing of it", async () => {
  const id = await held();
  await expect(goOn({ journal }, jun, "key-of-jun", await found(id, jun))).rejects.toMatchObject({
    ...{ code: "forbidden", reason: "case.not_applicant" },
  });
});

test("verify finds nothing wrong with a case that is held", async () => {
  await held();
  const violations: unknown[] = [];
  for await (const violation of journal.verify()) violations.push(violation);
  expect(violations).toEqual([]);
});
