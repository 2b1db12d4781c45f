// A catalogue with its parts by name, and every part's place in the files.
import type { Catalogue } from "../catalogue.ts";
import type { Bundle, Choice, FormField, Question, Requirement, Role } from "../language/bundle.ts";
import type { Department, Evidence } from "../language/city.ts";
import type { Item } from "../language/item.ts";

export type Path = readonly PropertyKey[];

export interface Used {
  item: Item;
  path: Path;
  choice: Choice;
  choicePath: Path;
}

/** A bundle among all it may name. */
export interface Context {
  bundle: Bundle;
  path: Path;
  used: Used[];
  evidence: ReadonlyMap<string, Evidence>;
  departments: ReadonlyMap<string, Department>;
  roles: ReadonlyMap<string, Role>;
  questions: ReadonlyMap<string, Question>;
  requirements: ReadonlyMap<string, Requirement>;
  form: ReadonlyMap<string, FormField>;
}

export const byCode = <T extends { code: string }>(parts: readonly T[]): Map<string, T> =>
  new Map(parts.map((part) => [part.code, part]));
const byId = <T extends { id: string }>(parts: readonly T[]): Map<string, T> =>
  new Map(parts.map((part) => [part.id, part]));

/** Items that do not exist are left out here and reported by the references' proof. */
export function contextsOf(catalogue: Catalogue): Context[] {
  const items = new Map(catalogue.items.map((item, index) => [item.code, { item, path: ["items", index] }]));
  return catalogue.bundles.map((bundle, index) => {
    const path = ["bundles", index];
    const used = bundle.items.flatMap((choice, at) => {
      const found = items.get(choice.item);
      return found ? [{ ...found, choice, choicePath: [...path, "items", at] }] : [];
    });
    return {
      bundle,
      path,
      used,
      evidence: byCode(catalogue.evidence),
      departments: byCode(catalogue.departments),
      roles: byCode(bundle.roles),
      questions: byId(bundle.questions),
      requirements: byId(bundle.requirements),
      form: new Map(bundle.form.map((field) => [field.name, field])),
    };
  });
}
