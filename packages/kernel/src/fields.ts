// Values by schema: a field's type says what its text may be. The same check stands at every door that takes such values.
import { isCivilDate } from "./civil-date.ts";
import type { Text } from "./errors.ts";
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

const longest = 500;

/** What is wrong with a value, in words for people; undefined if nothing. An empty value is one that was not given. */
export function fieldProblem(field: FieldSchema, value: string): Text | undefined {
  const label = field.label ?? { zh: field.name, en: field.name };
  if (value === "")
    return field.required ? { zh: `请填写“${label.zh}”`, en: `Please fill in "${label.en}"` } : undefined;
  const wrong = shapeProblem(field, value);
  return wrong && { zh: `“${label.zh}”${wrong.zh}`, en: `"${label.en}" ${wrong.en}` };
}

function shapeProblem(field: FieldSchema, value: string): Text | undefined {
  switch (field.type) {
    case "text":
    case "person":
      return value.length > longest
        ? { zh: `最多 ${longest} 个字`, en: `has more than ${longest} characters` }
        : undefined;
    case "date":
      return isCivilDate(value)
        ? undefined
        : { zh: "应为日期，如 2026-03-18", en: "must be a date such as 2026-03-18" };
    case "instant":
      return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : { zh: "应为日期和时间", en: "must be a date and time" };
    case "number":
      return /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? undefined : { zh: "应为数字", en: "must be a number" };
    case "money":
      return /^\d{1,12}(\.\d{1,2})?$/.test(value)
        ? undefined
        : { zh: "应为金额，如 3600.00", en: "must be an amount such as 3600.00" };
    case "boolean":
      return value === "true" || value === "false"
        ? undefined
        : { zh: "应为是或否", en: "must be true or false" };
    case "citizenNumber":
      return isCitizenNumber(value)
        ? undefined
        : { zh: "不是有效的公民身份号码，请核对", en: "is not a valid citizen number; please check it" };
    case "choice":
      return field.choices.includes(value)
        ? undefined
        : {
            zh: `应为其中之一：${field.choices.join("、")}`,
            en: `must be one of: ${field.choices.join(", ")}`,
          };
    default:
      return { zh: `的类型 ${field.type} 不认识`, en: `has an unknown type ${field.type}` };
  }
}
