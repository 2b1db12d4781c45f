// Values by schema: a field's type says what its text may be. The same check stands at every door that takes such
// values: forms, decisions' results, registers' answers, imported licences.
import { isCivilDate } from "./civil-date.ts";
import type { FieldProblem, Text } from "./errors.ts";
import { isCitizenNumber } from "./identity.ts";

/** Structurally the `Field` of the contracts. */
export interface FieldSchema {
  name: string;
  label?: Text | undefined;
  /** text | date | instant | number | money | boolean | citizenNumber | person | choice */
  type: string;
  required: boolean;
  choices: readonly string[];
}

export type FieldValues = { readonly [name: string]: string };

interface FieldType {
  fits(value: string, field: FieldSchema): boolean;
  says: (field: FieldSchema) => Text;
}

const longestText = 2000;
const number = /^-?\d{1,15}(\.\d{1,10})?$/;
const money = /^\d{1,13}(\.\d{1,2})?$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

const says = (zh: string, en: string) => () => ({ zh, en });

const types: Readonly<Record<string, FieldType>> = {
  text: {
    fits: (value) => value.length <= longestText,
    says: says(`不能超过 ${longestText} 个字`, `must have at most ${longestText} characters`),
  },
  date: { fits: isCivilDate, says: says("应为日期，如 2026-03-18", "must be a date such as 2026-03-18") },
  instant: {
    fits: (value) =>
      instant.test(value) && isCivilDate(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)),
    says: says("应为带时区的时间", "must be an ISO 8601 instant with its zone"),
  },
  number: { fits: (value) => number.test(value), says: says("应为数字", "must be a number") },
  money: {
    fits: (value) => money.test(value),
    says: says("应为金额（元），如 3600.00", "must be an amount in yuan such as 3600.00"),
  },
  boolean: {
    fits: (value) => value === "true" || value === "false",
    says: says("应为是或否（true 或 false）", "must be true or false"),
  },
  citizenNumber: {
    fits: isCitizenNumber,
    says: says("不是有效的公民身份号码，请核对", "is not a valid citizen number; please check it"),
  },
  person: {
    fits: (value) => value.length <= 64 && !/\s/.test(value),
    says: says("应为人员标识", "must be a person id"),
  },
  choice: {
    fits: (value, field) => field.choices.includes(value),
    says: (field) => ({
      zh: `应为其中之一：${field.choices.join("、")}`,
      en: `must be one of: ${field.choices.join(", ")}`,
    }),
  },
};

/** What is wrong with one value, in words for people; undefined if nothing. An empty value is one that was not given. */
export function fieldProblem(field: FieldSchema, value: string): Text | undefined {
  const label = field.label?.zh ? field.label : { zh: field.name, en: field.name };
  if (value === "")
    return field.required ? { zh: `请填写“${label.zh}”`, en: `"${label.en}" is required` } : undefined;
  const type = types[field.type];
  if (type?.fits(value, field)) return undefined;
  const wrong = type?.says(field) ?? { zh: "的类型不认识", en: "has an unknown type" };
  return { zh: `“${label.zh}”${wrong.zh}`, en: `"${label.en}" ${wrong.en}` };
}

/** Every field that is missing, unknown or of the wrong type; empty if the values fit. `path` goes before the names. */
export function fieldProblems(
  schema: readonly FieldSchema[],
  values: FieldValues,
  path: string,
): FieldProblem[] {
  const known = new Set(schema.map((field) => field.name));
  const unknown = Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => ({
      field: `${path}.${name}`,
      text: { zh: `这里没有“${name}”这一项`, en: `There is no field "${name}" here` },
    }));
  const wrong = schema.flatMap((field) => {
    const text = fieldProblem(field, Object.hasOwn(values, field.name) ? (values[field.name] ?? "") : "");
    return text ? [{ field: `${path}.${field.name}`, text }] : [];
  });
  return [...wrong, ...unknown];
}

/** The named fields that have a value. */
export const pick = (fields: FieldValues, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(fields, name) && fields[name] ? [[name, fields[name]]] : [])),
  );
