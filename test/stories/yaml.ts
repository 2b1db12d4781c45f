// The city's folder as plain data, for stories that say what must follow from it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const sampleCity = fileURLToPath(new URL("../../deploy/sample-city/", import.meta.url));

export type Yaml = string | number | boolean | null | Yaml[] | { [key: string]: Yaml };

/** Every top-level list of the folder. */
export function readLists(folder: string = sampleCity): Record<string, Yaml> {
  const lists: Record<string, Yaml> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml")))
    for (const [name, value] of Object.entries(parse(readFileSync(join(folder, file), "utf8")) as object)) {
      const before = lists[name];
      lists[name] = Array.isArray(before) ? [...before, ...(value as Yaml[])] : (value as Yaml);
    }
  return lists;
}

const sample = readLists();

/** Ids of what an item requires, for conditions of the plainest form only: `answers.question == "value"`. */
export function requirementsOf(item: string, answers: Readonly<Record<string, string>>): string[] {
  const items = sample.items as { code: string; requires: (string | { id: string; when?: string })[] }[];
  const { requires } = items.find((each) => each.code === item)!;
  return requires.flatMap((each) => {
    if (typeof each === "string") return [each];
    if (each.when === undefined) return [each.id];
    const [, question, value] = /^answers\.(\w+) == "(\w+)"$/.exec(each.when)!;
    return answers[question!] === value ? [each.id] : [];
  });
}
