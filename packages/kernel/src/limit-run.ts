// A limit that runs only while the department holds the item. Working days, civil days and hours are counted in one way:
// as places on a scale (day numbers, or milliseconds), of which each turn holds a span.

import { type Calendar, checkedLimit, type Limit } from "./calendar.ts";
import { addMonths, civilDate, civilDayAt, dateOf, dayNumber, instantOf, startOfDay } from "./civil-date.ts";
import type { Owner, Turn } from "./ledger.ts";
import { workingDayAfter, workingDaysIn } from "./working-days.ts";

/** A turn holds the places after `after` up to and including `until`. */
export interface Span<T extends Turn = Turn> {
  owner: Owner;
  turn: T;
  after: number;
  until: number;
}

export type PlaceOf = (instant: string) => number;

export const dayIn =
  (zone: string): PlaceOf =>
  (instant) =>
    civilDayAt(instantOf(instant), zone);

export function spansOf<T extends Turn>(turns: readonly T[], placeOf: PlaceOf, until: number): Span<T>[] {
  const spans: Span<T>[] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const turn of turns) {
    start = Math.max(start, placeOf(turn.from));
    const before = spans.at(-1);
    if (before !== undefined) before.until = Math.min(start, until);
    spans.push({ owner: turn.owner, turn, after: Math.min(start, until), until });
  }
  return spans;
}

/** What a limit is counted in. */
interface Scale {
  placeOf: PlaceOf;
  /** How much the limit allows, in this scale. */
  need: number;
  /** How much lies after `from` up to and including `to`. */
  between(from: number, to: number): number;
  /** Where the n-th after `from` lies. */
  nth(from: number, n: number): number;
  /** The instant at which this place begins. */
  beginning(place: number): string;
  dateAt(place: number): string;
}

const HOUR_MS = 3_600_000;

function scaleOf(calendar: Calendar, { n, unit }: Limit, from: string, zone: string): Scale {
  const plain = {
    between: (after: number, to: number) => to - after,
    nth: (after: number, count: number) => after + count,
  };
  // What is to be done at once is due the same day, whatever it is counted in.
  if (unit === "hour" && n > 0) {
    const instant = (place: number) => new Date(place).toISOString();
    const dateAt = (place: number) => civilDate(instant(place), zone);
    return { ...plain, placeOf: instantOf, need: n * HOUR_MS, beginning: instant, dateAt };
  }
  const days = {
    placeOf: dayIn(zone),
    beginning: (day: number) => startOfDay(dateOf(day), zone).toISOString(),
    dateAt: dateOf,
  };
  if (unit === "workingDay" && n > 0) {
    return {
      ...days,
      need: n,
      between: (after, to) => workingDaysIn(calendar, after, to),
      nth: (after, count) => workingDayAfter(calendar, after, count),
    };
  }
  if (unit !== "month") return { ...plain, ...days, need: n };
  const start = civilDate(from, zone);
  return { ...plain, ...days, need: dayNumber(addMonths(start, n)) - dayNumber(start) };
}

/** A limit that runs: the department's spans of it so far, and where we are. */
export interface Run extends Scale {
  spans: Span[];
  start: number;
  now: number;
}

export function runOf(
  calendar: Calendar,
  limit: Limit,
  turns: readonly Turn[],
  from: string,
  now: string,
  zone: string,
): Run {
  checkedLimit(limit.n);
  const scale = scaleOf(calendar, limit, from, zone);
  const start = scale.placeOf(from);
  // Whatever the clock says now, what has happened lies behind us.
  const here = turns.reduce(
    (latest, turn) => Math.max(latest, scale.placeOf(turn.from)),
    Math.max(start, scale.placeOf(now)),
  );
  const spans = spansOf(turns, scale.placeOf, here)
    .filter(({ owner, until }) => owner === "department" && until >= start)
    .map((span) => ({ ...span, after: Math.max(span.after, start) }));
  return { ...scale, spans, start, now: here };
}

export const usedOf = ({ spans, between }: Run): number =>
  spans.reduce((used, { after, until }) => used + between(after, until), 0);

/**
 * The last place within the limit, if the department holds the item from now on. A limit stopped at its very last place
 * has not run out: it ends where the department takes the item up again.
 */
export function endOf({ spans, need, between, nth, now }: Run): number {
  let left = need;
  for (const { after, until } of spans) {
    const held = between(after, until);
    if (left <= held) {
      const end = nth(after, left);
      if (end < until) return end;
    }
    left -= Math.min(left, held);
  }
  return nth(now, left);
}

/** The place at which the department has used this much. */
export function reaching({ spans, between, nth, now }: Run, amount: number): number {
  let left = amount;
  for (const { after, until } of spans) {
    const held = between(after, until);
    if (left <= held) return nth(after, left);
    left -= held;
  }
  return nth(now, left);
}
