// Working days and the dates that follow from legal limits. Counting begins on the day after (Civil Code art. 201).

import arrangements from "chinese-days/dist/chinese-days.json" with { type: "json" };
import { addDays, addMonths, CITY_ZONE, civilDate, dateOf, dayNumber, weekdayOf } from "./civil-date.ts";

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

/** A calendar from lists of days off and of weekends worked; everything else is Monday to Friday. */
export function calendarFrom(off: Iterable<string>, worked: Iterable<string>): Calendar {
  const arranged = new Map<string, boolean>();
  const announced = new Set<number>();
  for (const date of off) {
    arranged.set(date, false);
    // Every arrangement names National Day. A lone day of the turn of the year proves nothing: it may come from the
    // neighbour's notice.
    if (date.endsWith("-10-01")) announced.add(Number(date.slice(0, 4)));
  }
  for (const date of worked) arranged.set(date, true);
  return {
    isWorkingDay(date) {
      const known = arranged.get(date);
      if (known !== undefined) return known;
      const weekday = weekdayOf(dayNumber(date));
      return weekday !== 0 && weekday !== 6;
    },
    isAnnounced: (year) => announced.has(year),
  };
}

/** The State Council's calendar, make-up workdays (调休) included, as far as it has been announced. */
export const nationalCalendar: Calendar = calendarFrom(
  Object.keys(arrangements.holidays),
  Object.keys(arrangements.workdays),
);

/** Next year's notice may rearrange the days before New Year (2018-12-29 was worked, 2022-12-31 was off). */
const TURN_OF_YEAR = "12-28";

function isProvisional(calendar: Calendar, first: string, last: string): boolean {
  const lastYear = Number(last.slice(0, 4));
  for (let year = Number(first.slice(0, 4)); year <= lastYear; year++) {
    if (!calendar.isAnnounced(year)) return true;
  }
  return last.slice(5) >= TURN_OF_YEAR && !calendar.isAnnounced(lastYear + 1);
}

/** No legal limit is longer; a calendar without working days must not count for ever. */
const MOST_WORKING_DAYS = 10_000;

/**
 * The n-th working day after `from`. `provisional` when the answer rests on a day whose arrangement is not yet
 * announced, so that it has to be computed again when it is. With n = 0 it is `from` itself.
 */
export function addWorkingDays(
  calendar: Calendar,
  from: string,
  n: number,
): { date: string; provisional: boolean } {
  if (!Number.isInteger(n) || n < 0 || n > MOST_WORKING_DAYS) throw new RangeError(`not a limit: ${n}`);
  let day = dayNumber(from);
  const lastDay = day + 366 + n * 7;
  let date = from;
  for (let left = n; left > 0; ) {
    date = dateOf(++day);
    if (day > lastDay) throw new RangeError("the calendar has no working days");
    if (calendar.isWorkingDay(date)) left -= 1;
  }
  return { date, provisional: n > 0 && isProvisional(calendar, addDays(from, 1), date) };
}

/** Working days after `from` up to and including `to`; negative when `to` comes first. Undoes addWorkingDays. */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  if (to < from) return -workingDaysBetween(calendar, to, from) || 0;
  const last = dayNumber(to);
  let count = 0;
  for (let day = dayNumber(from) + 1; day <= last; day++) {
    if (calendar.isWorkingDay(dateOf(day))) count += 1;
  }
  return count;
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
