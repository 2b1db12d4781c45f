import { expect, test } from "vitest";
import { calendarFrom, calendarOf, type Limit, nationalCalendar, withAnnouncement } from "./calendar.ts";
import { dueOf, lightOf, lightTurnsOn, type Owner, type Turn } from "./ledger.ts";

const at = (date: string, time = "10:00"): string => new Date(`${date}T${time}:00+08:00`).toISOString();
const turn = (owner: Owner, date: string, time?: string): Turn => ({ owner, from: at(date, time) });
const workingDays = (n: number): Limit => ({ n, unit: "workingDay" });

/** Counted from the first turn. */
const due = (limit: Limit, turns: Turn[], now: string) =>
  dueOf(nationalCalendar, limit, turns, turns[0]!.from, now);
const light = (limit: Limit, turns: Turn[], now: string) =>
  lightOf(nationalCalendar, limit, turns, turns[0]!.from, now);

test.each([
  ["art. 32: five days for the one notice", "2026-09-18", 5, "2026-09-24"],
  ["art. 32: five days across Spring Festival", "2026-02-12", 5, "2026-02-26"],
  ["art. 42(1): twenty days", "2026-09-21", 20, "2026-10-26"],
  ["art. 42(1): twenty and ten", "2026-09-21", 30, "2026-11-09"],
  ["art. 42(2): forty-five days of joint handling", "2026-01-05", 45, "2026-03-13"],
  ["art. 42(2): forty-five and fifteen", "2026-01-05", 60, "2026-04-03"],
  ["art. 82: three days across Labour Day", "2026-04-29", 3, "2026-05-07"],
])("%s from %s end as the calendar says", (_, from, n, on) => {
  const expected = { on, provisional: false, stopped: false };
  expect(due(workingDays(n), [turn("department", from)], at(from))).toEqual(expected);
  // However late one asks.
  expect(due(workingDays(n), [turn("department", from)], at("2026-12-01"))).toEqual(expected);
});

test("art. 45: the six working days of a hearing are added, and while it runs the date is the earliest", () => {
  const heard = [turn("department", "2026-09-21"), turn("pause", "2026-09-28")];
  expect(due(workingDays(20), heard, at("2026-09-28"))).toEqual({
    on: "2026-10-26",
    provisional: false,
    stopped: true,
  });
  expect(due(workingDays(20), heard, at("2026-10-12"))).toEqual({
    on: "2026-11-03",
    provisional: false,
    stopped: true,
  });
  const back = [...heard, turn("department", "2026-10-12")];
  expect(due(workingDays(20), back, at("2026-10-20"))).toEqual({
    on: "2026-11-03",
    provisional: false,
    stopped: false,
  });
});

test("art. 45: a hearing begun on the very last day leaves the day on which the item comes back", () => {
  const turns = [turn("department", "2026-09-18"), turn("pause", "2026-09-24")];
  expect(light(workingDays(5), turns, at("2026-09-29")).light).toBe("red");
  turns.push(turn("department", "2026-09-30"));
  expect(due(workingDays(5), turns, at("2026-10-09")).on).toBe("2026-09-30");
  expect(light(workingDays(5), turns, at("2026-09-30")).light).toBe("red");
  expect(light(workingDays(5), turns, at("2026-10-01")).light).toBe("overdue");
});

test("art. 45: a hearing begun when the limit has run out heals nothing", () => {
  const turns = [turn("department", "2026-09-18"), turn("pause", "2026-09-25")];
  expect(due(workingDays(5), turns, at("2026-10-20"))).toEqual({
    on: "2026-09-24",
    provisional: false,
    stopped: true,
  });
  expect(light(workingDays(5), turns, at("2026-10-20"))).toEqual({ share: 1, light: "overdue" });
});

test("art. 42: what came before acceptance does not count; art. 32: deemed acceptance counts from the day of receipt", () => {
  const turns = [
    turn("department", "2026-09-01"),
    turn("applicant", "2026-09-03"),
    turn("department", "2026-09-15"),
  ];
  const from = (instant: string) =>
    dueOf(nationalCalendar, workingDays(20), turns, instant, at("2026-09-21")).on;
  expect(from(at("2026-09-21"))).toBe("2026-10-26");
  expect(from(at("2026-09-15"))).toBe("2026-10-19");
  // Two days (2 and 3 September) before the applicant's turn, eighteen from the 16th on.
  expect(from(at("2026-09-01"))).toBe("2026-10-15");
});

test("art. 82: a date beyond the announced year is provisional, and its notice settles it", () => {
  const calendar = calendarFrom(["2026-10-01"], []);
  const turns = [turn("department", "2026-12-21")];
  const ask = (of: typeof calendar) => dueOf(of, workingDays(20), turns, turns[0]!.from, at("2026-12-22"));
  expect(ask(calendar)).toEqual({ on: "2027-01-18", provisional: true, stopped: false });
  const notice = { year: 2027, off: ["2027-01-01", "2027-10-01"], worked: [] };
  expect(ask(withAnnouncement(calendar, notice))).toEqual({
    on: "2027-01-19",
    provisional: false,
    stopped: false,
  });
});

test("the item's own division decides what a working day is", () => {
  const local = { divisions: ["4331"], name: { zh: "州庆", en: "Founding day" }, off: ["2026-09-21"] };
  const turns = [turn("department", "2026-09-18")];
  const on = (division: string) =>
    dueOf(calendarOf(division, [local]), workingDays(5), turns, turns[0]!.from, at("2026-09-18")).on;
  expect([on("430999"), on("433101")]).toEqual(["2026-09-24", "2026-09-28"]);
});

test("days and months run over holidays and are prolonged by the days stopped, hours by the time stopped", () => {
  const turns = [
    turn("department", "2026-01-30"),
    turn("pause", "2026-02-03", "12:00"),
    turn("department", "2026-02-08", "12:00"),
  ];
  const on = (n: number, unit: Limit["unit"]) => due({ n, unit }, turns, at("2026-02-09")).on;
  expect(on(10, "day")).toBe("2026-02-14");
  expect(on(1, "month")).toBe("2026-03-05");
  // Ninety-eight hours until the pause leave ten: from noon of the eighth until ten in the evening.
  expect(on(108, "hour")).toBe("2026-02-08");
  expect(on(111, "hour")).toBe("2026-02-09");
  expect(on(97, "hour")).toBe("2026-02-03");
});

test("red-and-yellow-card rule: yellow past half, red past nine tenths, overdue when the last day has ended", () => {
  const turns = [turn("department", "2026-09-21")];
  const on = (date: string) => light(workingDays(20), turns, at(date));
  expect(on("2026-09-21")).toEqual({ share: 0, light: "green" });
  expect(on("2026-10-12")).toEqual({ share: 0.5, light: "green" });
  expect(on("2026-10-13")).toEqual({ share: 0.55, light: "yellow" });
  expect(on("2026-10-22")).toEqual({ share: 0.9, light: "yellow" });
  expect(on("2026-10-23")).toEqual({ share: 0.95, light: "red" });
  expect(on("2026-10-26")).toEqual({ share: 1, light: "red" });
  expect(on("2026-10-27")).toEqual({ share: 1.05, light: "overdue" });
  expect(lightTurnsOn(nationalCalendar, workingDays(20), turns, turns[0]!.from, at("2026-09-21"))).toEqual({
    yellow: at("2026-10-13", "00:00"),
    red: at("2026-10-23", "00:00"),
    overdue: at("2026-10-27", "00:00"),
  });
});

test("what was due on Friday is overdue on Saturday, though no working day has passed", () => {
  const turns = [turn("department", "2026-06-01")];
  expect(light(workingDays(4), turns, at("2026-06-05", "23:59")).light).toBe("red");
  expect(light(workingDays(4), turns, at("2026-06-06", "00:00"))).toEqual({ share: 1, light: "overdue" });
});

test("hours turn their lights to the millisecond, and a stop puts them off", () => {
  const turns = [turn("department", "2026-06-01", "08:00")];
  const ten: Limit = { n: 10, unit: "hour" };
  const turned = (given: Turn[], now: string) =>
    lightTurnsOn(nationalCalendar, ten, given, given[0]!.from, now);
  expect(turned(turns, turns[0]!.from)).toEqual({
    yellow: "2026-06-01T05:00:00.001Z",
    red: "2026-06-01T09:00:00.001Z",
    overdue: "2026-06-01T10:00:00.001Z",
  });
  turns.push(turn("pause", "2026-06-01", "14:00"), turn("department", "2026-06-03", "14:00"));
  expect(turned(turns, at("2026-06-03", "15:00"))).toEqual({
    yellow: "2026-06-01T05:00:00.001Z",
    red: "2026-06-03T09:00:00.001Z",
    overdue: "2026-06-03T10:00:00.001Z",
  });
});

test("what is decided at once is due the same day: green that day, overdue the next", () => {
  for (const unit of ["workingDay", "hour", "day", "month"] as const) {
    const turns = [turn("department", "2026-06-05")];
    expect(due({ n: 0, unit }, turns, at("2026-06-09"))).toEqual({
      on: "2026-06-05",
      provisional: false,
      stopped: false,
    });
    expect(light({ n: 0, unit }, turns, at("2026-06-05", "23:59"))).toEqual({ share: 0, light: "green" });
    expect(light({ n: 0, unit }, turns, at("2026-06-06")).light).toBe("overdue");
  }
});

test("shares that no binary fraction holds are still compared exactly", () => {
  const turns = [turn("department", "2026-01-05")];
  const seen = (now: string) =>
    lightOf(nationalCalendar, workingDays(100), turns, turns[0]!.from, now, { yellow: 0.29, red: 0.9 });
  expect(seen(at("2026-02-13"))).toEqual({ share: 0.29, light: "green" });
  expect(seen(at("2026-02-14"))).toEqual({ share: 0.3, light: "yellow" });
});

test("a light set to turn only past the whole limit turns no later than overdue begins", () => {
  const turns = [turn("department", "2026-06-01")];
  const thresholds = { yellow: 0.5, red: 1 };
  const begins = lightTurnsOn(
    nationalCalendar,
    workingDays(4),
    turns,
    turns[0]!.from,
    at("2026-06-01"),
    thresholds,
  );
  expect(begins).toEqual({
    yellow: at("2026-06-04", "00:00"),
    red: at("2026-06-06", "00:00"),
    overdue: at("2026-06-06", "00:00"),
  });
});
