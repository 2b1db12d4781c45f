import { describe, expect, test } from "vitest";
import { item, noon, type Play, plan, receipt, submitted, waiting, words } from "./cases.fixture.ts";
import { caseKind } from "./decide.ts";
import { ifRefused } from "./policy.ts";
import { timelineOf, whoHasIt } from "./timeline.ts";

/** A is refused; B needs its product, C only waits for it, D is with its department, E is done, F has a silent register. */
const refused = (refusalPolicy: string, how: (play: Play) => void = (play) => play.refuse("A")): Play => {
  const items = [item("A"), item("B"), item("C", { after: ["A"] }), item("D"), item("E"), item("F")];
  const receipts = [waiting("B", "A"), receipt("F", { state: "unavailable" })];
  const play = submitted(plan(items, { refusalPolicy }), receipts).grant("E");
  how(play);
  return play;
};
const notAccepted = (play: Play) =>
  void play.do({
    ...{ type: "not_accepted", item: "A", ground: "not_this_authority", reasons: [words("no")] },
    ...{ rightBody: undefined, remedies: [] },
  });
const done = { A: "refused", B: "not_possible", E: "granted" };
const types = (play: Play) => play.events.map(({ type }) => type.replace("case.", ""));

describe("carry on", () => {
  test("lets everything go on that needs nothing of the refused item", () => {
    expect(refused("carry_on").outcomes()).toEqual({
      ...{ ...done, C: "with_department", D: "with_department", F: "waiting" },
    });
  });
});

describe("hold", () => {
  test.each([
    ["a refusal", undefined, "refused"],
    ["a refusal to deal with it", notAccepted, "not_accepted"],
  ] as const)("after %s stops what has not started, and lets departments go on", (_, how, outcome) => {
    const play = how ? refused("hold", how) : refused("hold");
    expect(play.outcomes()).toEqual({
      ...done,
      A: outcome,
      C: "waiting",
      D: "with_department",
      F: "waiting",
    });
    expect(play.state!.held).toMatchObject({ becauseOf: ["A"] });
    expect(caseKind.unfinished!(play.state!, noon)).toBeUndefined();
    play.do({ type: "evidence", receipts: [receipt("F")] });
    play.grant("D");
    expect(play.outcomes()).toMatchObject({ C: "waiting", D: "granted", F: "waiting" });
    expect(play.state!.status).toBe("running");
    expect(caseKind.unfinished!(play.state!, noon)).toBeUndefined();
    const told = timelineOf(play.state!, play.events).map(({ zh }) => zh);
    expect(told.find((zh) => zh.includes("先停下"))).toBe(
      "“item A（中）”没有通过，还没开始的“item C（中）”、“item F（中）”先停下，等您决定：继续办理，或者撤回",
    );
    expect(whoHasIt(play.state!, play.state!.items.C!, "2026-11-24").en).toMatch(
      /until the applicant says go on/,
    );
  });

  test("until the applicant says go on: then all starts that may, and the next refusal asks again", () => {
    const play = refused("hold");
    play.do({ type: "continue", by: "citizen:1" });
    expect(play.outcomes()).toMatchObject({ C: "with_department", F: "waiting" });
    expect(play.refusal({ type: "continue", by: "citizen:1" }).reason).toBe("case.not_held");
    play.refuse("C");
    expect(play.state!.held).toMatchObject({ becauseOf: ["C"] });
    play.do({ type: "evidence", receipts: [receipt("F")] });
    expect(play.outcomes()).toMatchObject({ F: "waiting" });
  });

  test("or withdraws: what waits ends, departments judge theirs", () => {
    const play = refused("hold");
    const [requested] = play.do({ type: "withdraw", by: "citizen:1" });
    expect(requested!.data).toMatchObject({ items: ["D"] });
    expect(play.outcomes()).toMatchObject({ C: "withdrawn", F: "withdrawn", D: "with_department" });
  });

  test("asks nothing where nothing is left to start", () => {
    const play = submitted(plan([item("A"), item("B")], { refusalPolicy: "hold" })).refuse("A");
    expect(types(play)).not.toContain("held");
    play.grant("B");
    expect(play.state).toMatchObject({ status: "closed", outcome: "partly_granted" });
  });

  test("is over for what can no longer be proved, and so may the case be", () => {
    const items = [item("A"), item("B"), item("F", { after: ["A", "B"] })];
    const play = submitted(plan(items, { refusalPolicy: "hold" }), [waiting("F", "B")]).refuse("A");
    expect(play.outcomes()).toMatchObject({ F: "waiting" });
    play.refuse("B");
    expect(play.outcomes()).toEqual({ A: "refused", B: "refused", F: "not_possible" });
    expect(play.state!.status).toBe("closed");
  });
});

describe("withdraw", () => {
  test("ends what has not started with the reason, asks departments for the rest, and leaves what was issued", () => {
    const play = refused("withdraw");
    expect(play.outcomes()).toEqual({ ...done, C: "withdrawn", D: "with_department", F: "withdrawn" });
    expect(play.state!.items.C).toMatchObject({ becauseOf: ["A"] });
    expect(play.state!.items.C!.reasons[0]!.zh).toContain("“item A（中）”没有通过");
    const requested = play.events.find(({ type }) => type === "case.withdraw_requested");
    expect(requested!.data).toMatchObject({ caseId: "case-1", by: "rule:refusal_policy", items: ["D"] });
    play.do({ type: "withdrawal_refused", item: "D", why: words("decided") });
    play.grant("D");
    expect(play.state).toMatchObject({ status: "closed", outcome: "partly_granted" });
  });

  test("asks a department once, whoever has asked it first", () => {
    const play = submitted(plan([item("A"), item("B"), item("C")], { refusalPolicy: "withdraw" }));
    play.do({ type: "withdraw", by: "citizen:1" });
    play.refuse("A").refuse("B");
    expect(types(play).filter((type) => type === "withdraw_requested")).toHaveLength(1);
    const alone = submitted(plan([item("A")], { refusalPolicy: "withdraw" })).refuse("A");
    expect(types(alone)).toEqual(["drafted", "answered", "submitted", "item_ready", "item_ended", "closed"]);
  });

  test("also takes back what waits for the applicant's answer to a notice", () => {
    const play = submitted(plan([item("A"), item("B")], { refusalPolicy: "withdraw" }));
    play.do({ type: "supplement_requested", item: "B", gaps: [] });
    play.refuse("A");
    expect(play.events.at(-1)!.data).toMatchObject({ items: ["B"] });
  });
});

test("what will happen is told in both languages, differently for each policy", () => {
  const told = ["carry_on", "hold", "withdraw"].map((refusalPolicy) =>
    ifRefused(plan([], { refusalPolicy })),
  );
  expect(new Set(told.flatMap(({ zh, en }) => [zh, en])).size).toBe(6);
  for (const { zh, en } of told) {
    expect(zh).toMatch(/^如果有一项没有通过：/);
    expect(en).toMatch(/^If one item is refused: /);
  }
});
