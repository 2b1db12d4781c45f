// Looks for what must not lie anywhere in clear, through the wrappings that a value may have got: bytes as hex or base64, texts
// escaped for JSON or for an address.
import type { Database } from "@onething/postgres/database";

export interface Finding {
  /** What was found: named, so that a report does not spread it. */
  what: string;
  where: string;
}

/** A value to look for, and what it is. */
export type Secrets = ReadonlyMap<string, string>;

const han = /\p{Script=Han}/u;

/** Worth looking for: long enough that it does not stand in a text or a number by chance. */
export const isTelling = (value: string): boolean =>
  han.test(value) ? value.length >= 2 : value.length >= 5;

/** A short number may be part of a longer one by chance, a name or a long number not. */
const patternOf = (value: string): RegExp => {
  const escaped = value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(
    value.length < 12 && !han.test(value) ? `(?<![0-9A-Za-z.])${escaped}(?![0-9A-Za-z])` : escaped,
  );
};

/** The text with everything in it that can be read as something else, down to a wrapping within a wrapping. */
export function unwrapped(text: string, depth = 2): string {
  const inner = [
    ...(text.match(/(?:[0-9a-f]{2}){8,}/gi) ?? []).map((hex) => Buffer.from(hex, "hex")),
    ...(text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? []).map((base64) => Buffer.from(base64, "base64")),
  ].map((bytes) => bytes.toString("utf8"));
  const escaped = text.includes("\\u")
    ? text.replaceAll(/\\+u([0-9a-f]{4})/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : "";
  const address = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"),
  );
  const all = [text, escaped, address === text ? "" : address, ...inner].join("\n");
  return depth > 1 && inner.length > 0
    ? `${all}\n${inner.map((each) => unwrapped(each, depth - 1)).join("\n")}`
    : all;
}

export function searchText(secrets: Secrets, where: string, text: string): Finding[] {
  const readable = unwrapped(text);
  return [...secrets].flatMap(([value, what]) =>
    readable.includes(value) && patternOf(value).test(readable) ? [{ what, where }] : [],
  );
}

/** Every row of every table, as text; of one schema or of all. */
export async function searchDatabase(
  db: Database,
  secrets: Secrets,
  only?: string,
): Promise<{ findings: Finding[]; size: number }> {
  const tables = await db.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_schema = coalesce($1, table_schema)
      order by 1, 2`,
    [only ?? null],
  );
  const found: Finding[] = [];
  let size = 0;
  for (const { schema, name } of tables) {
    const rows = await db.query<{ row: string }>(`select t::text as row from "${schema}"."${name}" t`);
    const text = rows.map((each) => each.row).join("\n");
    size += text.length;
    found.push(...searchText(secrets, `${schema}.${name}`, text));
  }
  return { findings: found, size };
}
