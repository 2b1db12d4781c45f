// The clock ledger: whose turn it was, day by day, and what is left of a limit of which only the department's time counts
// (Licensing Law arts. 42, 45, 82).
//
// A civil day belongs to whoever held the item when the day began: the owner of the last turn begun on a date before it.
// So every working day after receipt has one owner, and the ledger's days sum to the calendar's. Clocks that jump back
// are borne: no turn begins before its predecessor.

import { type Calendar, isProvisional, type Limit } from "./calendar.ts";
import { CITY_ZONE, dateOf, dayNumber } from "./civil-date.ts";
import { dayIn, endOf, reaching, runOf, spansOf, usedOf } from "./limit-run.ts";
import { workingDaysIn } from "./working-days.ts";

export type Owner = "department" | "applicant" | "pause";

/** From this instant until the next turn the item is in these hands. Turns are kept in the order they happened. */
export interface Turn {
  from: string;
  owner: Owner;
}

export type Days = Record<Owner, number>;

/** The working days after the first turn's date up to `until`'s, each given to its owner. */
export function daysOf(
  calendar: Calendar,
  turns: readonly Turn[],
  until: string,
  zone: string = CITY_ZONE,
): Days {
  const days: Days = { department: 0, applicant: 0, pause: 0 };
  const placeOf = dayIn(zone);
  for (const { owner, after, until: last } of spansOf(turns, placeOf, placeOf(until))) {
    days[owner] += workingDaysIn(calendar, after, last);
  }
  return days;
}

/** The same days, one by one. */
export const dayByDay = (
  calendar: Calendar,
  turns: readonly Turn[],
  until: string,
  zone: string = CITY_ZONE,
): Array<{ date: string; owner: Owner }> =>
  turnByDay(calendar, turns, until, zone).map(({ date, turn: { owner } }) => ({ date, owner }));

/** Each of these days with the turn that has it, whatever else that turn says of itself. */
export function turnByDay<T extends Turn>(
  calendar: Calendar,
  turns: readonly T[],
  until: string,
  zone: string = CITY_ZONE,
): Array<{ date: string; turn: T }> {
  const placeOf = dayIn(zone);
  const days: Array<{ date: string; turn: T }> = [];
  for (const { turn, after, until: last } of spansOf(turns, placeOf, placeOf(until))) {
    for (let day = after + 1; day <= last; day++) {
      const date = dateOf(day);
      if (calendar.isWorkingDay(date)) days.push({ date, turn });
    }
  }
  return days;
}

/** Whose day it is; nobody's up to the date of the first turn. */
export function ownerOn(turns: readonly Turn[], date: string, zone: string = CITY_ZONE): Owner | undefined {
  const day = dayNumber(date);
  const spans = spansOf(turns, dayIn(zone), day);
  return spans.find(({ after, until }) => after < day && day <= until)?.owner;
}

export interface Due {
  /** The last date within the limit. */
  on: string;
  /** It rests on days not yet announced and is to be computed again when they are. */
  provisional: boolean;
  /** The item is not in the department's hands: `on` holds if it came back now, so it is the earliest. */
  stopped: boolean;
}

/** When a limit that counts from `from` ends, if the department holds the item from `now` on (arts. 42, 45, 82). */
export function dueOf(
  calendar: Calendar,
  limit: Limit,
  turns: readonly Turn[],
  from: string,
  now: string,
  zone: string = CITY_ZONE,
): Due {
  const run = runOf(calendar, limit, turns, from, now, zone);
  const on = run.dateAt(endOf(run));
  const counted = limit.unit === "workingDay" && limit.n > 0;
  return {
    on,
    provisional: counted && isProvisional(calendar, dateOf(run.start + 1), on),
    stopped: turns.at(-1)?.owner !== "department",
  };
}

export type Light = "green" | "yellow" | "red" | "overdue";

/** Shares of a limit past which its light turns. */
export interface Thresholds {
  yellow: number;
  red: number;
}

export const usualThresholds: Thresholds = { yellow: 0.5, red: 0.9 };

/** The least whole amount past a share. 0.29 of 100 is 28.999999999999996, and 29 is not past it. */
const past = (share: number, need: number): number => Math.floor(share * need + 1e-6) + 1;

/** How much of a limit the department has used. Overdue is what has not ended when its last day has. */
export function lightOf(
  calendar: Calendar,
  limit: Limit,
  turns: readonly Turn[],
  from: string,
  now: string,
  thresholds: Thresholds = usualThresholds,
  zone: string = CITY_ZONE,
): { share: number; light: Light } {
  const run = runOf(calendar, limit, turns, from, now, zone);
  const used = usedOf(run);
  const share = used / Math.max(run.need, 1);
  if (run.now > endOf(run)) return { share: Math.max(share, 1), light: "overdue" };
  if (used >= past(thresholds.red, run.need)) return { share, light: "red" };
  return { share, light: used >= past(thresholds.yellow, run.need) ? "yellow" : "green" };
}

/** The instants at which each light begins or began, if the department holds the item from `now` on. */
export function lightTurnsOn(
  calendar: Calendar,
  limit: Limit,
  turns: readonly Turn[],
  from: string,
  now: string,
  thresholds: Thresholds = usualThresholds,
  zone: string = CITY_ZONE,
): { yellow: string; red: string; overdue: string } {
  const run = runOf(calendar, limit, turns, from, now, zone);
  const overdue = endOf(run) + 1;
  const begins = (share: number) => run.beginning(Math.min(reaching(run, past(share, run.need)), overdue));
  return {
    yellow: begins(thresholds.yellow),
    red: begins(thresholds.red),
    overdue: run.beginning(overdue),
  };
}
