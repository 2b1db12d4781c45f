// Does a decision fit? A grant's result against the item's schema, and the words of an officer.
import type { Field } from "@onething/contracts/common/v1/common";
import { isCivilDate } from "@onething/kernel/civil-date";
import { type FieldProblem, invalid, type OnethingError, type Text } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";

export type Values = { readonly [field: string]: string };

const maxText = 2000;
const number = /^-?\d{1,15}(\.\d{1,10})?$/;
const money = /^\d{1,13}(\.\d{1,2})?$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

interface Type {
  fits(value: string, field: Field): boolean;
  says(field: Field): Text;
}

const says = (zh: string, en: string) => () => ({ zh, en });

const types: Record<string, Type> = {
  text: {
    fits: (value) => value.length <= maxText,
    says: says(`不能超过 ${maxText} 个字符`, `must be at most ${maxText} characters`),
  },
  date: { fits: isCivilDate, says: says("应为日期 YYYY-MM-DD", "must be a date, YYYY-MM-DD") },
  instant: {
    fits: (value) => instant.test(value) && !Number.isNaN(Date.parse(value)),
    says: says("应为带时区的时间", "must be an ISO 8601 instant with its zone"),
  },
  number: { fits: (value) => number.test(value), says: says("应为数字", "must be a decimal number") },
  money: {
    fits: (value) => money.test(value),
    says: says("应为金额（元，至多两位小数）", "must be an amount in yuan with at most two decimals"),
  },
  boolean: {
    fits: (value) => value === "true" || value === "false",
    says: says("应为 true 或 false", "must be true or false"),
  },
  citizenNumber: {
    fits: isCitizenNumber,
    says: says("不是有效的公民身份号码", "is not a valid citizen identity number"),
  },
  person: {
    fits: (value) => value.length > 0 && value.length <= 64 && !/\s/.test(value),
    says: says("应为人员标识", "must be a person id"),
  },
  choice: {
    fits: (value, field) => field.choices.includes(value),
    says: (field) => ({
      zh: `应为以下之一：${field.choices.join("、")}`,
      en: `must be one of ${field.choices.join(", ")}`,
    }),
  },
};

/** Every field that is missing, unknown or of the wrong type; empty if the result fits. */
export function validateResult(schema: readonly Field[], result: Values): FieldProblem[] {
  const known = new Set(schema.map((field) => field.name));
  const unknown = Object.keys(result)
    .filter((name) => !known.has(name))
    .map((name) => problem(name, "结果中没有这个字段", "is not a field of this result"));
  return [...schema.flatMap((field) => problemsOf(field, result)), ...unknown];
}

function problemsOf(field: Field, result: Values): FieldProblem[] {
  const value = Object.hasOwn(result, field.name) ? (result[field.name] ?? "") : "";
  if (value === "") return field.required ? [problem(field.name, "必须填写", "is required")] : [];
  const type = types[field.type];
  if (!type) return [problem(field.name, `未知的类型 ${field.type}`, `has the unknown type ${field.type}`)];
  if (type.fits(value, field)) return [];
  return [{ field: `result.${field.name}`, text: type.says(field) }];
}

const problem = (name: string, zh: string, en: string): FieldProblem => ({
  field: `result.${name}`,
  text: { zh, en },
});

export const resultInvalid = (fields: FieldProblem[]): OnethingError =>
  invalid(
    "approval.result_invalid",
    "办理结果不符合该事项的要求",
    "The result does not fit what this item ends with",
    { fields },
  );

/** A refusal says why, in words (Licensing Law art. 38). One language is enough; it stands for both. */
export function reasonsOf(given: readonly Text[]): Text[] {
  const reasons = given
    .map(({ zh, en }) => ({ zh: zh.trim(), en: en.trim() }))
    .filter(({ zh, en }) => zh !== "" || en !== "")
    .map(({ zh, en }) => ({ zh: zh || en, en: en || zh }));
  if (reasons.length === 0)
    throw invalid(
      "approval.reason_missing",
      "不予许可必须说明理由",
      "A refusal must state at least one reason",
      { fields: [{ field: "reasons", text: { zh: "至少一条理由", en: "at least one reason" } }] },
    );
  reasons.forEach(({ zh, en }, i) => {
    mustBeWords(`reasons[${i}].zh`, zh);
    mustBeWords(`reasons[${i}].en`, en);
  });
  return reasons;
}

// A citizen number or a mobile number written into free text would stand there in clear for ever.
const personal = /(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)/;

export function mustBeWords(field: string, text: string): void {
  if (text.length > maxText)
    throw wordsInvalid(field, `不能超过 ${maxText} 个字符`, `must be at most ${maxText} characters`);
  if (personal.test(text))
    throw wordsInvalid(field, "请不要写入身份证号码或手机号码", "must not contain identity or phone numbers");
}

const wordsInvalid = (field: string, zh: string, en: string): OnethingError =>
  invalid("approval.words_invalid", `文字说明有误：${zh}`, `The wording is not accepted: it ${en}`, {
    fields: [{ field, text: { zh, en } }],
  });
