// A whole catalogue, and one bundle of it with all it refers to: what is published, frozen and planned from.
import type { Bundle } from "./language/bundle.ts";
import type { AnnouncedYear, LocalHolidays } from "./language/calendar.ts";
import type { City, Department, Evidence } from "./language/city.ts";
import type { Item } from "./language/item.ts";
import type { Supervision } from "./language/supervision.ts";
import type { Pair } from "./language/words.ts";

export interface Catalogue {
  city: City;
  departments: Department[];
  evidence: Evidence[];
  items: Item[];
  bundles: Bundle[];
  /** Days beyond what the platform knows. */
  announcedYears: AnnouncedYear[];
  localHolidays: LocalHolidays[];
  supervision: Supervision;
}

/** The content of a published version. Immutable. */
export interface Publication {
  city: City;
  bundle: Bundle;
  items: Item[];
  departments: Department[];
  evidence: Evidence[];
}

/** A publication that is in force: which version it is, and the digest of its content. */
export interface Version {
  code: string;
  version: number;
  digest: string;
  content: Publication;
}

export const samePair = (a: Pair, b: Pair): boolean =>
  a.evidence === b.evidence && a.of === b.of && (a.to ?? "") === (b.to ?? "");

/** Takes out of the catalogue what one bundle needs. References are proved before. */
export function publicationOf(catalogue: Catalogue, bundle: Bundle): Publication {
  const codes = new Set(bundle.items.map((choice) => choice.item));
  const items = catalogue.items.filter((item) => codes.has(item.code));
  const named = evidenceNamed(bundle, items);
  const evidence = catalogue.evidence.filter((type) => named.has(type.code));
  const offices = new Set([bundle.lead, ...evidence.flatMap((type) => type.register ?? [])]);
  for (const item of items)
    for (const { department } of [item, ...item.variants]) if (department) offices.add(department);
  const departments = catalogue.departments.filter((department) => offices.has(department.code));
  return { city: catalogue.city, bundle, items, departments, evidence };
}

function evidenceNamed(bundle: Bundle, items: Item[]): Set<string> {
  const pairs: { evidence: string }[] = [
    ...bundle.requirements.flatMap((requirement) => requirement.anyOf),
    ...bundle.form.flatMap((field) => field.prefill ?? []),
    ...bundle.questions.flatMap((question) => question.prefill ?? []),
    ...bundle.roles.flatMap((role) => role.foundIn ?? []),
    ...items.flatMap((item) => [...item.produces, ...item.ends]),
  ];
  return new Set(pairs.map((pair) => pair.evidence));
}
