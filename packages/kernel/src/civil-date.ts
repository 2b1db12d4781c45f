// Legal dates: `YYYY-MM-DD` of the city's own zone. Text, not Date, so that no machine's zone can move them.
// Arithmetic is on day numbers (days since 1970-01-01, proleptic Gregorian), years 0001 to 9999.

const DAY_MS = 86_400_000;

export const CITY_ZONE = "Asia/Shanghai";

/** A day that exists, written `YYYY-MM-DD`. */
export function isCivilDate(date: string): boolean {
  if (date.length !== 10 || date[4] !== "-" || date[7] !== "-") return false;
  const year = yearOf(date);
  const month = monthOf(date);
  const day = dayOf(date);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

// Read digit by digit: counting a limit reads hundreds of dates.
const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};
const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);
const yearOf = (date: string): number => twoDigits(date, 0) * 100 + twoDigits(date, 2);
const monthOf = (date: string): number => twoDigits(date, 5);
const dayOf = (date: string): number => twoDigits(date, 8);

/** Days since 1970-01-01. */
export function dayNumber(date: string): number {
  if (!isCivilDate(date)) throw new RangeError(`not a civil date: ${date}`);
  const month = monthOf(date);
  // Years begin in March here, so that the leap day is a year's last.
  const year = yearOf(date) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOf(date) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number. */
export function dateOf(day: number): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return written(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth);
}

function written(year: number, month: number, day: number): string {
  if (!(year >= 1 && year <= 9999)) throw new RangeError("civil dates lie between the years 1 and 9999");
  return `${String(year).padStart(4, "0")}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export const addDays = (date: string, n: number): string => dateOf(dayNumber(date) + whole(n));

/** The same day n months on; where that month has none, its last day (Civil Code art. 202). */
export function addMonths(date: string, n: number): string {
  dayNumber(date);
  const months = yearOf(date) * 12 + monthOf(date) - 1 + whole(n);
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return written(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
}

/** 0 is Sunday, 6 is Saturday. */
export const weekday = (date: string): number => weekdayOf(dayNumber(date));

/** The weekday of a day number: 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** Whole years from a to b (an age); negative when b comes first. Born on 29 February: complete on 1 March. */
export function yearsBetween(a: string, b: string): number {
  dayNumber(a);
  dayNumber(b);
  if (b < a) return -yearsBetween(b, a) || 0;
  return yearOf(b) - yearOf(a) - (b.slice(5) < a.slice(5) ? 1 : 0);
}

function whole(n: number): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number: ${n}`);
  return n;
}

// ---- Instants ----

/** The civil date at this instant in the zone. */
export const civilDate = (at: Date | string, zone: string = CITY_ZONE): string =>
  dateOf(civilDayAt(instantOf(at), zone));

/** The day number of the civil date at this instant (milliseconds since 1970) in the zone. */
export const civilDayAt = (instant: number, zone: string = CITY_ZONE): number =>
  Math.floor((instant + offsetAt(instant, zone)) / DAY_MS);

/** The first instant of this date in the zone (seldom, with daylight saving, not midnight). */
export function startOfDay(date: string, zone: string = CITY_ZONE): Date {
  const midnight = dayNumber(date) * DAY_MS;
  const before = offsetAt(midnight - DAY_MS, zone);
  const after = offsetAt(midnight + DAY_MS, zone);
  if (before === after) return new Date(midnight - before);
  const candidates = [before, after].map((offset) => new Date(midnight - offset)).sort((x, y) => +x - +y);
  return candidates.find((candidate) => civilDate(candidate, zone) === date) ?? candidates[1]!;
}

/** Milliseconds since 1970. */
export function instantOf(at: Date | string): number {
  // A text without its zone would be read in the machine's.
  if (typeof at === "string" && !/(?:Z|[+-]\d\d:?\d\d)$/.test(at)) {
    throw new RangeError(`not an instant: ${at}`);
  }
  const instant = typeof at === "string" ? Date.parse(at) : at.getTime();
  if (Number.isNaN(instant)) throw new RangeError(`not an instant: ${at}`);
  return instant;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Since 1991-09-15 the whole of China keeps UTC+8 without daylight saving; asking Intl costs a microsecond. */
const SHANGHAI_FIXED_SINCE = Date.UTC(1992, 0, 1);
const SHANGHAI_OFFSET = 8 * 3_600_000;

/** Local time minus UTC, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  if (zone === CITY_ZONE && instant >= SHANGHAI_FIXED_SINCE) return SHANGHAI_OFFSET;
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
      ...parts,
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  return local - Math.floor(instant / 1000) * 1000;
}
