import { Gap } from "@onething/contracts/approval/v1/events";
import {
  type Receipt,
  type ResolveRequest,
  VerificationServiceDefinition,
} from "@onething/contracts/verification/v1/verification";
import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import type { EventOf } from "@onething/events/names";
import { createJournal, type Journal } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import type { Keyring } from "@onething/sealing/keyring";
import { type KeyringBench, keyringBench } from "@onething/sealing/testing";
import { grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { rpc, startGrpcServer } from "@onething/service/rpc";
import type { Caller } from "@onething/service/types";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseState } from "../domain/case.ts";
import { item, plan, receipt, subject, words } from "../domain/cases.fixture.ts";
import { type CaseCommand, caseKind } from "../domain/decide.ts";
import type { Answer } from "../domain/supplement.ts";
import type { Peers } from "../peers.ts";
import { kinds, migrations, schema } from "../service.ts";
import { supplement } from "./supplement.ts";

let database: TestDatabase;
let journal: Journal;
let keys: KeyringBench;
let keyring: Keyring;
let verification: Peers["verification"];
const closing: (() => unknown)[] = [];

/** What verification is asked, and finds. */
let asked: ResolveRequest[] = [];
let found: Receipt[] = [];

beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
  keys = await keyringBench();
  keyring = await keys.keyring();
  const door = rpc(
    VerificationServiceDefinition,
    {
      resolve: async (request) => {
        asked.push(request);
        return { receipts: found };
      },
      getReceipts: async () => ({ receipts: [] }),
    },
    { allow: ["service"] },
  );
  const log = createLog({ service: "test", level: "silent" });
  const service: Caller = { sub: "case-window", role: "service" };
  const deps = { log, meters: createMeters(), authenticate: async () => service };
  const server = await startGrpcServer({ doors: [door], deps, address: "127.0.0.1:0" });
  const client = grpcClient(VerificationServiceDefinition, server.address, { deadlineMs: 5000 });
  verification = client;
  closing.push(
    () => client.close(),
    () => server.stop(1000),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
  await keyring.close();
  await keys.close();
  await database.close();
});
beforeEach(() => {
  asked = [];
  found = [receipt("A", { requirement: "card", rule: "register" })];
});

const mei: Caller = { sub: "mei", role: "citizen", personId: "mei" };
const clerk: Caller = { sub: "clerk", role: "clerk" };
const by = { actor: "test:a" };

const field = (name: string, items: string[], rest: object = {}) => ({
  field: { name, label: words(name), type: "text", required: true, ...rest },
  items,
});
const rungs = ["licence", "sibling", "register", "original"];
const requirement = {
  ...{ id: "card", name: words("card"), items: ["A", "B"] },
  alternatives: [{ pair: { evidence: "card", role: "owner" }, rungs }],
};
const planned = plan([item("A"), item("B", { after: ["A"] }), item("C")], {
  form: [
    field("street", ["A", "B", "C"]),
    field("note", ["A"], { required: false }),
    field("floor", ["B", "C"]),
  ],
  requirements: [requirement],
});
const gap = (id: string, about: object = {}) =>
  Gap.fromPartial({ id, ...about, what: words(`wrong ${id}`), remedy: words(`mend ${id}`) });
const gaps = [gap("1.1", { field: "street" }), gap("1.2", { requirement: "card" }), gap("1.3")];

const tell = (id: string, command: CaseCommand) => journal.submit(caseKind, id, command, by);
const stateOf = async (id: string): Promise<CaseState> => (await journal.load(caseKind, id))!.state;
const open = async (...sealed: string[]) => keyring.open(sealed, { actor: "test", purpose: "test" });

async function noticed(told = gaps): Promise<string> {
  const id = newId();
  const sealer = await keyring.sealer(`case/${id}`);
  const head = { id, bundle: "moving", bundleVersion: 1, applicantId: "mei", channel: "citizen" };
  const drafted = CaseDrafted.fromPartial({ ...head, subjects: [subject("owner")] });
  await tell(id, { type: "open", drafted });
  await tell(id, { type: "answer", plan: planned, subjects: drafted.subjects });
  const submitted = CaseSubmitted.fromPartial({
    ...{
      number: "N-1",
      subjects: drafted.subjects,
      receipts: [receipt("A"), receipt("A", { requirement: "card" })],
    },
    sealedForms: {
      A: sealer.seal({ street: "Old Road", note: "hm" }),
      B: sealer.seal({ street: "Old Road", floor: "7" }),
      C: sealer.seal({ street: "Old Road" }),
    },
  });
  await tell(id, { type: "submit", submitted, plan: planned });
  await tell(id, { type: "supplement_requested", item: "A", gaps: told });
  return id;
}

const right: Answer[] = [
  { gap: "1.1", way: "value", value: " Long Street " },
  { gap: "1.2", way: "evidence" },
  { gap: "1.3", way: "words", words: "I live there" },
];
const send = async (id: string, answers = right, caller = mei, key = `key-${newId()}`) => {
  const deps = { journal, keyring, peers: { verification } as Peers };
  return supplement(deps, caller, key, await stateOf(id), { item: "A", answers });
};
const eventsOf = async (id: string) => journal.history(caseKind, id);

describe("the answer to a notice (Licensing Law art. 32)", () => {
  test("reaches the department with the form, the receipts and the words, all of it sealed", async () => {
    const id = await noticed();
    expect(await send(id)).toEqual({ id, item: "A", status: "with_department" });
    const event = (await eventsOf(id)).at(-1)!;
    expect(event.type).toBe("case.item_supplemented");
    const data = event.data as EventOf<"case.item_supplemented">["data"];
    expect(data).toMatchObject({ caseId: id, item: "A", by: "citizen:mei" });
    expect(data.receipts.map(({ requirement: of, rule }) => [of, rule])).toEqual([
      ["proof-A", "licence"],
      ["card", "register"],
    ]);
    expect(data.answers.map(({ gap: of, way }) => [of, way])).toEqual([
      ["1.1", "value"],
      ["1.2", "evidence"],
      ["1.3", "words"],
    ]);
    const sealed = [data.sealedForm, data.answers[2]!.sealedWords, data.waitingForms.B!];
    expect(await open(...sealed)).toEqual([
      { street: "Long Street", note: "hm" },
      { words: "I live there" },
      { street: "Long Street", floor: "7" },
    ]);
    expect(JSON.stringify(data)).not.toMatch(/Long Street|I live there/);
    // What has started keeps what it was sent.
    expect(Object.keys(data.waitingForms)).toEqual(["B"]);
  });

  test("looks up what this item requires and nothing else, by what can be looked up, in the applicant's name", async () => {
    await send(await noticed());
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ actor: "citizen:mei", pin: false, originalsSeen: [], siblings: [] });
    expect(asked[0]!.requirements.map(({ id, items }) => [id, items])).toEqual([["card", ["A"]]]);
    expect(asked[0]!.requirements[0]!.alternatives[0]!.rungs).toEqual(["licence", "register"]);
  });

  test("may be an original that a clerk has seen, and then no register is asked", async () => {
    const original = right.map(
      (each): Answer => (each.gap === "1.2" ? { gap: "1.2", way: "original" } : each),
    );
    const id = await noticed();
    await expect(send(id, original)).rejects.toMatchObject({ reason: "case.originals_at_window" });
    expect(asked).toEqual([]);
    await send(id, original, clerk);
    expect(asked[0]).toMatchObject({ originalsSeen: ["card"], actor: "clerk:clerk" });
    expect(asked[0]!.requirements[0]!.alternatives[0]!.rungs).toEqual(["original"]);
  });

  test("that is still not proved, or that a register is silent about, changes nothing", async () => {
    const id = await noticed();
    const before = await eventsOf(id);
    found = [receipt("A", { requirement: "card", state: "missing", fix: words("bring it") })];
    await expect(send(id)).rejects.toMatchObject({
      fields: [{ field: "answers.1.2", text: words("bring it") }],
    });
    found = [receipt("A", { requirement: "card", state: "unavailable" })];
    await expect(send(id)).rejects.toMatchObject({ code: "unavailable" });
    expect(await eventsOf(id)).toEqual(before);
  });

  test("sent again is answered as the first time, and looks nothing up; also when a second notice has come", async () => {
    const id = await noticed();
    const first = await send(id, right, mei, "the-same-key");
    const events = await eventsOf(id);
    expect(await send(id, right, mei, "the-same-key")).toEqual(first);
    await tell(id, { type: "supplement_requested", item: "A", gaps: [gap("2.1", { field: "street" })] });
    expect(await send(id, right, mei, "the-same-key")).toEqual(first);
    expect(asked).toHaveLength(1);
    expect(await eventsOf(id)).toHaveLength(events.length + 1);
    await expect(send(id, right)).rejects.toMatchObject({ reason: "case.gap_unknown" });
  });

  test("of two sent at once one is taken, the other is told that nothing waits for it", async () => {
    const id = await noticed();
    const sent = await Promise.allSettled([send(id), send(id)]);
    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(sent.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { reason: "case.nothing_to_supplement" },
    });
  });

  test("to two items at once loses neither's new value where a third waits for both", async () => {
    const id = await noticed([gap("1.1", { field: "street" })]);
    await tell(id, { type: "supplement_requested", item: "C", gaps: [gap("1.1", { field: "floor" })] });
    const state = await stateOf(id);
    const deps = { journal, keyring, peers: { verification } as Peers };
    await send(id, [{ gap: "1.1", way: "value", value: "Long Street" }]);
    // Prepared on what was there before the other's answer: made anew, not over it.
    await supplement(deps, mei, `key-${newId()}`, state, {
      item: "C",
      answers: [{ gap: "1.1", way: "value", value: "8" }],
    });
    const forms = (await stateOf(id)).sealedForms;
    expect(await open(forms.B!)).toEqual([{ street: "Long Street", floor: "8" }]);
  });

  test("a value that may be left out can be taken away", async () => {
    const id = await noticed([gap("1.1", { field: "note" })]);
    await send(id, [{ gap: "1.1", way: "value", value: "" }]);
    expect(await open((await stateOf(id)).sealedForms.A!)).toEqual([{ street: "Old Road" }]);
  });

  test("is the applicant's alone: who follows the case answers nothing", async () => {
    const id = await noticed();
    const jun: Caller = { sub: "jun", role: "citizen", personId: "jun" };
    await expect(send(id, right, jun)).rejects.toMatchObject({ reason: "case.not_applicant" });
  });
});
