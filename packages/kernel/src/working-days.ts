// Working days counted without walking: every open item asks for its dates, and most ask about the same few years.
// Days are day numbers here (`civil-date.ts`). A calendar never changes, so its counts are kept beside it.

import type { Calendar } from "./calendar.ts";
import { dateOf, dayNumber } from "./civil-date.ts";

const FIRST_DAY = dayNumber("0001-01-01");
const LAST_DAY = dayNumber("9999-12-31");

/** Days counted at a time; blocks and not years, so that a day's place needs no date. */
const BLOCK = 512;

const counted = new WeakMap<Calendar, Map<number, Uint16Array>>();

/** Of each day of the block: the working days of the block before it. One more entry at the end has them all. */
function countsOf(calendar: Calendar, block: number): Uint16Array {
  let blocks = counted.get(calendar);
  if (blocks === undefined) {
    blocks = new Map();
    counted.set(calendar, blocks);
  }
  let counts = blocks.get(block);
  if (counts === undefined) {
    counts = new Uint16Array(BLOCK + 1);
    for (let i = 0; i < BLOCK; i++) {
      const day = block * BLOCK + i;
      const works = day >= FIRST_DAY && day <= LAST_DAY && calendar.isWorkingDay(dateOf(day));
      counts[i + 1] = counts[i]! + (works ? 1 : 0);
    }
    blocks.set(block, counts);
  }
  return counts;
}

/** Working days after `from` up to and including `to`, which does not come first. */
export function workingDaysIn(calendar: Calendar, from: number, to: number): number {
  const first = Math.floor((from + 1) / BLOCK);
  const last = Math.floor((to + 1) / BLOCK);
  let count =
    countsOf(calendar, last)[to + 1 - last * BLOCK]! - countsOf(calendar, first)[from + 1 - first * BLOCK]!;
  for (let block = first; block < last; block++) count += countsOf(calendar, block)[BLOCK]!;
  return count;
}

/** The n-th working day after `from`, with n = 0 `from` itself; a calendar without working days is refused. */
export function workingDayAfter(calendar: Calendar, from: number, n: number): number {
  if (n === 0) return from;
  const lastDay = from + 366 + n * 7;
  let block = Math.floor((from + 1) / BLOCK);
  let left = n + countsOf(calendar, block)[from + 1 - block * BLOCK]!;
  for (; block * BLOCK <= lastDay; block++) {
    const counts = countsOf(calendar, block);
    if (left > counts[BLOCK]!) {
      left -= counts[BLOCK]!;
      continue;
    }
    const day = block * BLOCK + firstReaching(counts, left) - 1;
    if (day <= lastDay) return day;
  }
  throw new RangeError("the calendar has no working days");
}

/** Where rising counts first reach `n`. */
function firstReaching(counts: Uint16Array, n: number): number {
  let low = 0;
  let high = counts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (counts[middle]! >= n) high = middle;
    else low = middle + 1;
  }
  return low;
}
