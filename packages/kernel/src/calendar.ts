// Working days and the dates that follow from legal limits. Counting begins on the day after (Civil Code art. 201).

import arrangements from "chinese-days/dist/chinese-days.json" with { type: "json" };
import { addDays, addMonths, CITY_ZONE, civilDate, dateOf, dayNumber, weekdayOf } from "./civil-date.ts";
import { workingDayAfter, workingDaysIn } from "./working-days.ts";

export interface Calendar {
  isWorkingDay(date: string): boolean;
  /** Has the State Council published this year's arrangement? Until then its dates are a best guess. */
  isAnnounced(year: number): boolean;
}

export type LimitUnit = "workingDay" | "hour" | "day" | "month";

export interface Limit {
  n: number;
  unit: LimitUnit;
}

const mondayToFriday: Calendar = {
  isWorkingDay(date) {
    const weekday = weekdayOf(dayNumber(date));
    return weekday !== 0 && weekday !== 6;
  },
  isAnnounced: () => false,
};

/** A calendar that differs from another on these days. */
function laidOver(
  base: Calendar,
  off: Iterable<string>,
  worked: Iterable<string>,
  isAnnounced: (year: number) => boolean = base.isAnnounced,
): Calendar {
  const arranged = new Map<string, boolean>();
  for (const date of off) arranged.set(date, false);
  for (const date of worked) arranged.set(date, true);
  return { isWorkingDay: (date) => arranged.get(date) ?? base.isWorkingDay(date), isAnnounced };
}

/** A calendar from lists of days off and of weekends worked; everything else is Monday to Friday. */
export function calendarFrom(off: Iterable<string>, worked: Iterable<string>): Calendar {
  const daysOff = [...off];
  // Every arrangement names National Day. A lone day of the turn of the year proves nothing: it may come from the
  // neighbour's notice.
  const nationalDays = daysOff.filter((date) => date.endsWith("-10-01"));
  const announced = new Set(nationalDays.map((date) => Number(date.slice(0, 4))));
  return laidOver(mondayToFriday, daysOff, worked, (year) => announced.has(year));
}

/** The State Council's calendar, make-up workdays (调休) included, as far as it has been announced. */
export const nationalCalendar: Calendar = calendarFrom(
  Object.keys(arrangements.holidays),
  Object.keys(arrangements.workdays),
);

/** The State Council's notice for a year. It may also arrange the last days of the year before. */
export interface Announcement {
  year: number;
  off: readonly string[];
  worked: readonly string[];
}

/** The calendar once this notice is out: its year is announced and what rested on a guess can be computed again. */
export function withAnnouncement(calendar: Calendar, { year, off, worked }: Announcement): Calendar {
  for (const date of [...off, ...worked]) {
    dayNumber(date);
    if (date < `${year - 1}-12-01` || date > `${year + 1}-01-31`) {
      throw new RangeError(`not a day of the notice for ${year}: ${date}`);
    }
  }
  return laidOver(calendar, off, worked, (asked) => asked === year || calendar.isAnnounced(asked));
}

/** Holidays of an ethnic area (Regulation on Public Holidays art. 4), by the first digits of its division codes. */
export interface LocalCalendar {
  divisions: readonly string[];
  name: { zh: string; en: string };
  off: readonly string[];
  worked?: readonly string[];
}

/** Kept, so that asking again for the same division finds the days already counted. */
const laid = new WeakMap<Calendar, WeakMap<LocalCalendar, Calendar>>();

function withLocal(base: Calendar, local: LocalCalendar): Calendar {
  let known = laid.get(base);
  if (known === undefined) {
    known = new WeakMap();
    laid.set(base, known);
  }
  let calendar = known.get(local);
  if (calendar === undefined) {
    calendar = laidOver(base, local.off, local.worked ?? []);
    known.set(local, calendar);
  }
  return calendar;
}

/** How many digits of this division's code the local calendar names; -1 when it is another area's. */
const nearness = (division: string, local: LocalCalendar): number =>
  Math.max(-1, ...local.divisions.filter((code) => division.startsWith(code)).map((code) => code.length));

/** The calendar of a division: the base with its areas' own days laid over it, the smallest area's last. */
export function calendarOf(
  division: string,
  extra: readonly LocalCalendar[],
  base: Calendar = nationalCalendar,
): Calendar {
  return extra
    .filter((local) => nearness(division, local) >= 0)
    .sort((a, b) => nearness(division, a) - nearness(division, b))
    .reduce(withLocal, base);
}

/** Next year's notice may rearrange the days before New Year (2018-12-29 was worked, 2022-12-31 was off). */
const TURN_OF_YEAR = "12-28";

/** Does an answer resting on these days rest on a guess? */
export function isProvisional(calendar: Calendar, first: string, last: string): boolean {
  const lastYear = Number(last.slice(0, 4));
  for (let year = Number(first.slice(0, 4)); year <= lastYear; year++) {
    if (!calendar.isAnnounced(year)) return true;
  }
  return last.slice(5) >= TURN_OF_YEAR && !calendar.isAnnounced(lastYear + 1);
}

/** No legal limit is longer. */
const LONGEST_LIMIT = 10_000;

export function checkedLimit(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > LONGEST_LIMIT) throw new RangeError(`not a limit: ${n}`);
  return n;
}

/**
 * The n-th working day after `from`. `provisional` when the answer rests on a day whose arrangement is not yet
 * announced, so that it has to be computed again when it is. With n = 0 it is `from` itself.
 */
export function addWorkingDays(
  calendar: Calendar,
  from: string,
  n: number,
): { date: string; provisional: boolean } {
  const date = dateOf(workingDayAfter(calendar, dayNumber(from), checkedLimit(n)));
  return { date, provisional: n > 0 && isProvisional(calendar, addDays(from, 1), date) };
}

/** The n-th working day before a date. */
export function workingDaysBefore(calendar: Calendar, until: string, n: number): string {
  checkedLimit(n);
  let date = until;
  for (let left = n; left > 0; ) {
    date = addDays(date, -1);
    if (calendar.isWorkingDay(date)) left -= 1;
  }
  return date;
}

/** Working days after `from` up to and including `to`; negative when `to` comes first. Undoes addWorkingDays. */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  if (to < from) return -workingDaysBetween(calendar, to, from) || 0;
  return workingDaysIn(calendar, dayNumber(from), dayNumber(to));
}

/**
 * The civil date on which a limit ends that starts at this instant. Hours run by the clock; days and months by the
 * calendar, and are not moved off a holiday: the office has promised that day.
 */
export function dueDate(
  calendar: Calendar,
  limit: Limit,
  from: Date,
  zone: string = CITY_ZONE,
): { on: string; provisional: boolean } {
  if (limit.unit === "hour") {
    return { on: civilDate(new Date(from.getTime() + limit.n * 3_600_000), zone), provisional: false };
  }
  const start = civilDate(from, zone);
  if (limit.unit === "day") return { on: addDays(start, limit.n), provisional: false };
  if (limit.unit === "month") return { on: addMonths(start, limit.n), provisional: false };
  const { date, provisional } = addWorkingDays(calendar, start, limit.n);
  return { on: date, provisional };
}
