import { LicenceIssued } from "@onething/contracts/licence/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import type { EventOf } from "@onething/events/names";
import { eventTypes } from "@onething/events/names";
import { createJournal, type Journal } from "@onething/journal/journal";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import type { Keyring } from "@onething/sealing/keyring";
import { type KeyringBench, keyringBench } from "@onething/sealing/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { item, pair, plan, receipt, submission, waiting, words } from "./domain/cases.fixture.ts";
import { caseKind } from "./domain/decide.ts";
import { createConsumer } from "./events.ts";
import { kinds, migrations, schema } from "./service.ts";

let database: TestDatabase;
let journal: Journal;
let keyring: Keyring;
let keys: KeyringBench;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
  keys = await keyringBench();
  keyring = await keys.keyring();
});
afterAll(async () => {
  await keyring.close();
  await keys.close();
  await database.close();
});

const by = { actor: "test:a" };

async function running(
  caseId: string,
  planned = plan([item("A"), item("B"), item("C"), item("D")]),
  receipts = [receipt("D", { state: "unavailable" })],
): Promise<void> {
  const drafted = { id: caseId, bundle: "moving", bundleVersion: 1, applicantId: "owner-0" };
  const subjects = [{ role: "owner", personId: "owner-0", position: 0 }];
  const open = { ...drafted, channel: "citizen", clerk: "", subjects };
  await journal.submit(caseKind, caseId, { type: "open", drafted: open }, by);
  const { state } = await journal.submit(caseKind, caseId, { type: "answer", plan: planned, subjects }, by);
  await journal.submit(caseKind, caseId, submission(state, receipts), by);
}

/** As it comes from another service: decoded from its bytes. */
function event<T extends PublishedEvent["type"]>(type: T, message: object, version: number): PublishedEvent {
  const { codec } = eventTypes[type];
  const data = codec.fromPartial(message as never) as EventOf<T>["data"];
  const envelope = {
    stream: "other/1",
    version,
    caseId: "",
    at: "2026-11-24T04:00:00.000Z",
    actor: "x",
    trace: "t",
  };
  return { id: `other/1@${version}`, type, data, ...envelope } as unknown as PublishedEvent;
}

test("what other services report moves the case, and a repeat of all of it changes nothing", async () => {
  const caseId = "case-1";
  await running(caseId);
  const consumer = createConsumer({ journal, keyring });
  const product = {
    pair: pair("paper-A"),
    position: 0,
    kind: "licence",
    identifier: "L-1",
    holderId: "owner-0",
  };
  const gap = { id: "1.1", field: "", requirement: "", what: words("blurred"), remedy: words("again") };
  const reports = [
    event("approval.accepted", { caseId, item: "A", dueOn: "2026-12-01", dueProvisional: true }, 1),
    event("approval.supplement_requested", { caseId, item: "C", gaps: [gap] }, 12),
    event("approval.granted", { caseId, item: { code: "A" }, automatic: true }, 2),
    event("licence.issued", { caseId, item: "A", ...product, sealedForCase: "s1.k.x" }, 3),
    event("approval.refused", { caseId, item: "B", reasons: [words("no")], remedies: [words("do")] }, 4),
    event("approval.withdrawal_refused", { caseId, item: "C", why: words("late") }, 5),
    event("approval.cancelled", { caseId, item: "C" }, 6),
    event("evidence.resolved", { caseId, receipts: [receipt("D")] }, 7),
  ];
  for (const report of reports) await consumer.handle(report);
  const first = await journal.load(caseKind, caseId);
  expect(first?.state.items).toMatchObject({
    A: { outcome: "granted", dueOn: "2026-12-01", dueProvisional: true, products: [{ identifier: "L-1" }] },
    B: { outcome: "refused", reasons: [words("no")], remedies: [words("do")] },
    C: { outcome: "withdrawn", notices: [{ gaps: [gap] }], withdrawalRefused: words("late") },
    D: { status: "with_department" },
  });
  for (const report of reports) await consumer.handle(report);
  expect(await journal.load(caseKind, caseId)).toEqual(first);
  const actors = (await journal.history(caseKind, caseId)).map((each) => each.actor);
  expect(new Set(actors)).toEqual(new Set(["test:a", "consumer:case-window"]));
});

test("what a department reports of its clock, its refusal to deal with it, and what comes after a grant, is heard", async () => {
  const caseId = "case-3";
  await running(caseId);
  const consumer = createConsumer({ journal, keyring });
  const about = (item: string) => ({ id: "x", caseId, item });
  const dates = (dueOn: string) => ({ dueOn, dueProvisional: false });
  const pause = { procedure: "testing", reason: words("lab"), untilOn: "2026-12-02" };
  const extension = { days: 5, reason: words("complex"), approvedBy: words("the head") };
  const reports = [
    event("approval.accepted", { ...about("A"), dueOn: "2026-12-01", how: "deemed" }, 20),
    event("approval.paused", { ...about("A"), ...pause, dates: dates("2026-12-03") }, 21),
    event("approval.resumed", { ...about("A"), procedure: "testing", dates: dates("2026-12-04") }, 22),
    event("approval.extended", { ...about("A"), ...extension, dates: dates("2026-12-05") }, 23),
    event("approval.recounted", { ...about("A"), dates: dates("2026-12-06") }, 24),
    event("approval.granted", { caseId, item: { code: "B" }, deemed: words("art. 50") }, 25),
    event("approval.delivered", { ...about("B"), how: "window" }, 26),
    event("approval.revoked", { ...about("B"), reasons: [words("fraud")], remedies: [words("do")] }, 27),
    event("approval.not_accepted", { ...about("C"), ground: "not_needed", reasons: [words("free")] }, 28),
  ];
  for (const report of [...reports, ...reports]) await consumer.handle(report);
  const { state } = (await journal.load(caseKind, caseId))!;
  expect(state.items).toMatchObject({
    A: { status: "with_department", dueOn: "2026-12-06", extended: true },
    B: { outcome: "granted", deemed: words("art. 50"), delivered: { how: "window" } },
    C: { outcome: "not_needed", reasons: [words("free")] },
  });
  expect(state.items.B?.revoked).toMatchObject({ reasons: [words("fraud")] });
  const told = (await journal.history(caseKind, caseId)).filter(({ type }) => type === "case.item_clock");
  expect(told.map(({ data }) => [Reflect.get(data, "what"), Reflect.get(data, "why")?.en])).toEqual([
    ["paused", "lab"],
    ["resumed", undefined],
    ["extended", "complex (approved by: the head)"],
    ["recounted", undefined],
  ]);
  const found: unknown[] = [];
  for await (const violation of journal.verify()) found.push(violation);
  expect(found).toEqual([]);
});

test("a product reaches each item that waits for it with the fields that item is shown, also when told again", async () => {
  const caseId = "case-2";
  const way = { pair: pair("paper-A"), rungs: ["licence", "sibling"] };
  const requirement = {
    ...{ id: "paper-A", items: ["B", "C", "D"], alternatives: [way] },
    disclosure: { fields: { B: { names: ["number"] }, C: { names: ["number", "grade"] } } },
  };
  const planned = plan([item("A"), item("B"), item("C"), item("D")], { requirements: [requirement] });
  await running(
    caseId,
    planned,
    ["B", "C", "D"].map((code) => waiting(code, "A")),
  );
  const consumer = createConsumer({ journal, keyring });
  const fields = { number: "7", grade: "high", secret: "x" };
  const sealedForCase = (await keyring.sealer(`case/${caseId}`)).seal(fields);
  const product = { pair: pair("paper-A"), kind: "licence", identifier: "L-9", holderId: "owner-0" };
  const issued = event("licence.issued", { caseId, item: "A", ...product, sealedForCase }, 11);
  await consumer.handle(issued);
  await consumer.handle(issued);
  const { state } = (await journal.load(caseKind, caseId))!;
  const proofs = state.receipts.map(({ proof }) => proof?.sealedFields ?? "none");
  expect(proofs[2]).toBe("");
  expect(await keyring.open(proofs, { actor: "test", purpose: "test" })).toEqual([
    { number: "7" },
    { number: "7", grade: "high" },
    {},
  ]);
});

test("a licence that belongs to no case, and events it does not know, pass by", async () => {
  const consumer = createConsumer({ journal, keyring });
  await consumer.handle(event("licence.issued", LicenceIssued.fromPartial({ identifier: "L-2" }), 8));
  await consumer.handle(event("case.closed", { outcome: "all_granted" }, 9));
});

test("a report about a case that is not here is refused, so that it shows on the stuck list", async () => {
  const consumer = createConsumer({ journal, keyring });
  const stray = event("approval.refused", { caseId: "case-9", item: "A" }, 10);
  await expect(consumer.handle(stray)).rejects.toMatchObject({ reason: "case.not_open" });
});
