// One text per value, whatever order its keys were written in: what hashes and seals are taken over.
// Follows RFC 8785 (keys sorted by UTF-16 units, no spaces, the language's own numbers).

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What JSON must escape, and lone surrogates, which JSON.stringify escapes too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

const text = (value: string): string => (ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`);

/** Canonical JSON. Undefined members are dropped, dates become ISO text; what JSON cannot carry is refused. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
      return Object.is(value, -0) ? "0" : String(value);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return "null";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? list(value) : members(value as Record<string, unknown>);
    default:
      throw new TypeError(`a ${typeof value} has no JSON form`);
  }
}

function list(items: unknown[]): string {
  let out = "[";
  for (let i = 0; i < items.length; i++) out += (i === 0 ? "" : ",") + canonicalJson(items[i]);
  return `${out}]`;
}

function members(object: Record<string, unknown>): string {
  if (typeof object.toJSON === "function") return canonicalJson(object.toJSON());
  const keys = Object.keys(object);
  if (!ascending(keys)) keys.sort();
  let out = "{";
  for (const key of keys) {
    const member = object[key];
    if (member === undefined) continue;
    out += `${out.length === 1 ? "" : ","}${text(key)}:${canonicalJson(member)}`;
  }
  return `${out}}`;
}

/** Most objects are built in order or are small: looking costs less than sorting. */
function ascending(keys: string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false;
  return true;
}
