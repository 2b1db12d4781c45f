// The scripts' rules: CEL over what the officer sees, with a few functions a department would have.

import { createHash } from "node:crypto";
import {
  type CelFunc,
  type CelInput,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  isCelError,
  parse,
  plan,
} from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { addDays, addMonths, civilDate } from "@onething/kernel/civil-date";
import { birthDateOf, sexOf } from "@onething/kernel/identity";

const { STRING, INT, DOUBLE } = CelScalar;

export type Bindings = Record<string, CelInput>;
/** Evaluates to text; throws with the rule's own words, never with the values it saw. */
export type Rule = (bindings: Bindings, functions: readonly CelFunc[]) => string;

const asText = (value: CelValue): string => {
  if (value === null) return "";
  if (typeof value === "object") throw new Error("a rule must give text, a number or a boolean");
  return String(value);
};

/** Parsed once, when the simulator starts; `name` says where a fault is. */
export const compileRule = (name: string, source: string): Rule => {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(source);
  } catch (cause) {
    throw new Error(`${name}: cannot be read as a rule: ${cause instanceof Error ? cause.message : cause}`);
  }
  return (bindings, functions) => {
    const value = plan(celEnv({ funcs: [...strings, ...functions] }), parsed)(bindings);
    if (isCelError(value)) throw new Error(`${name}: ${value.message}`);
    return asText(value);
  };
};

/** The same part for the same words and seed, between 0 and 1. */
export const fraction = (...words: string[]): number =>
  createHash("sha256").update(words.join("\n")).digest().readUIntBE(0, 6) / 2 ** 48;

const date = (text: string): string => (text.length === 10 ? text : civilDate(text));

export const dateFunctions = (now: Date): CelFunc[] => [
  celFunc("today", [], STRING, () => civilDate(now)),
  celFunc("now", [], STRING, () => now.toISOString()),
  celFunc("civilDate", [STRING], STRING, date),
  celFunc("addDays", [STRING, INT], STRING, (from, n) => addDays(date(from), Number(n))),
  celFunc("addMonths", [STRING, INT], STRING, (from, n) => addMonths(date(from), Number(n))),
];

/** What a department can do besides dates. `serial` is the same whenever the same work and field ask again. */
export const officeFunctions = (
  office: { seed: string; work: string; field: string },
  give: (division: string, birthDate: string, sex: string) => string,
): CelFunc[] => [
  celFunc("citizenNumber", [STRING, STRING, STRING], STRING, (division, born, sex) =>
    give(division, date(born), sex),
  ),
  celFunc("serial", [STRING], STRING, (prefix) => {
    const digits = Math.floor(fraction(office.seed, office.work, office.field, prefix) * 1e10);
    return prefix + String(digits).padStart(10, "0");
  }),
  celFunc("money", [DOUBLE], STRING, (yuan) => yuan.toFixed(2)),
  celFunc("birthDateOf", [STRING], STRING, (number) => birthDateOf(number)),
  celFunc("sexOf", [STRING], STRING, (number) => sexOf(number)),
];
