// What an item's department is shown: of the evidence the fields that the item lists, of the answers those that it lists or
// its rules read. What is not listed is not shown.
import type { FieldNames } from "@onething/contracts/catalog/v1/catalog";
import { questionsIn } from "./rules/evaluate.ts";
import type { Shape } from "./shape.ts";

/** By requirement; one of which only the proof counts is not there. */
export function fieldsShown(requires: Shape["requires"]): Record<string, FieldNames> {
  const listed = Map.groupBy(
    requires.filter(({ fields }) => fields.length > 0),
    ({ id }) => id,
  );
  return Object.fromEntries(
    [...listed].map(([id, all]) => [id, { names: unique(all.flatMap(({ fields }) => fields)) }]),
  );
}

/** In the order of the bundle's questions. */
export function answersShown(shape: Shape, questions: readonly { id: string }[]): string[] {
  const rules = [...shape.conditions.map(({ rule }) => rule), ...Object.values(shape.automaticResult)];
  const shown = new Set([...shape.answers, ...rules.flatMap(questionsIn)]);
  return questions.map(({ id }) => id).filter((id) => shown.has(id));
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
