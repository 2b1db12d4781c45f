import fc from "fast-check";
import { expect, test } from "vitest";
import { nationalCalendar, workingDaysBetween } from "./calendar.ts";
import { dateAt, later, lives, ownerOf, walkedDays } from "./ledger.fixture.ts";
import { dayByDay, daysOf, ownerOn, type Turn } from "./ledger.ts";

const at = (date: string, time = "10:00"): string => new Date(`${date}T${time}:00+08:00`).toISOString();

test("arts. 42, 45, 82: over twenty years, in any zone and calendar, the ledger's days sum to the calendar's, and each is its owner's", () => {
  fc.assert(
    fc.property(lives(), ({ calendar, zone, turns, now }) => {
      const days = daysOf(calendar, turns, now, zone);
      const first = dateAt(turns[0]!.from, zone);
      const until = later(first, dateAt(now, zone));
      expect(days.department + days.applicant + days.pause).toBe(workingDaysBetween(calendar, first, until));

      const walked = walkedDays(calendar, first, until).map((date) => ({
        date,
        owner: ownerOf(turns, date, zone),
      }));
      expect(dayByDay(calendar, turns, now, zone)).toEqual(walked);
      for (const owner of ["department", "applicant", "pause"] as const) {
        expect(days[owner]).toBe(walked.filter((day) => day.owner === owner).length);
      }
      for (const { date, owner } of walked) expect(ownerOn(turns, date, zone)).toBe(owner);
      expect(ownerOn(turns, first, zone)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

const turns: Turn[] = [
  { from: at("2026-09-18"), owner: "department" },
  { from: at("2026-09-22"), owner: "applicant" },
  { from: at("2026-09-24", "23:59"), owner: "department" },
  { from: at("2026-09-30"), owner: "pause" },
];

test("art. 82: a day is whose turn it was when it began, and the Sunday worked before the holiday is a working day", () => {
  expect(dayByDay(nationalCalendar, turns, at("2026-10-09"))).toEqual([
    { date: "2026-09-20", owner: "department" },
    { date: "2026-09-21", owner: "department" },
    { date: "2026-09-22", owner: "department" },
    { date: "2026-09-23", owner: "applicant" },
    { date: "2026-09-24", owner: "applicant" },
    { date: "2026-09-28", owner: "department" },
    { date: "2026-09-29", owner: "department" },
    { date: "2026-09-30", owner: "department" },
    { date: "2026-10-08", owner: "pause" },
    { date: "2026-10-09", owner: "pause" },
  ]);
  expect(daysOf(nationalCalendar, turns, at("2026-10-09"))).toEqual({
    department: 6,
    applicant: 2,
    pause: 2,
  });
});

test("the owner of a day off is known too; the day of receipt is nobody's", () => {
  expect(ownerOn(turns, "2026-10-01")).toBe("pause");
  expect(ownerOn(turns, "2026-09-19")).toBe("department");
  expect(ownerOn(turns, "2026-09-18")).toBeUndefined();
});

test("of several turns begun on one day the last has the days that follow", () => {
  const busy: Turn[] = [
    { from: at("2026-06-01", "09:00"), owner: "department" },
    { from: at("2026-06-01", "10:00"), owner: "applicant" },
    { from: at("2026-06-01", "11:00"), owner: "pause" },
    { from: at("2026-06-01", "12:00"), owner: "department" },
  ];
  expect(daysOf(nationalCalendar, busy, at("2026-06-03"))).toEqual({ department: 2, applicant: 0, pause: 0 });
});

test("a clock set back gives no day twice and no day to nobody", () => {
  const jumped: Turn[] = [
    { from: at("2026-06-01"), owner: "department" },
    { from: at("2026-06-10"), owner: "applicant" },
    { from: at("2026-06-03"), owner: "department" },
  ];
  expect(daysOf(nationalCalendar, jumped, at("2026-06-12"))).toEqual({
    department: 9,
    applicant: 0,
    pause: 0,
  });
  expect(daysOf(nationalCalendar, jumped, at("2026-05-01"))).toEqual({
    department: 0,
    applicant: 0,
    pause: 0,
  });
});

test("the city's date decides, not Greenwich's: a turn of half past midnight is the new day's", () => {
  const nightly: Turn[] = [
    { from: at("2026-06-01"), owner: "department" },
    { from: at("2026-06-03", "00:30"), owner: "pause" },
  ];
  expect(ownerOn(nightly, "2026-06-03")).toBe("department");
  expect(ownerOn(nightly, "2026-06-03", "UTC")).toBe("pause");
});

test("without turns there are no days, and a turn at no instant is refused", () => {
  expect(daysOf(nationalCalendar, [], at("2026-06-03"))).toEqual({ department: 0, applicant: 0, pause: 0 });
  const unzoned: Turn[] = [{ from: "2026-06-01T09:00:00", owner: "department" }];
  expect(() => daysOf(nationalCalendar, unzoned, at("2026-06-03"))).toThrow(RangeError);
});
