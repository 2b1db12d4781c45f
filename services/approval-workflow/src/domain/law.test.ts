// The articles of the Administrative Licensing Law, one by one.
import { nationalCalendar, workingDaysBetween } from "@onething/kernel/calendar";
import { civilDate } from "@onething/kernel/civil-date";
import { describe, expect, test } from "vitest";
import { unfinished } from "./approval.ts";
import { ledgerOf } from "./clock.ts";
import { acts, answered, gap, li, Play, system, wang, words } from "./play.fixture.ts";

describe("art. 32: the acceptance check", () => {
  test("accepted: the limits run from now, and the case is told until when", () => {
    const play = new Play().on("2026-09-21").do(acts.accept());
    expect(play.last("approval.accepted")).toMatchObject({
      how: "checked",
      by: "officer:li",
      dueOn: "2026-09-29",
    });
    expect(play.state).toMatchObject({
      status: "accepted",
      legalDueOn: "2026-10-26",
      acceptedBy: "officer:li",
    });
  });

  test("what the platform has proved complete is accepted by rule with the receipt", () => {
    const play = new Play({ acceptance: "automatic" });
    expect(play.types).toEqual(["opened", "accepted"]);
    expect(play.state).toMatchObject({ dueOn: "2026-09-24", acceptedBy: "rule:automatic" });
  });

  test("(3) an error that can be set right on the spot is, and the application accepted", () => {
    const play = new Play().do(acts.correct());
    expect(play.types).toEqual(["opened", "claimed", "corrected", "accepted"]);
    expect(play.state).toMatchObject({ sealedForm: "s1.k.corrected", status: "accepted" });
  });

  test("(1) no licence is needed; (2) another body has the power, and which; both with remedies", () => {
    const notNeeded = new Play().do(acts.decline());
    expect(notNeeded.state.status).toBe("not_needed");
    const elsewhere = new Play().do({
      ...{ type: "decline", by: li, ground: "not_this_authority", reasons: [words("elsewhere")] },
      rightBody: words("the tax office"),
    });
    expect(elsewhere.state.status).toBe("not_accepted");
    expect(elsewhere.last("approval.not_accepted")).toMatchObject({
      rightBody: { en: "the tax office" },
      remedies: [expect.anything(), expect.anything()],
    });
  });

  test("(4) the one-time notice is in time on the fifth working day, and late on the sixth", () => {
    const play = new Play();
    expect(play.state.acceptBy).toBe("2026-09-24");
    expect(play.on("2026-09-24").outcome(acts.supplement())).toBe("claimed+supplement_requested");
    expect(play.on("2026-09-25").outcome(acts.supplement())).toBe("conflict approval.notice_late");
  });

  test("(4) without a notice it is deemed accepted when the fifth working day is over, from the day of receipt", () => {
    const play = new Play();
    play.now = new Date("2026-09-24T15:59:59.999Z");
    expect(play.outcome({ type: "lapse" })).toBe("");
    play.now = new Date("2026-09-24T16:00:00.000Z");
    play.do({ type: "lapse" });
    expect(play.last("approval.accepted")).toMatchObject({
      ...{ how: "deemed", by: "rule:silence", acceptedAt: "2026-09-18T02:00:00.000Z" },
      dueOn: "2026-09-24",
    });
    expect(play.state.legalDueOn).toBe("2026-10-22");
  });

  test("(4) a notice that nobody answers waits for ever, unless a local rule takes that for a withdrawal", () => {
    const waits = new Play().do(acts.supplement()).on("2027-09-21");
    expect(waits.outcome({ type: "unanswered" })).toBe("");
    const basis = words("local rule");
    const play = new Play({ unanswered: { days: 5, basis } }).do(acts.supplement());
    // The Sunday is worked: five working days after the Friday end on the Thursday.
    expect(play.last("approval.supplement_requested").answerBy).toBe("2026-09-24");
    play.now = new Date("2026-09-24T15:59:59.999Z");
    expect(play.outcome({ type: "unanswered" })).toBe("");
    const answers = answered(["1.1", "value"], ["1.2", "evidence"]);
    expect(play.outcome(answers)).toBe("supplemented");
    play.now = new Date("2026-09-24T16:00:00.000Z");
    expect(play.outcome({ type: "unanswered" })).toBe("cancelled");
    // An answer that comes with the last of the day is in time, whatever the timer does.
    const inTime = new Play({ unanswered: { days: 5, basis } }).do(acts.supplement()).do(answers);
    expect(inTime.on("2026-09-28").outcome({ type: "unanswered" })).toBe("");
    play.do({ type: "unanswered" });
    expect(play.last("approval.cancelled").deemed).toEqual(basis);
    expect(play.state.status).toBe("cancelled");
    expect(play.outcome(answers)).toBe("");
  });

  test("(4) the notice names what is missing; while the applicant has it the clock of the department stands still", () => {
    const play = new Play().on("2026-09-21").do(acts.supplement());
    expect(play.state).toMatchObject({ status: "supplementing", notices: [{ by: "officer:li" }] });
    expect(play.state.notices[0]!.gaps.map(({ id, field, requirement }) => [id, field, requirement])).toEqual(
      [
        ["1.1", "name", ""],
        ["1.2", "", "lease"],
      ],
    );
    play.on("2026-10-09").do(answered(["1.1", "value"], ["1.2", "evidence"]));
    expect(play.state).toMatchObject({
      status: "received",
      sealedForm: "s1.k.form2",
      acceptBy: "2026-10-15",
    });
    const calendarDays = workingDaysBetween(nationalCalendar, "2026-09-18", "2026-10-09");
    const ledger = ledgerOf(nationalCalendar, play.state, play.now);
    // Sunday the 20th, worked, and the 21st are the department's.
    expect(ledger).toEqual({ department: 2, applicant: calendarDays - 2, pause: 0 });
  });

  test("(4) everything is told at once: a second notice is about what the answer brought, and nothing that was there", () => {
    const play = new Play().do(acts.supplement(), answered(["1.1", "value"], ["1.2", "evidence"]));
    const again = (about: Parameters<typeof gap>[0]) => play.outcome(acts.supplement(li, gap(about)));
    expect(again({ field: "address" })).toBe("conflict approval.notice_once");
    expect(again({ requirement: "marriage" })).toBe("conflict approval.notice_once");
    expect(again({})).toBe("conflict approval.notice_once");
    expect(again({ field: "name" })).toBe("supplement_requested");
    expect(play.do(acts.supplement(li, gap({ requirement: "lease" }))).state.notices[1]!.gaps[0]!.id).toBe(
      "2.1",
    );
  });

  test.each([
    ["nothing", [], "approval.gaps_missing"],
    ["a field of another item", [gap({ field: "income" })], "approval.gap_invalid"],
    ["a requirement of another item", [gap({ requirement: "diploma" })], "approval.gap_invalid"],
    ["a field and a requirement", [gap({ field: "name", requirement: "lease" })], "approval.gap_invalid"],
    ["no word on what would do", [{ ...gap(), remedy: { zh: " ", en: "" } }], "approval.gap_invalid"],
    ["somebody's number", [gap({}, "430999199001010019 is wrong")], "approval.words_invalid"],
  ])("art. 31: a notice that names %s is refused", (_, gaps, reason) => {
    const command = { type: "supplement", by: li, gaps } as const;
    expect(new Play().outcome(command)).toBe(`invalid ${reason}`);
  });

  test("a decision accepts with the same stroke (art. 34)", () => {
    const play = new Play().do(acts.refuse());
    expect(play.types).toEqual(["opened", "claimed", "accepted", "refused"]);
    expect(play.last("approval.accepted").how).toBe("decided");
  });

  test("an answer that comes when the department has accepted meanwhile still counts", () => {
    const play = new Play().do(acts.supplement(), acts.accept(), answered(["1.1", "value"]));
    expect(play.state).toMatchObject({ status: "accepted", sealedForm: "s1.k.form2" });
  });
});

describe("art. 38: a refusal says why and what one can do", () => {
  test("it carries the two of the general law, behind what the item itself says", () => {
    const own = [words("ask for a review")];
    expect(new Play({ remedies: own }).do(acts.refuse()).last("approval.refused").remedies[0]).toEqual(
      own[0],
    );
    const general = new Play({ remedies: own }).do(acts.refuse()).last("approval.refused").remedies.slice(1);
    expect(general.map(({ zh }) => zh)).toEqual([
      expect.stringContaining("六十日"),
      expect.stringContaining("六个月"),
    ]);
  });
});

describe("art. 42: twenty working days, and ten more, once", () => {
  const plain = { promised: undefined, legal: undefined };
  test("twenty where the item names no limit, forty-five in joint handling", () => {
    expect(new Play(plain).on("2026-09-21").do(acts.accept()).state.legalDueOn).toBe("2026-10-26");
    const joint = new Play({ ...plain, joint: true }, {}, new Date("2026-01-05T02:00:00.000Z")).do(
      acts.accept(),
    );
    expect(joint.state.legalDueOn).toBe("2026-03-13");
    expect(joint.do(acts.extend(li, 15)).state.legalDueOn).toBe("2026-04-03");
  });

  test("prolonged by ten at most, with a reason and who approved it, and never twice", () => {
    const play = new Play(plain).on("2026-09-21").do(acts.accept());
    expect(play.outcome(acts.extend(li, 11))).toBe("invalid approval.days_invalid");
    play.do(acts.extend());
    expect(play.last("approval.extended")).toMatchObject({
      ...{ days: 10, reason: words("complicated"), approvedBy: words("the head") },
      dates: { dueOn: "2026-11-09", legalDueOn: "2026-11-09" },
    });
    expect(play.outcome(acts.extend())).toBe("conflict approval.extended_once");
  });

  test("not when the limit has passed", () => {
    const play = new Play(plain).on("2026-09-21").do(acts.accept());
    expect(play.on("2026-10-26").outcome(acts.extend())).toBe("extended");
    expect(play.on("2026-10-27").outcome(acts.extend())).toBe("conflict approval.extend_late");
  });
});

test("art. 44: what is granted is delivered within ten working days of the decision", () => {
  const play = new Play().on("2026-09-21").do(acts.grant());
  expect(play.state.deliverBy).toBe("2026-10-12");
  expect(play.do(acts.deliver()).last("approval.delivered").how).toBe("window");
});

describe("art. 45: only the law's procedures stop the clock", () => {
  test("the applicant is told which, why and how long; every working day of it moves the dates by one", () => {
    const play = new Play().on("2026-09-21").do(acts.accept());
    const before = play.state;
    play.do(acts.pause(li, 5));
    expect(play.last("approval.paused")).toMatchObject({
      procedure: "hearing",
      days: 5,
      untilOn: "2026-09-29",
    });
    expect(play.state).toMatchObject({ status: "paused", stopped: true });
    play.on("2026-09-28").do(acts.resume());
    const paused = workingDaysBetween(nationalCalendar, "2026-09-21", "2026-09-28");
    expect(workingDaysBetween(nationalCalendar, before.dueOn, play.state.dueOn)).toBe(paused);
    expect(workingDaysBetween(nationalCalendar, before.legalDueOn, play.state.legalDueOn)).toBe(paused);
    expect(ledgerOf(nationalCalendar, play.state, play.now).pause).toBe(paused);
    expect(play.state).toMatchObject({
      status: "accepted",
      stopped: false,
      procedures: [{ result: words("heard") }],
    });
  });

  test("a procedure that the item does not name, or without its length, is refused", () => {
    const play = new Play().do(acts.accept());
    expect(play.outcome({ ...acts.pause(), procedure: "auction" } as never)).toBe(
      "invalid approval.procedure_unknown",
    );
    expect(play.outcome(acts.pause(li, 0))).toBe("invalid approval.days_invalid");
    expect(new Play({ procedures: [] }).do(acts.accept()).outcome(acts.pause())).toBe(
      "conflict approval.no_procedure",
    );
  });
});

describe("art. 50 and local rules: when silence grants", () => {
  const silent = { silence: words("Licensing Law art. 50") };
  const opened = { silentResult: "s1.k.renewed" };
  test("it does so when the legal end is over, naming its ground, and once", () => {
    const play = new Play(silent, opened).on("2026-09-21").do(acts.accept());
    expect(play.on("2026-10-26").outcome({ type: "silence" })).toBe("");
    play.on("2026-10-27").do({ type: "silence" });
    expect(play.last("approval.granted")).toMatchObject({
      ...{ by: "rule:silence", automatic: true, sealedResult: "s1.k.renewed", deemed: silent.silence },
      conditions: [],
    });
    expect(play.outcome({ type: "silence" })).toBe("");
  });

  test("nowhere else, and not while the clock stands still", () => {
    const plain = new Play({}, opened).do(acts.accept()).on("2027-03-01");
    expect(plain.outcome({ type: "silence" })).toBe("");
    const paused = new Play(silent, opened).do(acts.accept(), acts.pause()).on("2027-03-01");
    expect(paused.outcome({ type: "silence" })).toBe("");
  });
});

test("arts. 8 and 69: a grant is taken back with its reasons and remedies", () => {
  const play = new Play().do(acts.grant(), acts.deliver(), acts.revoke(wang));
  expect(play.state.status).toBe("revoked");
  expect(play.last("approval.revoked")).toMatchObject({ ground: "fraud", by: "officer:wang" });
  expect(play.last("approval.revoked").remedies).toHaveLength(2);
});

test("an already decided item says by whom and when, in Beijing time", () => {
  const play = new Play().do(acts.grant());
  expect(() => play.do(acts.grant(wang))).toThrow(
    expect.objectContaining({
      public: {
        zh: "该事项已于 2026-09-18 10:00 由账号 li 作出决定：准予",
        en: "This item was granted by account li on 2026-09-18 10:00 (Beijing time)",
      },
    }),
  );
});

test("a withdrawal that comes too late says what was decided", () => {
  const play = new Play().do(acts.refuse(), { type: "cancel" });
  expect(play.last("approval.withdrawal_refused").why!.en).toMatch("refused by account li");
});

test("open work without a department or a due date is found by verify", () => {
  const { state } = new Play();
  expect(unfinished(state)).toBeUndefined();
  expect(unfinished({ ...state, department: "" })).toMatch("department");
  expect(unfinished({ ...state, dueOn: "" })).toMatch("due date");
  expect(unfinished({ ...new Play().do(acts.grant(system)).state, dueOn: "" })).toBeUndefined();
  expect(civilDate(new Date(state.openedAt))).toBe("2026-09-18");
});
