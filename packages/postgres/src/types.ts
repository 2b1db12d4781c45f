// How values of the database look in TypeScript: instants are ISO 8601 in UTC with milliseconds, civil dates stay
// `YYYY-MM-DD` whatever zone the machine is in, and whole numbers are numbers.
import pg from "pg";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
const TEXT_ARRAY: number = 1009;

const identity = (text: string): string => text;

/** `2026-11-24 06:28:00.1234+00` (a session in UTC) → `2026-11-24T06:28:00.123Z`. `infinity` and years BC stay text. */
export function instant(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text);
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? "").slice(0, 3).padEnd(3, "0")}Z` : text;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 beyond 2^53: ${text}`);
  return value;
}

type Parse = (text: string) => unknown;

const arrayOf =
  (parse: Parse): Parse =>
  (text) =>
    (pg.types.getTypeParser(TEXT_ARRAY)(text) as (string | null)[]).map((one) =>
      one === null ? null : parse(one),
    );

const parsers = new Map<number, Parse>([
  [INT8, wholeNumber],
  [1016, arrayOf(wholeNumber)],
  [DATE, identity],
  [1182, arrayOf(identity)],
  [TIMESTAMPTZ, instant],
  [1185, arrayOf(instant)],
]);

export const typeParsers = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    const own = format === "binary" ? undefined : parsers.get(oid);
    return own ?? pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;
