import { Gap } from "@onething/contracts/approval/v1/events";
import {
  CaseClosed,
  CaseItemAccepted,
  CaseItemEnded,
  CaseWithdrawalRefused,
} from "@onething/contracts/window/v1/events";
import { describe, expect, test } from "vitest";
import type { CaseEvent, CaseOutcome, ItemOutcome, ItemState } from "./case.ts";
import { item, type Play, plan, receipt, submitted, waiting, words } from "./cases.fixture.ts";
import { timelineOf, whoHasIt } from "./timeline.ts";
import { noDecision } from "./words.ts";

const at = "2026-11-24T04:00:00.000Z";
const sentences = (play: Play, events: CaseEvent[]) =>
  timelineOf(
    play.state!,
    events.map((event) => ({ ...event, at })),
  );

const whole = (text: { zh: string; en: string }) => {
  for (const each of [text.zh, text.en]) {
    expect(each.trim()).not.toBe("");
    expect(each).not.toMatch(/undefined|null|[：:]\s*$|“”|""|\s{2}/);
  }
};

/** A case in which everything happens. */
const eventful = () => {
  const planned = plan([item("A"), item("B"), item("C"), item("D"), item("E", { handling: "offline" })]);
  const silent = receipt("D", { state: "unavailable", why: words("silent") });
  const play = submitted(planned, [waiting("C", "B"), silent]);
  play.do({ type: "accepted", item: "A", dueOn: "2026-12-01", dueProvisional: false, how: "complete" });
  play.do({ type: "evidence", receipts: [silent] });
  play.do({ type: "evidence", receipts: [receipt("D")] });
  play.grant("A").refuse("B");
  play.do({ type: "withdraw", by: "citizen:1" });
  play.do({ type: "withdrawal_refused", item: "D", why: words("decided already") });
  return play.grant("D");
};

describe("the timeline", () => {
  test("says in both languages what has happened, who has it, and how it ended", () => {
    const play = eventful();
    const entries = timelineOf(play.state!, play.events);
    for (const entry of entries) whole(entry);
    expect(entries.map((entry) => entry.zh)).toEqual([
      "已提交，办件编号 N-1",
      "“item E（中）”不用办：这一项由主管部门线下办理，结果由登记系统取得",
      "“item A（中）”已送到department of A（中）",
      "“item B（中）”已送到department of B（中）",
      "department of A（中）已受理“item A（中）”，最晚 2026-12-01 办完",
      "有一个部门的系统暂时没有答复，我们会继续询问",
      "部门系统已经答复，继续办理",
      "“item D（中）”已送到department of D（中）",
      "“item A（中）”办好了",
      "“item B（中）”没有通过：not complete（中）",
      expect.stringContaining("“item C（中）”办不了"),
      "已申请撤回，未办的事项不再办理",
      "“item D（中）”来不及撤回：decided already（中）",
      "“item D（中）”办好了",
      "已办结，有的事项没有办成，原因见各项说明",
    ]);
    expect(entries.find((entry) => entry.zh.includes("已受理"))).toMatchObject({ item: "A", at });
  });

  test("has whole sentences for every outcome, also without a reason or a date", () => {
    const play = eventful();
    const outcomes: ItemOutcome[] = [
      "granted",
      "refused",
      "not_accepted",
      "not_possible",
      "not_needed",
      "withdrawn",
    ];
    const closed: CaseOutcome[] = ["all_granted", "partly_granted", "none_granted", "withdrawn"];
    const events: CaseEvent[] = [
      ...outcomes.map((outcome) => ({
        type: "case.item_ended" as const,
        data: CaseItemEnded.fromPartial({ item: "A", outcome }),
      })),
      ...closed.map((outcome) => ({
        type: "case.closed" as const,
        data: CaseClosed.fromPartial({ outcome }),
      })),
      { type: "case.item_accepted", data: CaseItemAccepted.fromPartial({ item: "A" }) },
      { type: "case.withdrawal_refused", data: CaseWithdrawalRefused.fromPartial({ item: "A" }) },
    ];
    const entries = sentences(play, events);
    expect(entries).toHaveLength(events.length);
    for (const entry of entries) whole(entry);
    expect(new Set(entries.map((entry) => entry.en)).size).toBe(events.length);
  });
});

test("a notice is told whole: every gap, and what would do (Licensing Law art. 32); then that it is answered", () => {
  const play = submitted(plan([item("A")]), [], { sealedForms: { A: "s1" } });
  const gaps = ["1.1", "1.2"].map((id) =>
    Gap.fromPartial({ id, what: words(`wrong ${id}`), remedy: words(`mend ${id}`) }),
  );
  const [told] = sentences(play, play.do({ type: "supplement_requested", item: "A", gaps }));
  whole(told!);
  for (const each of ["wrong 1.1", "mend 1.1", "wrong 1.2", "mend 1.2"]) {
    expect(told!.zh).toContain(`${each}（中）`);
    expect(told!.en).toContain(each);
  }
  expect(whoHasIt(play.state!, play.state!.items.A!, "2026-11-24").zh).toBe("等申请人补正，共 2 项");
  const answers = gaps.map(({ id }) => ({ gap: id, way: "words", sealedWords: "s" }));
  const forms = { A: { was: "s1", now: "s2" } };
  const [answered] = sentences(
    play,
    play.do({ type: "supplement", item: "A", by: "citizen:1", answers, receipts: [], forms }),
  );
  whole(answered!);
  expect(answered).toMatchObject({
    item: "A",
    zh: "“item A（中）”的补正已经提交，department of A（中）继续办理",
  });
  expect(whoHasIt(play.state!, play.state!.items.A!, "2026-11-24").en).toBe("With department of A");
});

test("a grant by silence is told as that, with its rule: when it counts, while it is made, and with its end (art. 50)", () => {
  const play = submitted(plan([item("A")]), []);
  const basis = words("article 50");
  const decided = play.do({ type: "granted", item: "A", automatic: true, deemed: basis });
  const making = whoHasIt(play.state!, play.state!.items.A!, "2026-11-24");
  const told = [...sentences(play, decided), making, ...sentences(play, play.issue("A"))].filter(
    ({ zh }) => !zh.includes("全部"),
  );
  expect(told).toHaveLength(3);
  for (const each of told) {
    whole(each);
    expect(each.zh).toContain("法定期限内没有作出决定，视为准予（依据：article 50（中））");
    expect(each.en).toContain("no decision was made within the legal limit");
  }
  expect(making.zh).not.toContain("同意");
  expect(play.state!.items.A).toMatchObject({ outcome: "granted", reasons: [noDecision(basis)] });
  const plain = submitted(plan([item("A")]), []);
  expect(sentences(plain, plain.do({ type: "granted", item: "A", automatic: true }))).toEqual([]);
});

describe("who has an item", () => {
  test("is said for every status it may be in", () => {
    const play = eventful();
    const state = play.state!;
    const base = state.items.A!;
    const statuses: Partial<ItemState>[] = [
      { status: "with_department" },
      { status: "with_department", dueOn: "2026-12-01" },
      { status: "issuing" },
      ...(["granted", "refused", "not_accepted", "not_possible", "not_needed", "withdrawn"] as const).map(
        (outcome) => ({
          status: "ended" as const,
          outcome,
        }),
      ),
    ];
    for (const change of statuses) whole(whoHasIt(state, { ...base, ...change }, "2026-11-24"));
  });

  test("of one that waits says for what", () => {
    const silent = receipt("A", { state: "unavailable", why: words("the register is silent") });
    const play = submitted(plan([item("A"), item("B"), item("C"), item("D")]), [
      silent,
      waiting("C", "B"),
      waiting("C", "D"),
    ]);
    expect(whoHasIt(play.state!, play.state!.items.A!, "2026-11-24")).toEqual(
      words("the register is silent"),
    );
    play.grant("D");
    expect(whoHasIt(play.state!, play.state!.items.C!, "2026-11-24")).toEqual({
      zh: "等“item B（中）”办好后自动开始",
      en: 'Starts by itself after "item B"',
    });
  });

  test("of one held back by the applicant's own proof says that", () => {
    const planned = plan([item("A"), item("B")], { standing: { role: "owner", requirement: "proof-A" } });
    const play = submitted(planned, [
      receipt("A", { state: "unavailable", why: words("kinship not answered") }),
    ]);
    expect(whoHasIt(play.state!, play.state!.items.B!, "2026-11-24")).toEqual(words("kinship not answered"));
  });
});
