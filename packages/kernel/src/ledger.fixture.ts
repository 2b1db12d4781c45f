// What the ledger is compared with: slow and obviously right. Dates are Intl's, days are walked one by one, hours minute
// by minute. And the random lives of items to compare on: many years, zones, calendars, clocks that jump back.

import fc from "fast-check";
import { type Calendar, calendarFrom, type Limit, nationalCalendar, withAnnouncement } from "./calendar.ts";
import type { Owner, Turn } from "./ledger.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

export function dateAt(instant: string, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
    formats.set(zone, format);
  }
  return format.format(new Date(instant));
}

export const shifted = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

export const later = (a: string, b: string): string => (a > b ? a : b);

/** Turns of a clock that never goes back. */
export function forward(turns: readonly Turn[]): Turn[] {
  let from = "";
  return turns.map((turn) => {
    from = later(from, turn.from);
    return { ...turn, from };
  });
}

export function ownerOf(turns: readonly Turn[], date: string, zone: string): Owner | undefined {
  return forward(turns).findLast((turn) => dateAt(turn.from, zone) < date)?.owner;
}

export const walkedDays = (calendar: Calendar, after: string, until: string): string[] => {
  const days: string[] = [];
  for (let date = shifted(after, 1); date <= until; date = shifted(date, 1)) {
    if (calendar.isWorkingDay(date)) days.push(date);
  }
  return days;
};

/** As if the department took the item up now, at the earliest when what has happened had happened. */
export function resumed(turns: readonly Turn[], from: string, now: string): Turn[] {
  const last = forward(turns).at(-1)?.from ?? "";
  return [...turns, { from: later(later(from, now), last), owner: "department" }];
}

/** The first day at whose end the limit is used up and the item is in the department's hands. */
export function walkedDue(life: Life, limit: Limit): string {
  const { calendar, zone, from } = life;
  if (limit.unit === "hour" && limit.n > 0) return walkedHours(life, limit.n);
  const turns = resumed(life.turns, from, life.now);
  const start = dateAt(from, zone);
  let need = limit.n;
  if (limit.unit === "month") {
    for (const end = monthsOn(start, limit.n); shifted(start, need) < end; ) need += 1;
  }
  let date = start;
  for (let used = 0; used < need || ownerOf(turns, shifted(date, 1), zone) !== "department"; ) {
    date = shifted(date, 1);
    const counts = limit.unit !== "workingDay" || calendar.isWorkingDay(date);
    if (counts && ownerOf(turns, date, zone) === "department") used += 1;
  }
  return date;
}

function monthsOn(date: string, n: number): string {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month - 1 + n + 1, 0));
  const sameDay = new Date(Date.UTC(year, month - 1 + n, day));
  return (sameDay < lastDay ? sameDay : lastDay).toISOString().slice(0, 10);
}

function walkedHours({ turns: given, zone, from, now }: Life, hours: number): string {
  const turns = forward(resumed(given, from, now));
  let at = Date.parse(from);
  const held = () => turns.findLast((turn) => Date.parse(turn.from) <= at)?.owner === "department";
  for (let used = 0; used < hours * 60 || !held(); at += MINUTE) {
    if (held()) used += 1;
  }
  return dateAt(new Date(at).toISOString(), zone);
}

export function isGuess(calendar: Calendar, after: string, until: string): boolean {
  for (let date = shifted(after, 1); date <= until; date = shifted(date, 1)) {
    const year = Number(date.slice(0, 4));
    if (!calendar.isAnnounced(year)) return true;
    if (date.slice(5) >= "12-28" && !calendar.isAnnounced(year + 1)) return true;
  }
  return false;
}

/** An item's life so far: when its limit began to count and whose turn it was. All on whole minutes. */
export interface Life {
  calendar: Calendar;
  zone: string;
  turns: Turn[];
  from: string;
  now: string;
}

export const zones = fc.constantFrom("Asia/Shanghai", "America/New_York", "Pacific/Auckland");

/** A notice: some days off, some weekends worked, maybe of the last days of the year before. */
export const notices = (year: number) => {
  const date = fc.integer({ min: -4, max: 360 }).map((n) => shifted(`${year}-01-01`, n));
  return fc
    .record({
      off: fc.uniqueArray(date, { maxLength: 30 }),
      worked: fc.uniqueArray(date, { maxLength: 8 }),
    })
    .map((days) => ({ year, ...days }));
};

/** The national calendar or one made up, with whatever further years announced. */
export const calendars: fc.Arbitrary<Calendar> = fc
  .tuple(
    fc.constantFrom(nationalCalendar, calendarFrom(["2026-10-01"], ["2026-10-10"])),
    fc.subarray([2015, 2018, 2021, 2024, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035]),
  )
  .chain(([base, years]) =>
    fc.tuple(...years.map(notices)).map((all) => all.reduce<Calendar>(withAnnouncement, base)),
  );

const owners = fc.constantFrom<Owner>("department", "applicant", "pause");

/** Mostly days, sometimes minutes or nothing; now and then the clock jumps back. */
const gaps = (days: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: days * 1440 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 600 }) },
    { weight: 1, arbitrary: fc.integer({ min: -2880, max: 0 }) },
  );

export const lives = (calendar: fc.Arbitrary<Calendar> = calendars, days = 12): fc.Arbitrary<Life> =>
  fc
    .record({
      calendar,
      zone: zones,
      start: fc.integer({ min: Date.UTC(2015, 0) / MINUTE, max: Date.UTC(2035, 6) / MINUTE }),
      turns: fc.array(fc.record({ gap: gaps(days), owner: owners }), { minLength: 1, maxLength: 8 }),
      counting: gaps(days),
      end: gaps(days),
    })
    .map(({ calendar: of, zone, start, turns, counting, end }) => {
      let minute = start;
      const iso = (at: number) => new Date(at * MINUTE).toISOString();
      const taken = turns.map(({ gap, owner }) => {
        minute += gap;
        return { from: iso(minute), owner };
      });
      const from = iso(Date.parse(taken[0]!.from) / MINUTE + counting);
      return { calendar: of, zone, turns: taken, from, now: iso(minute + end) };
    });
