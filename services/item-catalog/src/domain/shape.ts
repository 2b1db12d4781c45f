// The shape an item takes: as it stands, or as its first variant whose `when` holds changes it.

import type { Evidence } from "./language/city.ts";
import type { Item, Variant } from "./language/item.ts";
import type { Field } from "./language/words.ts";
import { type Answers, holds } from "./rules/evaluate.ts";

export type Shape = Omit<Item, "variants">;

export function shapeOf({ variants: _, ...plain }: Item, variant: Variant | undefined): Shape {
  if (!variant) return plain;
  const { code: _code, when: _when, ...changes } = variant;
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...plain, ...Object.fromEntries(given) };
}

/** Every shape the item can take. */
export const shapesOf = (item: Item): Shape[] => [
  shapeOf(item, undefined),
  ...item.variants.map((variant) => shapeOf(item, variant)),
];

export const shapeFor = (item: Item, answers: Answers): Shape =>
  shapeOf(
    item,
    item.variants.find((variant) => holds(variant.when, answers)),
  );

/** The schema of the decision's result: the fields of all products that the decision fills in, each once. */
export function resultOf(shape: Pick<Shape, "produces">, evidence: ReadonlyMap<string, Evidence>): Field[] {
  const fields = new Map<string, Field>();
  for (const product of shape.produces)
    for (const field of evidence.get(product.evidence)?.fields ?? [])
      if (product.fields?.includes(field.name) ?? true) fields.set(field.name, field);
  return [...fields.values()];
}
