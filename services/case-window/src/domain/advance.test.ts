import type { CaseItemReady } from "@onething/contracts/window/v1/events";
import { windowClerks } from "@onething/kernel/readers";
import { describe, expect, test } from "vitest";
import { outcomeOf, ready } from "./advance.ts";
import type { CaseOutcome, ItemOutcome } from "./case.ts";
import { issued, item, pair, plan, receipt, subject, submitted, waiting, words } from "./cases.fixture.ts";

describe("items that wait for nothing", () => {
  test("start together at submission, each told what it needs and nothing of the others", () => {
    const planned = plan([item("A"), item("B", { answers: ["moved"] })], {
      answers: { moved: "true", married: "false" },
      evidence: ["paper-A", "paper-B", "card"].map((code) => ({ code, name: words(code) })),
    });
    const play = submitted(planned, [receipt("A"), receipt("B", { pair: pair("paper-A") })], {
      sealedForms: { A: "s1.form-A", B: "s1.form-B" },
    });
    const ready = play.events.filter((event) => event.type === "case.item_ready");
    expect(ready.map((event) => event.data)).toMatchObject([
      { caseId: "case-1", caseNumber: "N-1", bundle: "moving", item: { code: "A" }, sealedForm: "s1.form-A" },
      { item: { code: "B" }, sealedForm: "s1.form-B" },
    ]);
    expect(ready.map((event) => event.data.answers)).toEqual([{}, { moved: "true" }]);
    expect(ready[0]!.data.receipts.map((each) => each.item)).toEqual(["A"]);
    expect(ready[0]!.data.evidence.map((each) => each.code)).toEqual(["paper-A", "card"]);
    expect(ready[1]!.data.evidence.map((each) => each.code)).toEqual(["paper-A", "paper-B"]);
  });

  test("end without each other, and the last one closes the case", () => {
    const play = submitted(plan([item("A"), item("B")])).grant("B");
    expect(play.outcomes()).toEqual({ A: "with_department", B: "granted" });
    play.grant("A");
    expect(play.state).toMatchObject({ status: "closed", outcome: "all_granted" });
    expect(play.events.filter((event) => event.type === "case.closed")).toHaveLength(1);
  });
});

test("an item that starts brings along whose calendar counts and what the fields of its form are, and no others", () => {
  const field = (name: string, items: string[]) => ({
    field: { name, label: words(name), type: "text", required: true },
    items,
  });
  const planned = plan([item("A"), item("B", { formFields: ["street"] })], {
    division: "430999",
    form: [field("reason", ["A"]), field("street", ["C"])],
  });
  const ready = submitted(planned).events.filter((event) => event.type === "case.item_ready");
  const told = ready.map(({ data }) => [
    data.division,
    data.formSchema.map(({ name, label }) => [name, label]),
  ]);
  expect(told).toEqual([
    ["430999", [["reason", words("reason")]]],
    ["430999", [["street", words("street")]]],
  ]);
});

test("the papers are for applicant and followers, and where a window took the case in for its clerks", () => {
  const readersOf = (channel: string) => {
    const play = submitted(plan([item("A")]));
    const { data } = ready({ ...play.state!, channel, followers: ["p2", "owner-0"] }, play.state!.items.A!);
    return (data as CaseItemReady).readers;
  };
  expect(readersOf("citizen")).toEqual(["owner-0", "p2"]);
  expect(readersOf("window")).toEqual(["owner-0", "p2", windowClerks]);
});

describe("a hard edge", () => {
  const chain = plan([item("A"), item("B"), item("C")]);
  const receipts = [waiting("B", "A"), waiting("C", "B")];

  test("holds an item until what it needs is issued, and hands that over as its proof", () => {
    const play = submitted(chain, receipts);
    expect(play.outcomes()).toEqual({ A: "with_department", B: "waiting", C: "waiting" });
    expect(play.state!.items.B!.waitedFor).toEqual(["A"]);
    play.do({ type: "granted", item: "A", automatic: false });
    expect(play.outcomes()).toMatchObject({ A: "issuing", B: "waiting" });
    const [, , ready] = play.issue("A");
    expect(ready).toMatchObject({
      type: "case.item_ready",
      data: {
        item: { code: "B" },
        receipts: [{ state: "proved", proof: { sealedFields: "sealed-A-for-B" } }],
      },
    });
    expect(play.outcomes()).toEqual({ A: "granted", B: "with_department", C: "waiting" });
  });

  test("also where the product is known before the decision", () => {
    const play = submitted(chain, receipts);
    play.issue("A");
    expect(play.outcomes()).toMatchObject({ A: "with_department", B: "waiting" });
    play.do({ type: "granted", item: "A", automatic: false });
    expect(play.outcomes()).toMatchObject({ A: "granted", B: "with_department" });
  });

  test("makes everything behind a refusal not possible, naming what was refused", () => {
    const play = submitted(chain, receipts).refuse("A");
    expect(play.outcomes()).toEqual({ A: "refused", B: "not_possible", C: "not_possible" });
    expect(play.state!.items.A).toMatchObject({
      reasons: [words("not complete")],
      remedies: [words("bring more")],
    });
    expect(play.state!.items.B).toMatchObject({ becauseOf: ["A"] });
    expect(play.state!.items.B!.reasons[0]!.zh).toContain("item A（中）");
    expect(play.state!.items.C).toMatchObject({ becauseOf: ["B"] });
    expect(play.state).toMatchObject({ status: "closed", outcome: "none_granted" });
  });

  test("to one of two makers is lost only when both have ended without it", () => {
    const either = { waitsFor: ["A", "B"], pair: pair("paper-A") };
    const play = submitted(chain, [waiting("C", "A", either)]).refuse("A");
    expect(play.outcomes()).toMatchObject({ A: "refused", C: "waiting" });
    play.do({ type: "granted", item: "B", automatic: false });
    play.issue("B");
    expect(play.outcomes()).toMatchObject({ B: "granted", C: "not_possible" });
  });

  test("to an item that is not in the case holds nobody for ever", () => {
    const play = submitted(plan([item("C")]), [waiting("C", "gone")]);
    expect(play.outcomes()).toEqual({ C: "not_possible" });
  });
});

describe("a soft edge", () => {
  const soft = plan([item("A"), item("B", { after: ["A", "elsewhere"] })]);

  test.each(["granted", "refused", "cancelled"])("waits until the other has ended, also when %s", (how) => {
    const play = submitted(soft);
    expect(play.state!.items.B).toMatchObject({ status: "waiting", waitedFor: ["A"] });
    if (how === "granted") play.grant("A");
    else if (how === "refused") play.refuse("A");
    else play.do({ type: "cancelled", item: "A" });
    expect(play.outcomes()).toMatchObject({ B: "with_department" });
  });

  test("binds nobody to an item that nobody works on", () => {
    const play = submitted(soft, [], { notNeeded: ["A"] });
    expect(play.state!.items.B).toMatchObject({ status: "with_department", waitedFor: [] });
    const offline = plan([item("A", { handling: "offline" }), item("B", { after: ["A"] })]);
    expect(submitted(offline).outcomes()).toEqual({ A: "not_needed", B: "with_department" });
  });
});

describe("a silent register", () => {
  const silent = (why: string) => receipt("A", { rule: "register", state: "unavailable", why: words(why) });

  test("holds the item and nothing else; once it answers the item goes on", () => {
    const play = submitted(plan([item("A"), item("B")]), [silent("silent")]);
    expect(play.outcomes()).toEqual({ A: "waiting", B: "with_department" });
    expect(play.do({ type: "evidence", receipts: [silent("still silent")] })).toHaveLength(1);
    expect(play.outcomes()).toMatchObject({ A: "waiting" });
    play.do({ type: "evidence", receipts: [receipt("A", { rule: "register" })] });
    expect(play.outcomes()).toMatchObject({ A: "with_department" });
  });

  test("that says no after all makes the item not possible, in its own words or in ours", () => {
    const answer = (why: ReturnType<typeof words> | undefined) => {
      const play = submitted(plan([item("A"), item("B")]), [silent("silent")]);
      play.do({
        type: "evidence",
        receipts: [receipt("A", { rule: "ask", state: "missing", ...(why && { why }) })],
      });
      return play.state!.items.A!;
    };
    expect(answer(words("no such record"))).toMatchObject({
      outcome: "not_possible",
      reasons: [words("no such record")],
    });
    expect(answer({ zh: "", en: "" }).reasons).toHaveLength(1);
  });

  test("that leaves it to a sibling binds the edge from then on", () => {
    const play = submitted(plan([item("A"), item("B")]), [silent("silent")]);
    const left = waiting("A", "B", { requirement: "proof-A" });
    play.do({ type: "evidence", receipts: [left] });
    expect(play.state!.items.A).toMatchObject({ status: "waiting", waitedFor: ["B"] });
    play.grant("B");
    expect(play.outcomes()).toMatchObject({ A: "with_department" });
  });
});

describe("products", () => {
  test("for several people: the item ends when each has theirs, and a repeat is not another's", () => {
    const people = [subject("heir", 0), subject("heir", 1), subject("owner")];
    const share = pair("share", "heir");
    const planned = plan([item("A", { produces: [{ pair: share }, { pair: pair("deed") }] })]);
    const play = submitted(planned, [], {}, people);
    play.do({ type: "granted", item: "A", automatic: false });
    play.issue("A", 0, share);
    expect(play.issue("A", 0, share)).toEqual([]);
    play.issue("A", 0, pair("deed"));
    expect(play.outcomes()).toEqual({ A: "issuing" });
    play.issue("A", 1, share);
    expect(play.outcomes()).toEqual({ A: "granted" });
    expect(play.state!.items.A!.products).toHaveLength(3);
  });

  test("between two roles: one for each two people", () => {
    const people = [subject("heir", 0), subject("heir", 1), subject("owner")];
    const kin = pair("kin", "owner", "heir");
    const play = submitted(plan([item("A", { produces: [{ pair: kin }] })]), [], {}, people);
    play.do({ type: "granted", item: "A", automatic: false });
    play.do({ ...issued("A", 0, kin), identifier: "first" } as ReturnType<typeof issued>);
    expect(play.outcomes()).toEqual({ A: "issuing" });
    play.do({ ...issued("A", 0, kin), identifier: "second" } as ReturnType<typeof issued>);
    expect(play.outcomes()).toEqual({ A: "granted" });
  });

  test("prove only what the same person was waiting for", () => {
    const people = [subject("owner", 0), subject("owner", 1)];
    const planned = plan([item("A"), item("B")]);
    const receipts = [waiting("B", "A"), waiting("B", "A", { position: 1, personId: "owner-1" })];
    const play = submitted(planned, receipts, {}, people);
    play.issue("A", 0);
    expect(play.state!.receipts.map((each) => each.state)).toEqual(["proved", "waiting"]);
  });

  test("of an item that makes none are complete with the decision", () => {
    const play = submitted(plan([item("A", { produces: [] })]));
    play.do({ type: "granted", item: "A", automatic: true });
    expect(play.outcomes()).toEqual({ A: "granted" });
  });
});

test("a case of which nothing is left to do closes at its submission", () => {
  const play = submitted(plan([item("A")]), [], { notNeeded: ["A"] });
  expect(play.state).toMatchObject({ status: "closed", outcome: "all_granted" });
});

const outcomes: [ItemOutcome[], CaseOutcome][] = [
  [["granted", "granted"], "all_granted"],
  [["granted", "not_needed"], "all_granted"],
  [["not_needed"], "all_granted"],
  [["granted", "refused"], "partly_granted"],
  [["granted", "withdrawn"], "partly_granted"],
  [["granted", "not_possible", "refused"], "partly_granted"],
  [["refused"], "none_granted"],
  [["refused", "not_possible", "not_needed"], "none_granted"],
  [["not_possible"], "none_granted"],
  [["withdrawn", "refused"], "none_granted"],
  [["not_accepted"], "none_granted"],
  [["withdrawn", "not_accepted"], "none_granted"],
  [["withdrawn"], "withdrawn"],
  [["withdrawn", "not_possible", "not_needed"], "withdrawn"],
];
test.each(outcomes)("a case whose items ended %j is %s", (ended, expected) => {
  const items = ended.map((outcome, i) => ({
    ...{ code: String(i), status: "ended" as const, outcome, waitedFor: [], products: [] },
    ...{ reasons: [], remedies: [], becauseOf: [] },
  }));
  expect(outcomeOf(items)).toBe(expected);
});
