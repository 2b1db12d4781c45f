// One text per value, whatever order its keys were written in: what hashes and seals are taken over.
// Follows RFC 8785 (keys sorted by UTF-16 units, no spaces, the language's own numbers). Every command passes here,
// so it is written for speed: some two to three times the time of JSON.stringify, which does not sort.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Canonical JSON. Undefined members are dropped, dates become ISO text; what JSON cannot carry is refused. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
      return String(value); // -0 is "0", as in JSON
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
  if (items.length === 0) return "[]";
  let out = `[${canonicalJson(items[0])}`;
  for (let i = 1; i < items.length; i++) out += `,${canonicalJson(items[i])}`;
  return `${out}]`;
}

function members(object: Record<string, unknown>): string {
  if (typeof object.toJSON === "function") return canonicalJson(object.toJSON());
  const keys = sorted(Object.keys(object));
  let out = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const member = object[key];
    if (member === undefined) continue;
    out += `${out === "" ? "{" : ","}${text(key)}:${canonicalJson(member)}`;
  }
  return out === "" ? "{}" : `${out}}`;
}

/** Insertion sort: our objects have few keys, often in order already, and the library's sort costs more to start. */
function sorted(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let j = i;
    for (; j > 0 && keys[j - 1]! > key; j--) keys[j] = keys[j - 1]!;
    keys[j] = key;
  }
  return keys;
}

/** What JSON must escape, and surrogates, of which JSON.stringify escapes the lone ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

function text(value: string): string {
  if (value.length > 40) return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit >= 0xd800 && unit <= 0xdfff)) {
      return JSON.stringify(value);
    }
  }
  return `"${value}"`;
}
