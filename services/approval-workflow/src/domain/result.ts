// Does a decision fit? A grant's result against the item's schema, and the words of an officer.
import type { Field } from "@onething/contracts/common/v1/common";
import { type FieldProblem, invalid, type OnethingError, type Text } from "@onething/kernel/errors";
import { type FieldValues, fieldProblems } from "@onething/kernel/fields";

export type Values = FieldValues;

const maxText = 2000;

/** Every field that is missing, unknown or of the wrong type; empty if the result fits. */
export const validateResult = (schema: readonly Field[], result: Values): FieldProblem[] =>
  fieldProblems(schema, result, "result");

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
    throw invalid("approval.reason_missing", "必须说明理由", "At least one reason must be stated", {
      fields: [{ field: "reasons", text: { zh: "至少一条理由", en: "at least one reason" } }],
    });
  reasons.forEach(({ zh, en }, i) => {
    mustBeWords(`reasons[${i}].zh`, zh);
    mustBeWords(`reasons[${i}].en`, en);
  });
  return reasons;
}

// An identity, phone or account number written into free text would stand there in clear for ever, however it is spaced out.
const personal = /(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9}|\d{16,})(?!\d)/;
const withoutGaps = (text: string): string => text.replace(/(?<=\d)[\s.·-]+(?=[\dXx])/g, "");

export function mustBeWords(field: string, text: string): void {
  if (text.length > maxText)
    throw wordsInvalid(field, `不能超过 ${maxText} 个字符`, `must be at most ${maxText} characters`);
  if (personal.test(withoutGaps(text)))
    throw wordsInvalid(
      field,
      "请不要写入姓名、住址、身份证号码、手机号码或账号",
      "must not contain names, addresses, identity, phone or account numbers",
    );
}

const wordsInvalid = (field: string, zh: string, en: string): OnethingError =>
  invalid("approval.words_invalid", `文字说明有误：${zh}`, `The wording is not accepted: it ${en}`, {
    fields: [{ field, text: { zh, en } }],
  });
