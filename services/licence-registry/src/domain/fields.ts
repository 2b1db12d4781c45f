// Fields of a licence checked against the schema of its type.
import type { Field } from "@onething/contracts/common/v1/common";
import { isCivilDate } from "@onething/kernel/civil-date";
import { type FieldProblem, invalid, type Text } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";

export type Fields = Record<string, string>;

const fits: Record<string, (value: string) => boolean> = {
  date: isCivilDate,
  instant: (value) =>
    /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
  number: (value) => /^-?\d+(\.\d+)?$/.test(value),
  money: (value) => /^-?\d+(\.\d{1,2})?$/.test(value),
  boolean: (value) => value === "true" || value === "false",
  citizenNumber: isCitizenNumber,
};

/** Every field is of the schema, every required one is there, every value has its type. Errors: `invalid`, a detail a field. */
export function checkFields(schema: readonly Field[], fields: Fields): void {
  const problems: FieldProblem[] = [];
  for (const name of Object.keys(fields))
    if (!schema.some((field) => field.name === name))
      problems.push(problem(name, "不属于该证照类型", "does not belong to this licence type"));
  for (const { name, type, required, choices } of schema) {
    const value = fields[name] ?? "";
    if (value === "") {
      if (required) problems.push(problem(name, "必填", "is required"));
    } else if (!(fits[type]?.(value) ?? true) || (type === "choice" && !choices.includes(value)))
      problems.push(problem(name, "格式不正确", "is not well formed"));
  }
  if (problems.length > 0)
    throw invalid("licence.fields", "证照字段有误", "Some licence fields are wrong", { fields: problems });
}

const problem = (name: string, zh: string, en: string): FieldProblem => {
  const text: Text = { zh: `${name}：${zh}`, en: `${name} ${en}` };
  return { field: `fields.${name}`, text };
};

/** What the fields say about the holder himself: his number, and his name. */
export function identityIn(schema: readonly Field[], fields: Fields): { number: string; name: string } {
  const own = (type: string) => {
    const field = schema.find((candidate) => candidate.identifies && candidate.type === type);
    return field ? (fields[field.name] ?? "") : "";
  };
  return { number: own("citizenNumber"), name: own("text") };
}

/** The named fields that have a value. */
export const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])));
