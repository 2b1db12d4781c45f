import { describe, expect, test } from "vitest";
import { item, noon, type Play, plan, submitted, waiting, words } from "./cases.fixture.ts";
import { caseKind } from "./decide.ts";
import { ifRefused } from "./policy.ts";
import { timelineOf, whoHasIt } from "./timeline.ts";

const recall = { basis: words("rule 8") };
/** A and E state a fact; B needs what A produces, C and D need nothing. */
const items = [item("A", { neverRecalled: true }), item("B"), item("C"), item("D")];
const filed = (): Play => submitted(plan(items, { refusalPolicy: "withdraw", recall }), [waiting("B", "A")]);
const requests = ({ events }: Play) =>
  events.flatMap(({ type, data }) => (type === "case.recall_requested" ? [data] : []));
const revoke = (play: Play, code: string) =>
  play.do({ type: "revoked", item: code, reasons: [words("recalled")], remedies: [] });

describe("what was granted when another item is refused", () => {
  test("is recalled by the bundle's rule, but not what states a fact; the case waits for it and ends with what came of it", () => {
    const play = filed().grant("A").grant("B").refuse("C");
    expect(requests(play)).toEqual([
      {
        ...{ caseId: "case-1", items: ["B"], becauseOf: ["C"] },
        reason: {
          zh: "“item C（中）”没有通过，按这件事的规定收回（依据：rule 8（中））",
          en: '"item C" was refused, and by the rule of the bundle this grant is recalled (rule 8)',
        },
      },
    ]);
    play.do({ type: "cancelled", item: "D" });
    expect(play.state!.status).toBe("running");
    expect(caseKind.unfinished!(play.state!, noon)).toBeUndefined();
    expect(whoHasIt(play.state!, play.state!.items.B!, "2026-11-24").zh).toBe("已经批准，正在按规定收回");
    revoke(play, "B");
    expect(play.state).toMatchObject({ status: "closed", outcome: "partly_granted" });
    const told = timelineOf(play.state!, play.events).map(({ zh }) => zh);
    expect(told.find((zh) => zh.startsWith("要求收回"))).toBe(
      "要求收回“item B（中）”的批准：“item C（中）”没有通过，按这件事的规定收回（依据：rule 8（中））",
    );
  });

  test("and it was all that was granted, leaves nothing granted", () => {
    const play = filed().grant("D").refuse("C");
    play.do({ type: "cancelled", item: "A" });
    revoke(play, "D");
    expect(play.state).toMatchObject({ status: "closed", outcome: "none_granted" });
  });

  test("is recalled also if it was granted while the refusal was on its way, and its result is in the making", () => {
    const play = filed().grant("A").refuse("C");
    expect(requests(play)).toEqual([]);
    play.do({ type: "granted", item: "D", automatic: false });
    expect(requests(play)).toMatchObject([{ items: ["D"], becauseOf: ["C"] }]);
    play.do({ type: "withdrawal_refused", item: "D", why: words("decided") });
    play.issue("D");
    play.grant("B");
    expect(requests(play).map((each) => each.items)).toEqual([["D"], ["B"]]);
    revoke(play, "D");
    revoke(play, "B");
    expect(play.state!.status).toBe("closed");
  });

  test("is asked for once, whatever is refused or told again; what a department has taken back itself is not", () => {
    const play = filed().grant("A").grant("B");
    revoke(play, "B");
    play.grant("D").refuse("C");
    expect(play.do({ type: "refused", item: "C", reasons: [], remedies: [] })).toEqual([]);
    expect(requests(play)).toMatchObject([{ items: ["D"] }]);
    revoke(play, "D");
    expect(revoke(play, "D")).toEqual([]);
    expect(play.state!.status).toBe("closed");
  });

  test("takes the proof from what has not started", () => {
    const own = [item("A"), item("B", { after: ["C"] }), item("C")];
    const play = submitted(plan(own, { refusalPolicy: "withdraw", recall }), [waiting("B", "A")]);
    play.grant("A").refuse("C");
    expect(play.outcomes()).toMatchObject({ A: "granted", B: "withdrawn", C: "refused" });
    revoke(play, "A");
    expect(play.state).toMatchObject({ status: "closed", outcome: "none_granted" });
  });

  test.each([
    ["not_this_authority", 1],
    ["not_needed", 0],
  ] as const)("not accepted as %s counts as a refusal, or does not", (ground, n) => {
    const play = filed().grant("A").grant("B");
    play.do({
      ...{ type: "not_accepted", item: "C", ground, reasons: [words("no")], remedies: [] },
      rightBody: undefined,
    });
    expect(requests(play)).toHaveLength(n);
  });

  test("stays where the bundle has no such rule", () => {
    const play = submitted(plan(items, { refusalPolicy: "withdraw" }), [waiting("B", "A")]);
    play.grant("A").grant("B").refuse("C");
    expect(requests(play)).toEqual([]);
  });
});

test("what becomes of what is done by then is told before filing, with the basis and what stays all the same", () => {
  const stays = ifRefused(plan(items, { refusalPolicy: "withdraw" }));
  expect(stays.zh).toMatch(/。已经办好的仍然有效$/);
  expect(stays.en).toMatch(/\. What is done already stays valid$/);
  const recalled = ifRefused(plan(items, { refusalPolicy: "withdraw", recall }));
  expect(recalled.zh).toMatch(/也会收回，有关证照随之失效（依据：rule 8（中））；“item A（中）”不收回$/);
  expect(recalled.en).toMatch(/is recalled, and its licences are revoked \(rule 8\); "item A" stays$/);
});
