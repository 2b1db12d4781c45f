// Is what a register answered an answer to what was asked? Anything else is refused, never repaired.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import type { Field } from "@onething/contracts/common/v1/common";
import type { AskRequest, AskResponse } from "@onething/contracts/register/v1/register";
import { isCitizenNumber } from "@onething/kernel/identity";
import type { Answer } from "./facts.ts";

const garbage: Answer = { kind: "refused", why: "garbage" };
const wrongPerson: Answer = { kind: "refused", why: "wrong_person" };

/** `at` stands in for a register that does not say as of when it answers. */
export function judgeAnswer(type: EvidenceType, asked: AskRequest, answer: AskResponse, at: string): Answer {
  if (answer.requestId !== "" && answer.requestId !== asked.requestId) return garbage;
  if (!repeatsNumbers(asked, answer)) return wrongPerson;
  if (!answer.found) return { kind: "absent" };
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.fields)) {
    const field = type.fields.find((each) => each.name === name);
    if (!field || !asked.fields.includes(name)) return garbage;
    if (value === "" && !field.required) continue;
    if (!fits(field, value)) return garbage;
    fields[name] = value;
  }
  if (type.fields.some((field) => field.required && fields[field.name] === undefined)) return garbage;
  if (!isPlain(answer.reference, 200)) return garbage;
  return { kind: "found", fields, reference: answer.reference, asOf: answer.asOf ?? at };
}

/** "Not found" may leave the numbers out; a record must repeat them. */
function repeatsNumbers(asked: AskRequest, answer: AskResponse): boolean {
  const same = (a: string, b: string) => a === b || (!answer.found && a === "");
  return (
    same(answer.identityNumber, asked.identityNumber) && same(answer.toIdentityNumber, asked.toIdentityNumber)
  );
}

const fitsType: Record<string, (value: string, field: Field) => boolean> = {
  text: (value) => isPlain(value, 2000),
  date: isDate,
  instant: (value) => isDate(value.slice(0, 10)) && value[10] === "T" && !Number.isNaN(Date.parse(value)),
  number: (value) => /^-?\d{1,15}(\.\d{1,9})?$/.test(value),
  money: (value) => /^-?\d{1,15}(\.\d{1,2})?$/.test(value),
  boolean: (value) => value === "true" || value === "false",
  citizenNumber: isCitizenNumber,
  // A register knows people by number; the platform's own ids are taken as they are.
  person: (value) => isCitizenNumber(value) || isPersonId(value),
  choice: (value, field) => field.choices.includes(value),
};

export const fits = (field: Field, value: string): boolean => fitsType[field.type]?.(value, field) ?? false;

const isPersonId = (value: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

/** No control or replacement characters, which is how a broken encoding looks. Line breaks are fine. */
function isPlain(value: string, max: number): boolean {
  return value.length > 0 && value.length <= max && !/[\p{Cc}\uFFFD]/u.test(value.replace(/[\n\r\t]/g, " "));
}
