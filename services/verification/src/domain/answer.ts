// Is what a register answered an answer to what was asked? Anything else is refused, never repaired.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import type { Field } from "@onething/contracts/common/v1/common";
import type { AskRequest, AskResponse } from "@onething/contracts/register/v1/register";
import { fieldProblem } from "@onething/kernel/fields";
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

/** The type's own shape; text free of what a broken encoding leaves; a person by number or by the platform's id. */
export function fits(field: Field, value: string): boolean {
  if (fieldProblem(field, value) !== undefined) return false;
  if (field.type === "text") return isPlain(value, 2000);
  return field.type !== "person" || isCitizenNumber(value) || isPersonId(value);
}

const isPersonId = (value: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

/** No control or replacement characters, which is how a broken encoding looks. Line breaks are fine. */
function isPlain(value: string, max: number): boolean {
  return value.length > 0 && value.length <= max && !/[\p{Cc}\uFFFD]/u.test(value.replace(/[\n\r\t]/g, " "));
}
