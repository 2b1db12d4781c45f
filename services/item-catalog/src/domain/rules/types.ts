// What a rule's parts can be. Values reach rules as text, so most of it is text, sometimes of a closed choice.
import type { CelType } from "@bufbuild/cel";

export type RuleType =
  | { kind: "text"; choices?: readonly string[] }
  | { kind: "scalar"; name: string }
  | { kind: "list"; of: RuleType }
  /** `unlisted`: fields that are there, but not shown to whom the rule is of. */
  | {
      kind: "record";
      name: string;
      fields: ReadonlyMap<string, RuleType>;
      unlisted: readonly string[];
    };

export type Scope = ReadonlyMap<string, RuleType>;

export const text: RuleType = { kind: "text" };
export const truth: RuleType = { kind: "scalar", name: "bool" };
export const dyn: RuleType = { kind: "scalar", name: "dyn" };

/** A value of a closed choice; without choices, any text. */
export const oneOf = (choices: readonly string[]): RuleType =>
  choices.length > 0 ? { kind: "text", choices } : text;

export const record = (
  name: string,
  fields: Iterable<readonly [string, RuleType]>,
  unlisted: readonly string[] = [],
): RuleType => ({ kind: "record", name, fields: new Map(fields), unlisted });

const numbers = ["int", "uint", "double"];

export const isDyn = (type: RuleType): boolean => type.kind === "scalar" && type.name === "dyn";
export const isTruth = (type: RuleType): boolean => type.kind === "scalar" && type.name === "bool";
const isNumber = (type: RuleType): boolean => type.kind === "scalar" && numbers.includes(type.name);

/** May stand on both sides of `==`, or be two branches of one choice. */
export function alike(a: RuleType, b: RuleType): boolean {
  if (isDyn(a) || isDyn(b) || (isNumber(a) && isNumber(b))) return true;
  if (a.kind === "list" && b.kind === "list") return alike(a.of, b.of);
  return a.kind === b.kind && a.kind !== "record" && nameOf(a) === nameOf(b);
}

export function nameOf(type: RuleType): string {
  switch (type.kind) {
    case "text":
      return "string";
    case "list":
      return `list(${nameOf(type.of)})`;
    default:
      return type.name;
  }
}

export function fromCel(type: CelType): RuleType {
  if (type.kind === "list") return { kind: "list", of: fromCel(type.element) };
  return type.name === "string" ? text : { kind: "scalar", name: type.name };
}

/** Does a value of this type fit a function's parameter? */
export function fits(type: RuleType, parameter: CelType): boolean {
  if (isDyn(type) || parameter.name === "dyn") return true;
  if (parameter.kind === "list") return type.kind === "list";
  return type.kind !== "record" && nameOf(type) === parameter.name;
}
