// Reads a city's folder: the catalogue by its language, and every other list as it stands, for whoever knows it.
import { fieldProblems } from "@onething/service/field-words";
import { z } from "zod";
import type { Catalogue } from "./domain/catalogue.ts";
import { Bundle } from "./domain/language/bundle.ts";
import { AnnouncedYear, LocalHolidays } from "./domain/language/calendar.ts";
import { City, Department, Evidence } from "./domain/language/city.ts";
import { Item } from "./domain/language/item.ts";
import { Supervision } from "./domain/language/supervision.ts";
import { refusal } from "./domain/mistakes.ts";
import { prove } from "./domain/prove.ts";
import { parseFiles, readFiles, type Source, type SourceFile } from "./yaml-source.ts";

export type { Catalogue } from "./domain/catalogue.ts";
export type { Bundle } from "./domain/language/bundle.ts";
export type { City, Department, Evidence } from "./domain/language/city.ts";
export type { Item } from "./domain/language/item.ts";

const schema = z.object({
  city: z.array(City).length(1),
  departments: z.array(Department).min(1),
  evidence: z.array(Evidence).default([]),
  items: z.array(Item).min(1),
  bundles: z.array(Bundle).min(1),
  announcedYears: z.array(AnnouncedYear).default([]),
  localHolidays: z.array(LocalHolidays).default([]),
  supervision: z.array(Supervision).max(1).default([]),
});

/** Lists that the catalogue does not know: people, accounts, licences, registers, scripts, demo … */
export interface ReadCity {
  catalogue: Catalogue;
  others: Record<string, unknown[]>;
  /** File, line and column of a part, for the readers of the other lists: `["registers", 2, "address"]`. */
  locate(path: readonly PropertyKey[]): string;
}

/** Lists of a city that others read: its sample people, and what plays its departments and the demo. */
const companions = ["people", "accounts", "licences", "registers", "scripts", "demo"];

/** Throws `catalog.not_publishable` with file, line and column of all that is not in the language or not proved. */
export const readCity = async (folder: string): Promise<ReadCity> => parseCity(await readFiles(folder));

export function parseCity(files: readonly SourceFile[]): ReadCity {
  const source = parseFiles(files);
  const known = Object.keys(schema.shape);
  const value = Object.fromEntries(Object.entries(source.lists).filter(([list]) => known.includes(list)));
  const others = Object.fromEntries(Object.entries(source.lists).filter(([list]) => !known.includes(list)));
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refusal(wrongParts(parsed.error, value, source));
  const strange = Object.keys(others).filter((list) => !companions.includes(list));
  if (strange.length > 0)
    throw refusal(
      strange.map((list) => ({ at: source.locate({ path: [list], key: true }), text: unknownList(list) })),
    );
  const { city, supervision, ...lists } = parsed.data;
  const catalogue: Catalogue = {
    ...lists,
    ...{ city: city[0]!, supervision: supervision[0] ?? Supervision.parse({}) },
  };
  const mistakes = prove(catalogue);
  if (mistakes.length > 0)
    throw refusal(mistakes.map(({ place, text }) => ({ at: source.locate(place), text })));
  return { catalogue, others, locate: (path) => source.locate({ path }) };
}

const unknownList = (list: string) => ({
  zh: `没有“${list}”这种列表，可用：${[...Object.keys(schema.shape), ...companions].join("、")}`,
  en: `there is no list "${list}"; there are: ${[...Object.keys(schema.shape), ...companions].join(", ")}`,
});

/** Before the words stands what the part is called; where it is, the place says. */
function wrongParts(error: z.ZodError, value: unknown, source: Source) {
  return error.issues.flatMap((issue) => {
    const [problem] = fieldProblems(new z.ZodError([issue]), value);
    if (!problem) return [];
    const { field, text } = problem;
    const words = { zh: `${field}：${text.zh}`, en: `${field} ${text.en}` };
    const places =
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ path: [...issue.path, key], key: true }))
        : [{ path: issue.path }];
    return places.map((place) => ({ at: source.locate(place), text: words }));
  });
}
