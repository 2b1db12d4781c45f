import { nationalCalendar, withAnnouncement } from "@onething/kernel/calendar";
import { describe, expect, test } from "vitest";
import { item, Play, pair, plan, receipt, subject, submission, words } from "./cases.fixture.ts";
import { departmentName, ledgerOf } from "./ledger.ts";

const at = (date: string, time = "10:00") => new Date(`${date}T${time}:00+08:00`);
const gap = { id: "1.1", field: "", requirement: "", what: words("blurred"), remedy: words("again") };
const clock = { type: "clock", item: "A", dates: undefined, why: undefined, untilOn: "" } as const;

/** Filed on Monday the 21st of September 2026; the 25th is a holiday. */
function filed(items = [item("A"), item("B", { after: ["A"] })], receipts = [receipt("A")], more = {}): Play {
  const play = new Play().open().answered(plan(items, more), [subject("owner")]);
  play.do(submission(play.state!, receipts), at("2026-09-21"));
  return play;
}
const ledger = (play: Play, now: string, calendar = nationalCalendar) =>
  ledgerOf(calendar, play.events, at(now))!;
const days = (department: number, applicant: number, pause: number) => ({ department, applicant, pause });

describe("a working day of a case is", () => {
  test("its department's, also where others only wait for what that one has; the day of the submission is nobody's", () => {
    const now = ledger(filed(), "2026-09-24", nationalCalendar);
    expect(now).toMatchObject({ from: "2026-09-21", until: "2026-09-24", days: days(3, 0, 0) });
    expect(now.departments).toEqual([{ code: "dept-A", days: 3 }]);
    expect(now.items.map(({ code }) => code)).toEqual(["A"]);
  });

  test("art. 32: the applicant's while a notice waits, and again the department's from the answer on", () => {
    const play = filed();
    play.do({ type: "supplement_requested", item: "A", answerBy: "", gaps: [gap] }, at("2026-09-22"));
    const answers = [{ gap: gap.id, way: "words", sealedWords: "" }];
    const forms = { A: { was: "", now: "" } };
    play.do(
      { type: "supplement", item: "A", by: "citizen:1", receipts: [], answers, forms },
      at("2026-09-24", "23:59"),
    );
    const now = ledger(play, "2026-09-29");
    expect(now.days).toEqual(days(3, 2, 0));
    expect(now.each.map(({ date, owner }) => `${date.slice(5)} ${owner}`)).toEqual([
      "09-22 department",
      "09-23 applicant",
      "09-24 applicant",
      "09-28 department",
      "09-29 department",
    ]);
  });

  test("art. 45: a legal pause's, unless another department has something in its hands", () => {
    const play = filed([item("A"), item("B")], [receipt("A"), receipt("B")]);
    play.do({ ...clock, what: "paused", procedure: "hearing" }, at("2026-09-21", "11:00"));
    play.do({ type: "refused", item: "B", reasons: [words("no")], remedies: [] }, at("2026-09-23"));
    play.do({ ...clock, what: "resumed", procedure: "hearing" }, at("2026-09-28"));
    const now = ledger(play, "2026-09-29");
    expect(now.days).toEqual(days(3, 0, 2));
    expect(now.departments).toEqual([
      { code: "dept-A", days: 1 },
      { code: "dept-B", days: 2 },
    ]);
    expect(now.items).toMatchObject([
      { code: "A", days: days(1, 0, 4) },
      { code: "B", days: days(2, 0, 0) },
    ]);
  });

  test("a legal pause's rather than the applicant's, where another item waits for an answer", () => {
    const play = filed([item("A"), item("B")], [receipt("A"), receipt("B")]);
    play.do({ ...clock, what: "paused", procedure: "hearing" }, at("2026-09-21", "11:00"));
    play.do({ type: "supplement_requested", item: "B", answerBy: "", gaps: [gap] }, at("2026-09-22"));
    expect(ledger(play, "2026-09-24").days).toEqual(days(1, 0, 2));
  });

  test("of the department whose register is silent, by the name that people call it", () => {
    const evidence = [
      { code: "card", name: words("card"), register: "civil", registerName: words("register of marriages") },
    ];
    const silent = receipt("A", { state: "unavailable", pair: pair("card") });
    const play = filed([item("A")], [silent], { evidence });
    const now = ledger(play, "2026-09-23");
    expect(now).toMatchObject({ days: days(2, 0, 0), departments: [{ code: "civil", days: 2 }], items: [] });
    expect(departmentName(play.state!.plan!, "civil")).toEqual(words("register of marriages"));
  });

  test("the applicant's, once a refusal has stopped what has not started until the applicant's word", () => {
    const play = filed([item("A"), item("B", { after: ["A"] })], [], { refusalPolicy: "hold" });
    play.do({ type: "refused", item: "A", reasons: [words("no")], remedies: [] }, at("2026-09-22"));
    play.do({ type: "continue", by: "citizen:1" }, at("2026-09-28"));
    expect(ledger(play, "2026-09-29").days).toEqual(days(2, 3, 0));
  });

  test("art. 44: the department's while the result is made; the item's own ledger ends with the decision", () => {
    const play = filed([item("A")]);
    play.do({ type: "granted", item: "A", automatic: false }, at("2026-09-22"));
    play.issue("A");
    expect(play.state!.status).toBe("closed");
    const made = filed([item("A")]);
    made.do({ type: "granted", item: "A", automatic: false }, at("2026-09-22"));
    const now = ledger(made, "2026-09-24");
    expect(now.days).toEqual(days(3, 0, 0));
    expect(now.items).toMatchObject([{ days: days(1, 0, 0) }]);
  });
});

describe("the limits of an item count", () => {
  const accepting = (how: string) => {
    const play = filed([item("A")]);
    const dates = { dueOn: "2026-10-20", dueProvisional: false };
    play.do({ type: "accepted", item: "A", ...dates, how }, at("2026-09-24"));
    return ledger(play, "2026-09-29").items[0];
  };
  test("art. 42: from the acceptance", () => {
    expect(accepting("checked")).toMatchObject({ used: 2, days: days(5, 0, 0) });
  });
  test("art. 32: from the day of receipt where no notice came in time", () => {
    expect(accepting("deemed")).toMatchObject({ used: 5, days: days(5, 0, 0) });
  });
});

test("art. 82: the calendar of the division counts, and a year that is not announced makes it provisional", () => {
  const off = withAnnouncement(nationalCalendar, { year: 2026, off: ["2026-09-22"], worked: [] });
  expect(ledger(filed(), "2026-09-24", off)).toMatchObject({ days: days(2, 0, 0), provisional: false });
  expect(ledger(filed(), "2028-01-10").provisional).toBe(true);
});

test("there is no ledger before the submission, and one of no days where all ended at once", () => {
  const draft = new Play().open();
  expect(ledgerOf(nationalCalendar, draft.events, at("2026-09-24"))).toBeUndefined();
  const offline = filed([item("A", { handling: "offline" })], []);
  expect(offline.state!.status).toBe("closed");
  expect(ledger(offline, "2026-09-30")).toMatchObject({ until: "2026-09-21", days: days(0, 0, 0), each: [] });
});
