import { Dates } from "@onething/contracts/approval/v1/events";
import { describe, expect, test } from "vitest";
import { issued, item, type Play, plan, receipt, submitted, waiting, words } from "./cases.fixture.ts";
import type { CaseCommand } from "./decide.ts";
import { timelineOf, whoHasIt } from "./timeline.ts";

const said = (play: Play): string[] => timelineOf(play.state!, play.events).map(({ zh }) => zh);
const last = (play: Play) => timelineOf(play.state!, play.events).at(-1)!;
const one = () => submitted(plan([item("A")]));
const dates = (dueOn: string, rest: object = {}) => Dates.fromPartial({ dueOn, ...rest });
type Clock = Extract<CaseCommand, { type: "clock" }>;
const clock = (what: Clock["what"], rest: Partial<Clock> = {}): Clock => ({
  ...{
    type: "clock",
    item: "A",
    what,
    dates: undefined,
    why: undefined,
    procedure: "",
    untilOn: "",
    ...rest,
  },
});

describe("acceptance (Licensing Law art. 32)", () => {
  test("by silence is told as such", () => {
    const play = one();
    play.do({ type: "accepted", item: "A", dueOn: "2026-12-01", dueProvisional: false, how: "deemed" });
    expect(last(play)).toMatchObject({
      zh: expect.stringMatching(/即为受理（行政许可法第三十二条），最晚 2026-12-01/),
    });
    expect(last(play).en).toMatch(/counts as accepted from the day it was received .*art. 32.*2026-12-01/);
  });

  test("refused because another body has the power names it, and ends the item like a refusal", () => {
    const play = submitted(plan([item("A"), item("B")]), [waiting("B", "A")]);
    play.do({
      ...{ type: "not_accepted", item: "A", ground: "not_this_authority", reasons: [words("not ours")] },
      ...{ rightBody: words("the county"), remedies: [words("review")] },
    });
    expect(play.outcomes()).toEqual({ A: "not_accepted", B: "not_possible" });
    expect(play.state!.items.A).toMatchObject({
      remedies: [words("review")],
      reasons: [words("not ours"), {}],
    });
    expect(play.state!.items.A!.reasons[1]!.zh).toContain("the county（中）");
    expect(play.state!.outcome).toBe("none_granted");
    expect(said(play).join()).toContain(
      "“item A（中）”不予受理：not ours（中）；请向有权办理的“the county（中）”申请",
    );
  });

  test("refused because no licence is needed ends the item as not needed, which harms nothing", () => {
    const play = submitted(plan([item("A"), item("B")])).grant("B");
    const about = {
      ground: "not_needed",
      reasons: [words("free to do")],
      rightBody: undefined,
      remedies: [],
    };
    play.do({ type: "not_accepted", item: "A", ...about });
    expect(play.outcomes()).toEqual({ A: "not_needed", B: "granted" });
    expect(play.state!.outcome).toBe("all_granted");
  });
});

describe("a special procedure (Licensing Law art. 45)", () => {
  const paused = clock("paused", {
    ...{ dates: dates("2026-12-08", { stopped: true }), why: words("the boiler") },
    ...{ procedure: "inspection", untilOn: "2026-12-05" },
  });
  const resumed = clock("resumed", {
    ...{ dates: dates("2026-12-15"), why: words("sound"), procedure: "inspection" },
  });

  test("stops the clock with the reason, the day it ends and the article; then the limit runs on", () => {
    const play = one();
    play.do({ type: "accepted", item: "A", dueOn: "2026-12-01", dueProvisional: false, how: "checked" });
    play.do(paused);
    expect(play.state!.items.A).toMatchObject({
      ...{ status: "with_department", dueOn: "2026-12-08" },
      stopped: { procedure: "inspection", untilOn: "2026-12-05", why: words("the boiler") },
    });
    expect(last(play).zh).toBe(
      "“item A（中）”需要检验，期间不计入办理期限（行政许可法第四十五条），预计 2026-12-05 结束：the boiler（中）",
    );
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-11-24").en).toMatch(/not counted.*2026-12-05/);
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-12-06").en).toMatch(/has not ended yet/);
    play.do(resumed);
    expect(play.state!.items.A).toMatchObject({ dueOn: "2026-12-15" });
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-12-15").zh).toContain("最晚 2026-12-15 办完");
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-12-16").zh).toContain(
      "已超过 2026-12-15 的期限",
    );
    expect(play.state!.items.A!.stopped).toBeUndefined();
    expect(last(play).zh).toContain("最晚 2026-12-15 办完：sound（中）");
  });

  test("told twice is told once", () => {
    const play = one();
    expect(play.do(paused)).toHaveLength(1);
    expect(play.do(paused)).toEqual([]);
    expect(play.do(resumed)).toHaveLength(1);
    expect(play.do(resumed)).toEqual([]);
  });
});

test("an extension (Licensing Law art. 42) moves the due date with its reason, once", () => {
  const play = one();
  const extended = clock("extended", { dates: dates("2027-01-05"), why: words("complex") });
  play.do(extended);
  expect(play.state!.items.A).toMatchObject({ dueOn: "2027-01-05" });
  expect(last(play).zh).toBe(
    "“item A（中）”经批准延长办理期限（行政许可法第四十二条），最晚 2027-01-05 办完：complex（中）",
  );
  expect(play.do(extended)).toEqual([]);
});

test("an announced calendar (Licensing Law art. 82) makes a provisional date a sure one", () => {
  const play = one();
  play.do({ type: "accepted", item: "A", dueOn: "2027-01-04", dueProvisional: true, how: "complete" });
  play.do(clock("recounted", { dates: dates("2027-01-05") }));
  expect(play.state!.items.A).toMatchObject({ dueOn: "2027-01-05", dueProvisional: false });
  expect(last(play).en).toMatch(/holidays are announced.*2027-01-05/);
});

test("a delivery (Licensing Law art. 44) is told once, also after the case has closed", () => {
  const play = one().grant("A");
  const delivered = { type: "delivered" as const, item: "A", how: "post" };
  play.do(delivered);
  expect(play.state).toMatchObject({ status: "closed", items: { A: { delivered: { how: "post" } } } });
  expect(last(play).zh).toBe("“item A（中）”的结果已经送达（邮寄送达）");
  expect(play.do(delivered)).toEqual([]);
});

describe("a grant that is taken back (Licensing Law art. 69)", () => {
  const revoked: CaseCommand = {
    ...{ type: "revoked", item: "A", reasons: [words("got by fraud")], remedies: [words("review")] },
  };

  test("marks the item of a closed case and rewrites no outcome", () => {
    const play = one().grant("A");
    play.do(revoked);
    expect(play.state).toMatchObject({
      ...{ status: "closed", outcome: "all_granted" },
      items: { A: { outcome: "granted", revoked: { reasons: [words("got by fraud")] } } },
    });
    expect(last(play).zh).toBe("“item A（中）”的批准已被撤销：got by fraud（中）。救济途径：review（中）");
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-11-24").en).toContain(
      "taken back: got by fraud",
    );
    expect(play.do(revoked)).toEqual([]);
  });

  test("proves nothing any more to what has not started; what has goes on", () => {
    const planned = plan([item("A"), item("B"), item("C"), item("D")]);
    const silent = receipt("B", { state: "unavailable" });
    const play = submitted(planned, [waiting("B", "A"), silent, waiting("C", "A")]).grant("A");
    expect(play.outcomes()).toMatchObject({ A: "granted", B: "waiting", C: "with_department" });
    play.do(revoked);
    expect(play.outcomes()).toEqual({
      A: "granted",
      B: "not_possible",
      C: "with_department",
      D: "with_department",
    });
    expect(play.state!.items.B!.reasons[0]!.en).toContain("proves nothing any more");
  });

  test("before everything was issued ends the item, and what is issued later proves nothing", () => {
    const planned = plan([
      item("A", {
        produces: [
          { pair: { evidence: "paper-A", role: "owner" } },
          { pair: { evidence: "deed", role: "owner" } },
        ],
      }),
      item("B"),
    ]);
    const play = submitted(planned, [waiting("B", "A")]);
    play.do({ type: "granted", item: "A", automatic: false });
    play.do(revoked);
    expect(play.outcomes()).toEqual({ A: "granted", B: "not_possible" });
    expect(play.do(issued("A"))).toHaveLength(1);
    expect(play.do(issued("A"))).toEqual([]);
    expect(play.state!.items.A!.products).toHaveLength(1);
    expect(play.state!.status).toBe("closed");
  });

  test("before its product came does not let the product prove anything, where another maker is still waited for", () => {
    const either = { waitsFor: ["A", "B"] };
    const play = submitted(plan([item("A"), item("B"), item("C")]), [waiting("C", "A", either)]);
    play.do({ type: "granted", item: "A", automatic: false });
    play.do(revoked);
    play.do(issued("A"));
    expect(play.outcomes()).toMatchObject({ A: "granted", C: "waiting" });
  });

  test("of an item that was never granted says nothing", () => {
    expect(one().do(revoked)).toEqual([]);
  });
});

describe("a correction on the spot (Licensing Law art. 32)", () => {
  const formed = () => submitted(plan([item("A"), item("B", { after: ["A"] }), item("C")]));
  const correction = (forms = {}): CaseCommand => ({
    ...{ type: "corrected", item: "A", fields: ["name"], sealedForm: "form-A2", forms },
  });

  test("is told with the field's name, and reaches what has not started yet", () => {
    const play = formed();
    const was = play.state!.sealedForms.B ?? "";
    const [event] = play.do(correction({ A: { was: "x", now: "y" }, B: { was, now: "form-B2" } }));
    expect(event).toMatchObject({
      type: "case.item_corrected",
      data: { item: "A", fields: ["name"], sealedForm: "form-A2", waitingForms: { B: "form-B2" } },
    });
    expect(play.state!.sealedForms).toMatchObject({ A: "form-A2", B: "form-B2" });
    expect(last(play).zh).toMatch(/当场更正了“item A（中）”的.+第三十二条/);
  });

  test("made of a form that has changed meanwhile is made again", () => {
    const stale = correction({ B: { was: "older", now: "form-B2" } });
    expect(formed().refusal(stale).reason).toBe("case.form_moved");
  });
});
