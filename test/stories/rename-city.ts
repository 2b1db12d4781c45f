// Makes another city of the sample city, mechanically: every code and name in its files is changed, the words of the
// language, the people's numbers and dates are not.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readLists, type Yaml } from "./yaml.ts";

/** Keys whose value is a word of the language, a person's number, or a date. */
const words = new Set(
  [
    "type kind rungs found unit from handling way refusalPolicy decision zone division identityNumber phone password",
    "issuedOn reference amount statements role@accounts",
  ].flatMap((line) => line.split(" ")),
);
/** Keys whose value is a code by a standard: it begins with an authority's number, or ends with a serial. */
const standards = new Set(["uscc", "typeCode", "handlingCode", "themeCode"]);
/** Keys of a map that names fields: the keys are codes too. */
const maps = new Set([
  "fields@licences",
  "fields@registers",
  "result@scripts",
  "automaticResult",
  "answers",
  "form@demo",
]);
/** Keys whose value is a rule, as are all values of these maps. */
const rules = new Set(["when", "rule"]);
const ruleMaps = new Set(["result@scripts", "automaticResult"]);
/** What the simulated police understand, and truth. */
const fixed = new Set(["male", "female", "true", "false"]);

export interface Renaming {
  /** The new code of a code. */
  code(old: string): string;
  /** The new text of a text in Chinese. */
  text(old: string): string;
  /** The new code by a standard. */
  standard(old: string): string;
  /** Every code that changes. */
  codes: ReadonlySet<string>;
}

/**
 * Codes are spelt backwards behind a letter; Chinese characters move on in their table; English is turned by 13; every
 * department takes its neighbour's number; the serials of other numbers are 50 further on.
 */
export function renamingOf(lists: Record<string, Yaml>): Renaming {
  const codes = new Set<string>();
  const collect = (value: Yaml, key = ""): void => {
    if (Array.isArray(value)) for (const each of value) collect(each, key);
    else if (typeof value === "object" && value !== null)
      for (const [k, each] of Object.entries(value)) collect(each, k);
    else if (
      ["code", "id", "name", "key", "username", "choices", "value"].includes(key) &&
      typeof value === "string"
    )
      if (/^[A-Za-z][\w-]*$/.test(value) && !fixed.has(value)) codes.add(value);
  };
  collect(lists);
  const numbers = (lists.departments as { uscc: string }[]).map(({ uscc }) => uscc);
  const neighbour = new Map(numbers.map((uscc, i) => [uscc, numbers[(i + 1) % numbers.length]!]));
  return {
    codes,
    standard: (old) => {
      const body = old.length < 18 ? "" : old.slice(0, 18);
      const serial = old
        .slice(body.length)
        .replace(/\d\d$/, (two) => String((Number(two) + 50) % 100).padStart(2, "0"));
      return (neighbour.get(body) ?? body) + serial;
    },
    code: (old) => (codes.has(old) ? `z${[...old].reverse().join("")}` : old),
    text: (old) =>
      old.replaceAll(/[\u4e00-\u9eff]/g, (char) =>
        String.fromCharCode(0x4e00 + ((char.charCodeAt(0) - 0x4e00 + 7) % 20_736)),
      ),
  };
}

const turned = (english: string): string =>
  english.replaceAll(/[a-z]/gi, (char) => {
    const base = char <= "Z" ? 65 : 97;
    return String.fromCharCode(base + ((char.charCodeAt(0) - base + 13) % 26));
  });

export function renamed(
  lists: Record<string, Yaml>,
  { code, text, standard }: Renaming,
): Record<string, Yaml> {
  const rule = (source: string): string =>
    text(source).replaceAll(/(?<![\w])[A-Za-z_]\w*(?!\w|\()/g, (token, at: number) => {
      const root = /^(answers|evidence|form|subjects|work)$/.test(token) && source[at - 1] !== ".";
      const dashed = code(token.replaceAll("_", "-"));
      return root ? token : code(token) !== token ? code(token) : dashed.replaceAll("-", "_");
    });
  const scalar = (value: Yaml, key: string, list: string): Yaml => {
    if (typeof value !== "string" || has(words, key, list)) return value;
    if (standards.has(key)) return standard(value);
    if (key === "en") return turned(value);
    if (rules.has(key)) return rule(value);
    if (value.startsWith("@")) return `@${code(value.slice(1))}`;
    return value.startsWith("=") ? value : code(text(value));
  };
  const walk = (value: Yaml, key: string, list: string): Yaml => {
    if (Array.isArray(value)) return value.map((each) => walk(each, key, list));
    if (typeof value !== "object" || value === null) return scalar(value, key, list);
    const entries = Object.entries(value).map(([name, each]): [string, Yaml] => {
      if (!has(maps, key, list)) return [name, walk(each, name, list)];
      if (has(ruleMaps, key, list)) return [code(name), rule(String(each))];
      return [code(name), scalar(each, "", list)];
    });
    return Object.fromEntries(entries);
  };
  return Object.fromEntries(Object.entries(lists).map(([list, value]) => [list, walk(value, list, list)]));
}

const has = (set: ReadonlySet<string>, key: string, list: string): boolean =>
  set.has(key) || set.has(`${key}@${list}`);

/** Writes the city into a folder, each list in a file of another name. */
export function writeRenamedCity(folder: string): Renaming {
  const lists = readLists();
  const renaming = renamingOf(lists);
  mkdirSync(folder, { recursive: true });
  for (const [list, value] of Object.entries(renamed(lists, renaming)))
    writeFileSync(join(folder, `${[...list].reverse().join("")}-1.yaml`), stringify({ [list]: value }));
  return renaming;
}
