import { Gap } from "@onething/contracts/approval/v1/events";
import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { item, noon, type Play, plan, receipt, submitted, words } from "./cases.fixture.ts";
import { caseKind } from "./decide.ts";
import { type Answer, checkAnswers, checkLooked, openNotice, waysOf } from "./supplement.ts";

const field = (name: string, items: string[], rest: object = {}) => ({
  field: { name, label: words(name), type: "text", required: false, ...rest },
  role: "owner",
  items,
});
const way = (...rungs: string[]) => [{ pair: { evidence: "card", role: "owner" }, rungs }];
const planned = plan([item("A"), item("B", { after: ["A"] })], {
  form: [field("street", ["A", "B"], { required: true }), field("day", ["A"], { type: "date" })],
  requirements: [
    { id: "proof-A", name: words("card"), items: ["A"], alternatives: way("licence", "original") },
    { id: "told", items: ["A"], alternatives: way("statement") },
  ],
});
const gap = (id: string, about: { field?: string; requirement?: string } = {}) =>
  Gap.fromPartial({ id, ...about, what: words(`wrong ${id}`), remedy: words(`mend ${id}`) });
const gaps = [gap("1.1", { field: "street" }), gap("1.2", { requirement: "proof-A" }), gap("1.3")];

const filed = (): Play =>
  submitted(planned, [receipt("A"), receipt("B")], { sealedForms: { A: "form-A", B: "form-B" } });
const noticed = (): Play => {
  const play = filed();
  play.do({ type: "supplement_requested", item: "A", gaps });
  return play;
};
const answers = gaps.map(({ id }) => ({ gap: id, way: "words", sealedWords: `sealed-${id}` }));
const answering = (rest: object = {}) => ({
  ...{ type: "supplement" as const, item: "A", by: "citizen:1", answers, receipts: [] },
  forms: { A: { was: "form-A", now: "form-A2" }, B: { was: "form-B", now: "form-B2" } },
  ...rest,
});

const error = (run: () => void): OnethingError => {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof OnethingError) return thrown;
  }
  throw new Error("it was not refused");
};

describe("a department's one-time notice (Licensing Law art. 32)", () => {
  test("makes it the applicant's turn, and is no case that waits for nothing", () => {
    const play = noticed();
    expect(play.state!.items.A).toMatchObject({ status: "supplementing", notices: [{ gaps }] });
    expect(caseKind.unfinished!(play.state!, noon)).toBeUndefined();
  });

  test("told again says nothing new, also after it was answered; another one is another turn", () => {
    const play = noticed();
    expect(play.do({ type: "supplement_requested", item: "A", gaps })).toEqual([]);
    play.do(answering());
    expect(play.do({ type: "supplement_requested", item: "A", gaps })).toEqual([]);
    play.do({ type: "supplement_requested", item: "A", gaps: [gap("2.1")] });
    expect(openNotice(play.state!.items.A!)?.gaps).toEqual([gap("2.1")]);
  });

  test("is waited for no more once the department has accepted after all", () => {
    const play = noticed();
    play.do({ type: "accepted", item: "A", dueOn: "2026-12-01", dueProvisional: false, how: "checked" });
    expect(play.state!.items.A).toMatchObject({ status: "with_department", dueOn: "2026-12-01" });
    expect(play.refusal(answering()).reason).toBe("case.nothing_to_supplement");
  });

  test("unanswered where a local rule takes that for a withdrawal, ends the item and says why", () => {
    const play = noticed();
    play.do({ type: "cancelled", item: "A", deemed: words("local rule") });
    expect(play.state!.items.A).toMatchObject({
      ...{ status: "ended", outcome: "withdrawn" },
      reasons: [{ en: expect.stringContaining("local rule"), zh: expect.stringContaining("逾期没有答复") }],
    });
  });

  test("does not stand in the way of a withdrawal: its department judges it", () => {
    const play = noticed();
    const [requested] = play.do({ type: "withdraw", by: "citizen:1" });
    expect(requested!.data).toMatchObject({ items: ["A"] });
    play.do({ type: "cancelled", item: "A" });
    expect(play.outcomes()).toEqual({ A: "withdrawn", B: "withdrawn" });
  });
});

describe("its answer", () => {
  test("goes to the department with the whole form and all receipts of the item as they are now", () => {
    const play = noticed();
    const renewed = receipt("A", { rule: "original", why: words("seen") });
    const [event] = play.do(answering({ receipts: [renewed] }));
    expect(event).toMatchObject({
      type: "case.item_supplemented",
      data: { caseId: "case-1", item: "A", sealedForm: "form-A2", by: "citizen:1", answers },
    });
    expect(event!.data).toMatchObject({ receipts: [renewed], waitingForms: { B: "form-B2" } });
    expect(play.answer).toEqual({ id: "case-1", item: "A", status: "with_department" });
    expect(play.state!.items.A).toMatchObject({ status: "with_department" });
    expect(play.state!.receipts).toEqual([receipt("B"), renewed]);
  });

  test("gives the new value to what has not started, and leaves alone what has", () => {
    const play = noticed();
    play.do(answering());
    play.grant("A");
    const ready = play.events.filter((event) => event.type === "case.item_ready").at(-1)!;
    expect(ready.data).toMatchObject({ item: { code: "B" }, sealedForm: "form-B2" });
    const together = submitted(plan([item("A"), item("B")]), [], {
      sealedForms: { A: "form-A", B: "form-B" },
    });
    together.do({ type: "supplement_requested", item: "A", gaps });
    together.do(answering());
    expect(together.state!.sealedForms).toEqual({ A: "form-A2", B: "form-B" });
  });

  test("made of a form that has changed meanwhile is made anew", () => {
    for (const forms of [
      { A: { was: "older", now: "x" } },
      { A: { was: "form-A", now: "x" }, B: { was: "older", now: "x" } },
      {},
    ])
      expect(noticed().refusal(answering({ forms }))).toMatchObject({ reason: "case.form_moved" });
  });

  test("that leaves a gap open is refused, naming each; so is one to what was not asked", () => {
    const short = noticed().refusal(answering({ answers: answers.slice(0, 1) }));
    expect([short.code, short.reason]).toEqual(["invalid", "case.supplement_incomplete"]);
    expect(short.error.fields).toEqual([
      { field: "answers.1.2", text: words("wrong 1.2") },
      { field: "answers.1.3", text: words("wrong 1.3") },
    ]);
    const twice = noticed().refusal(answering({ answers: [...answers, answers[0]] }));
    expect(twice.error.fields.map((each) => each.field)).toEqual(["answers.1.1"]);
    const stray = [...answers, { gap: "9.9", way: "words", sealedWords: "" }];
    expect(noticed().refusal(answering({ answers: stray }))).toMatchObject({
      ...{ code: "not_found", reason: "case.gap_unknown" },
    });
  });

  test("to an item that waits for nothing, or that is not there, is refused", () => {
    expect(filed().refusal(answering())).toMatchObject({
      ...{ code: "conflict", reason: "case.nothing_to_supplement" },
    });
    expect(noticed().refusal(answering({ item: "B" })).reason).toBe("case.nothing_to_supplement");
    expect(noticed().refusal(answering({ item: "Z" }))).toMatchObject({
      ...{ code: "not_found", reason: "case.item_not_found" },
    });
  });
});

describe("each gap", () => {
  const notice = { at: "", gaps };
  const right: Answer[] = [
    { gap: "1.1", way: "value", value: "Long Street" },
    { gap: "1.2", way: "evidence" },
    { gap: "1.3", way: "words", words: "it is so" },
  ];
  const with_ = (...changed: Answer[]) =>
    right.map((each) => changed.find(({ gap }) => gap === each.gap) ?? each);
  const refused = (given: Answer[], isClerk = false) =>
    error(() => checkAnswers(planned, notice, given, isClerk));

  test("is answered in a way that can close it, and always in words", () => {
    expect(gaps.map((each) => waysOf(planned, each))).toEqual([
      ["value", "words"],
      ["evidence", "original", "words"],
      ["words"],
    ]);
    expect(waysOf(planned, gap("1.4", { requirement: "told" }))).toEqual(["words"]);
    checkAnswers(planned, notice, right, false);
    expect(refused(with_({ gap: "1.3", way: "evidence" })).fields).toEqual([
      { field: "answers.1.3", text: { zh: "这一项可以这样补正：文字说明", en: "can be answered by words" } },
    ]);
  });

  test("of the form is held to the field's schema; empty words are none", () => {
    const empty = with_({ gap: "1.1", way: "value", value: " " }, { gap: "1.3", way: "words", words: " " });
    expect(refused(empty).fields.map((each) => each.field)).toEqual(["answers.1.1", "answers.1.3"]);
    const dated = { at: "", gaps: [gap("1.1", { field: "day" })] };
    const day = (value: string): Answer[] => [{ gap: "1.1", way: "value", value }];
    expect(error(() => checkAnswers(planned, dated, day("soon"), false)).reason).toBe(
      "case.supplement_invalid",
    );
    checkAnswers(planned, dated, day("2026-11-24"), false);
  });

  test("is an original seen only for a clerk", () => {
    const original = with_({ gap: "1.2", way: "original" });
    expect(refused(original)).toMatchObject({ code: "forbidden", reason: "case.originals_at_window" });
    checkAnswers(planned, notice, original, true);
  });

  test("that was looked up again must be proved; a silent register is asked a little later", () => {
    checkLooked(gaps[1]!, [receipt("A")]);
    const missing = receipt("A", { state: "missing", fix: words("bring it") });
    expect(error(() => checkLooked(gaps[1]!, [receipt("A"), missing]))).toMatchObject({
      ...{ code: "invalid", fields: [{ field: "answers.1.2", text: words("bring it") }] },
    });
    expect(error(() => checkLooked(gaps[1]!, []))).toMatchObject({ code: "invalid" });
    const silent = receipt("A", { state: "unavailable" });
    expect(error(() => checkLooked(gaps[1]!, [silent]))).toMatchObject({ code: "unavailable" });
  });
});
