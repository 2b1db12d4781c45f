import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  civilDate,
  isCivilDate,
  startOfDay,
  weekday,
  yearsBetween,
} from "./civil-date.ts";

const machineZone = process.env.TZ;
afterEach(() => {
  if (machineZone === undefined) delete process.env.TZ;
  else process.env.TZ = machineZone;
});

const DAY_MS = 86_400_000;
const dates = fc
  .integer({ min: Date.UTC(1800, 0, 1) / DAY_MS, max: Date.UTC(2400, 0, 1) / DAY_MS })
  .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
const instants = fc.date({ min: new Date("1900-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
const zones = ["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Kiritimati", "UTC"];

test("a date is the city's, not the machine's: Shanghai is a day ahead of UTC from 16:00", () => {
  expect(civilDate("2026-01-04T15:59:59.999Z")).toBe("2026-01-04");
  expect(civilDate("2026-01-04T16:00:00.000Z")).toBe("2026-01-05");
  expect(civilDate(new Date("2026-01-05T00:30:00+08:00"))).toBe("2026-01-05");
  expect(civilDate("2026-01-04T16:00:00.000Z", "Asia/Urumqi")).toBe("2026-01-04");
  expect(startOfDay("2026-01-05").toISOString()).toBe("2026-01-04T16:00:00.000Z");
});

test("whatever zone the machine is in, an instant has the same civil date and a date the same start", () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), dates, (at, zone, date) => {
      const seen = ["UTC", "America/Los_Angeles", "Pacific/Apia", "Asia/Shanghai"].map((machine) => {
        process.env.TZ = machine;
        return `${civilDate(at, zone)} ${civilDate(at)} ${startOfDay(date, zone).toISOString()} ${addDays(date, 1)}`;
      });
      expect(new Set(seen).size).toBe(1);
    }),
  );
  // The switch above is real.
  process.env.TZ = "America/Los_Angeles";
  const inCalifornia = new Date("2026-01-05T00:00:00Z").getHours();
  process.env.TZ = "Asia/Shanghai";
  expect(new Date("2026-01-05T00:00:00Z").getHours()).not.toBe(inCalifornia);
});

test("the civil date is what Intl says, in any zone", () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (at, zone) => {
      const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
      expect(civilDate(at, zone)).toBe(parts.format(at));
    }),
  );
});

test("a day starts when its date begins and not a millisecond earlier, daylight saving included", () => {
  fc.assert(
    fc.property(
      dates,
      fc.constantFrom("Asia/Shanghai", "America/New_York", "America/Sao_Paulo"),
      (date, zone) => {
        const start = startOfDay(date, zone);
        expect(civilDate(start, zone)).toBe(date);
        expect(civilDate(new Date(start.getTime() - 1), zone)).toBe(addDays(date, -1));
      },
    ),
  );
  // Shanghai went from 00:00 to 01:00 on 1940-06-01.
  expect(civilDate(startOfDay("1940-06-01"))).toBe("1940-06-01");
});

test("adding days and weekdays agree with the platform's UTC calendar", () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: -100_000, max: 100_000 }), (date, n) => {
      const expected = new Date(Date.parse(`${date}T00:00:00Z`) + n * DAY_MS);
      expect(addDays(date, n)).toBe(expected.toISOString().slice(0, 10));
      expect(weekday(date)).toBe(new Date(`${date}T00:00:00Z`).getUTCDay());
    }),
  );
});

test("months keep the day, or end on the month's last day", () => {
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(addMonths("2024-01-31", 1)).toBe("2024-02-29");
  expect(addMonths("2026-12-15", 1)).toBe("2027-01-15");
  expect(addMonths("2026-03-31", -1)).toBe("2026-02-28");
  fc.assert(
    fc.property(dates, fc.integer({ min: -1200, max: 1200 }), (date, n) => {
      const result = addMonths(date, n);
      expect(isCivilDate(result)).toBe(true);
      const lastOfMonth = addDays(result, 1).slice(0, 7) !== result.slice(0, 7);
      expect(result.slice(8) === date.slice(8) || (result.slice(8) < date.slice(8) && lastOfMonth)).toBe(
        true,
      );
    }),
  );
});

test("years are whole: the birthday counts, the day before does not, a leap-day child's year ends on 1 March", () => {
  expect(yearsBetween("1992-08-15", "2026-08-14")).toBe(33);
  expect(yearsBetween("1992-08-15", "2026-08-15")).toBe(34);
  expect(yearsBetween("2024-02-29", "2025-02-28")).toBe(0);
  expect(yearsBetween("2024-02-29", "2025-03-01")).toBe(1);
  expect(yearsBetween("2026-08-15", "1992-08-15")).toBe(-34);
  expect(yearsBetween("2026-01-05", "2026-01-05")).toBe(0);
});

test("what is no date or no instant is refused, never guessed", () => {
  for (const date of ["2026-02-29", "2026-13-01", "2026-1-5", "0000-01-01", "", "2026-01-05T00:00:00Z"]) {
    expect(isCivilDate(date), date).toBe(false);
    expect(() => addDays(date, 1), date).toThrow(RangeError);
  }
  // Without its zone a time is the machine's.
  for (const at of ["2026-01-05T08:00:00", "2026-01-05", "soon", ""]) {
    expect(() => civilDate(at), at).toThrow(RangeError);
  }
  expect(() => civilDate(new Date(Number.NaN))).toThrow(RangeError);
  expect(() => addDays("2026-01-05", 0.5)).toThrow(RangeError);
  expect(() => addDays("9999-12-31", 1)).toThrow(RangeError);
});
