import arrangements from "chinese-days/dist/chinese-days.json" with { type: "json" };
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addWorkingDays,
  type Calendar,
  calendarFrom,
  calendarOf,
  dueDate,
  type LocalCalendar,
  nationalCalendar,
  withAnnouncement,
  workingDaysBetween,
} from "./calendar.ts";
import { addDays, dateOf, dayNumber } from "./civil-date.ts";
import { calendars as manyYears, notices, walkedDays } from "./ledger.fixture.ts";

test.each([
  ["2026-09-18", 5, "2026-09-24", "a Sunday is a make-up workday"],
  ["2026-09-21", 20, "2026-10-26", "two holidays and a worked Saturday"],
  ["2026-09-21", 30, "2026-11-09", "twenty and ten of extension"],
  ["2026-02-12", 5, "2026-02-26", "Spring Festival, its Saturday before is worked"],
  ["2026-04-29", 3, "2026-05-07", "Labour Day"],
  ["2026-01-05", 45, "2026-03-13", "joint handling"],
  ["2026-01-05", 60, "2026-04-03", "joint handling, extended"],
])("from %s, %i working days end on %s (%s)", (from, n, date) => {
  expect(addWorkingDays(nationalCalendar, from, n)).toEqual({ date, provisional: false });
});

test("2026 has 248 working days", () => {
  expect(workingDaysBetween(nationalCalendar, "2025-12-31", "2026-12-31")).toBe(248);
});

const lastAnnounced = Math.max(...Object.keys(arrangements.holidays).map((date) => Number(date.slice(0, 4))));

test("a year is announced when the library has its arrangement, and only then", () => {
  expect(nationalCalendar.isAnnounced(2026)).toBe(true);
  expect(nationalCalendar.isAnnounced(lastAnnounced)).toBe(true);
  expect(nationalCalendar.isAnnounced(lastAnnounced + 1)).toBe(false);
  expect(nationalCalendar.isAnnounced(1999)).toBe(false);
});

test("a stray day of the turn of the year does not announce the next year", () => {
  const calendar = calendarFrom(["2030-10-01", "2031-01-01"], []);
  expect(calendar.isAnnounced(2030)).toBe(true);
  expect(calendar.isAnnounced(2031)).toBe(false);
  expect(calendar.isWorkingDay("2031-01-01")).toBe(false);
});

test("a date in a year not yet announced counts Monday to Friday and is provisional", () => {
  const start = `${lastAnnounced + 2}-03-01`;
  const { date, provisional } = addWorkingDays(nationalCalendar, start, 10);
  expect(provisional).toBe(true);
  const weekdays = Array.from({ length: 20 }, (_, i) => addDays(start, i + 1)).filter((day) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return weekday >= 1 && weekday <= 5;
  });
  expect(date).toBe(weekdays[9]);
});

test("the last days of an announced year are provisional until next year's notice, which may rearrange them", () => {
  const before = calendarFrom(["2030-10-01"], []);
  const after = calendarFrom(
    ["2030-10-01", "2030-12-30", "2030-12-31", "2031-01-01", "2031-10-01"],
    ["2030-12-29"],
  );
  expect(addWorkingDays(before, "2030-12-20", 5)).toEqual({ date: "2030-12-27", provisional: false });
  expect(addWorkingDays(before, "2030-12-20", 6)).toEqual({ date: "2030-12-30", provisional: true });
  expect(addWorkingDays(after, "2030-12-20", 6)).toEqual({ date: "2030-12-29", provisional: false });
});

/** Slow and obviously right: list the days, cross out those off, take the n-th. */
function reference(calendar: Calendar, from: string, n: number): string {
  const days: string[] = [];
  for (let day = dayNumber(from) + 1; days.length < n; day++) {
    if (calendar.isWorkingDay(dateOf(day))) days.push(dateOf(day));
  }
  return days.at(-1) ?? from;
}

const near = fc.integer({ min: -400, max: 400 }).map((n) => addDays("2026-06-15", n));
const calendars = fc
  .record({
    off: fc.uniqueArray(near, { maxLength: 120 }),
    worked: fc.uniqueArray(near, { maxLength: 40 }),
  })
  .map(({ off, worked }) => calendarFrom(off, worked));

test("of any calendar: the n-th working day is the n-th of the list, and counting back gives n", () => {
  fc.assert(
    fc.property(fc.oneof(calendars, fc.constant(nationalCalendar)), near, fc.nat(80), (calendar, from, n) => {
      const { date } = addWorkingDays(calendar, from, n);
      expect(date).toBe(reference(calendar, from, n));
      expect(workingDaysBetween(calendar, from, date)).toBe(n);
      expect(workingDaysBetween(calendar, date, from)).toBe(-n || 0);
      if (n > 0) expect(calendar.isWorkingDay(date)).toBe(true);
      // Two limits one after the other are one long limit: an extension never gains or loses a day.
      expect(addWorkingDays(calendar, addWorkingDays(calendar, from, 20).date, n).date).toBe(
        addWorkingDays(calendar, from, 20 + n).date,
      );
    }),
  );
});

test("a limit starts on the city's date: the night before in UTC is already the next day in Shanghai", () => {
  const evening = new Date("2026-09-17T16:30:00.000Z");
  const limit = { n: 5, unit: "workingDay" } as const;
  expect(dueDate(nationalCalendar, limit, evening)).toEqual({ on: "2026-09-24", provisional: false });
  expect(dueDate(nationalCalendar, limit, evening, "UTC")).toEqual({ on: "2026-09-23", provisional: false });
});

test("hours run by the clock, days and months by the calendar, nought ends the same day", () => {
  const from = new Date("2026-01-30T12:00:00.000Z");
  const on = (n: number, unit: "hour" | "day" | "month" | "workingDay") =>
    dueDate(nationalCalendar, { n, unit }, from).on;
  expect(on(3, "hour")).toBe("2026-01-30");
  expect(on(4, "hour")).toBe("2026-01-31");
  expect(on(30, "day")).toBe("2026-03-01");
  expect(on(1, "month")).toBe("2026-02-28");
  expect(on(0, "workingDay")).toBe("2026-01-30");
});

test("a limit that is no limit, or a calendar without working days, is refused rather than counted for ever", () => {
  const never: Calendar = { isWorkingDay: () => false, isAnnounced: () => true };
  expect(() => addWorkingDays(never, "2026-01-05", 1)).toThrow(RangeError);
  for (const n of [-1, 1.5, Number.NaN, 1e9]) {
    expect(() => addWorkingDays(nationalCalendar, "2026-01-05", n)).toThrow(RangeError);
  }
});

test("art. 82: over twenty years and any notices, counting at once is walking day by day", () => {
  const date = fc.integer({ min: -400, max: 22 * 366 }).map((n) => addDays("2015-01-01", n));
  fc.assert(
    fc.property(manyYears, date, fc.nat(900), (calendar, from, days) => {
      const until = addDays(from, days);
      const walked = walkedDays(calendar, from, until);
      expect(workingDaysBetween(calendar, from, until)).toBe(walked.length);
      if (walked.length > 0) {
        expect(addWorkingDays(calendar, from, walked.length).date).toBe(walked.at(-1));
      }
    }),
    { numRuns: 200 },
  );
});

test("the last days that can be written are counted like any others", () => {
  expect(workingDaysBetween(nationalCalendar, "9999-12-23", "9999-12-31")).toBe(6);
  expect(workingDaysBetween(nationalCalendar, "0001-01-01", "0001-01-08")).toBe(5);
  expect(() => addWorkingDays(nationalCalendar, "9999-12-31", 1)).toThrow(RangeError);
});

const notice2027 = {
  year: 2027,
  off: ["2026-12-31", "2027-01-01", "2027-02-05", "2027-02-08", "2027-10-01"],
  worked: ["2026-12-26", "2027-01-30"],
};

test("the notice of a year announces that year and moves the dates that had rested on a guess", () => {
  const guess = calendarFrom(["2026-10-01"], []);
  const known = withAnnouncement(guess, notice2027);
  expect([known.isAnnounced(2026), known.isAnnounced(2027), known.isAnnounced(2028)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(guess.isAnnounced(2027)).toBe(false);
  expect(addWorkingDays(guess, "2027-02-01", 10)).toEqual({ date: "2027-02-15", provisional: true });
  expect(addWorkingDays(known, "2027-02-01", 10)).toEqual({ date: "2027-02-17", provisional: false });
  expect(addWorkingDays(guess, "2026-12-28", 3)).toEqual({ date: "2026-12-31", provisional: true });
  expect(addWorkingDays(known, "2026-12-28", 3)).toEqual({ date: "2027-01-04", provisional: false });
});

test("a date that is not provisional stays, whatever is announced later", () => {
  const from = fc.integer({ min: 0, max: 500 }).map((n) => addDays("2025-06-01", n));
  fc.assert(
    fc.property(from, fc.nat(90), notices(2027), notices(2028), (start, n, next, afterNext) => {
      const { date, provisional } = addWorkingDays(nationalCalendar, start, n);
      const later = withAnnouncement(withAnnouncement(nationalCalendar, next), afterNext);
      if (!provisional) expect(addWorkingDays(later, start, n)).toEqual({ date, provisional: false });
    }),
  );
});

test("a notice with days of another year, or days that are none, is refused", () => {
  for (const stray of ["2026-11-30", "2028-02-01", "2027-02-30", "next Monday"]) {
    const notice = { ...notice2027, off: [...notice2027.off, stray] };
    expect(() => withAnnouncement(nationalCalendar, notice)).toThrow(RangeError);
  }
});

const prefecture: LocalCalendar = {
  divisions: ["4331", "5227"],
  name: { zh: "自治州成立纪念日", en: "Founding day of the prefecture" },
  off: ["2026-09-21", "2026-09-22"],
  worked: ["2026-09-19"],
};
const county: LocalCalendar = {
  divisions: ["433127"],
  name: { zh: "县成立纪念日", en: "Founding day of the county" },
  off: ["2026-09-23"],
  worked: ["2026-09-22"],
};

test("an ethnic area has its own days off and its neighbour none of them; the smallest area's word is the last", () => {
  const end = (division: string) =>
    addWorkingDays(calendarOf(division, [county, prefecture]), "2026-09-18", 5).date;
  expect(end("430999")).toBe("2026-09-24");
  expect(end("433101")).toBe("2026-09-28");
  expect(end("522701")).toBe("2026-09-28");
  expect(end("433127")).toBe("2026-09-28");
  const calendar = calendarOf("433127", [county, prefecture]);
  const days = ["2026-09-19", "2026-09-20", "2026-09-21", "2026-09-22", "2026-09-23"];
  expect(days.map((date) => calendar.isWorkingDay(date))).toEqual([true, true, false, true, false]);
});

test("a division's calendar lies over the base it is given, knows its years, and is the same one when asked again", () => {
  const base = withAnnouncement(nationalCalendar, notice2027);
  const calendar = calendarOf("433101", [prefecture], base);
  expect(calendar.isAnnounced(2027)).toBe(true);
  expect(calendar.isWorkingDay("2027-02-05")).toBe(false);
  expect(calendar.isWorkingDay("2026-09-21")).toBe(false);
  expect(calendarOf("433101", [county, prefecture], base)).toBe(calendar);
  expect(calendarOf("430999", [prefecture], base)).toBe(base);
  expect(calendarOf("430999", [])).toBe(nationalCalendar);
});
