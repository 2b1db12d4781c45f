// A birth filed as far as a test needs it, through the public door; and what every refusal there must be.
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody, PreviewBody } from "@onething/all-in-one/demo/bodies";
import { type Door, DoorError } from "@onething/all-in-one/demo/door";
import { expect } from "vitest";

/** All items that wait for nobody's wish: B1 to B7. */
export const answers = {
  bornWithin: "sixMonths",
  registerWith: "mother",
  sameEthnicity: "true",
  motherInsured: "true",
  wantsGuidance: "true",
  subsidyNow: "false",
  birthPlanToo: "false",
};
/** What nobody knows but the mother. */
export const form = {
  childName: "周语棠",
  motherPhone: "19900000001",
  cardBank: "ccb",
  bankName: "示例市商业银行",
  bankAccount: "6200430999000000017",
};
export const everyItem = ["B1", "B2", "B3", "B4", "B5", "B6", "B7"];

/** The path of a new draft. */
export async function draft(door: Door, more: object = {}): Promise<string> {
  const { id } = await door.post<{ id: string }>("/api/v1/cases", { bundle: "birth", ...more });
  return `/api/v1/cases/${id}`;
}

export async function answered(door: Door, given: object = answers, more: object = {}): Promise<string> {
  const at = await draft(door, more);
  await door.post(`${at}/answers`, { answers: given });
  return at;
}

/** What the preview offers, agreed to and signed whole. */
export async function submission(door: Door, at: string) {
  const preview = await door.get<PreviewBody>(`${at}/preview`);
  return {
    form,
    consents: preview.uses.filter((use) => use.ground === "consent").map((use) => use.id),
    statements: preview.statements.map((each) => each.id),
  };
}

export async function filed(door: Door, given: object = answers): Promise<string> {
  const at = await answered(door, given);
  await door.post(`${at}/submit`, await submission(door, at));
  return at;
}

/** Reads until it is as wanted; a test that waits too long says what it last saw. */
export async function until<T>(
  read: () => Promise<T>,
  wanted: (seen: T) => unknown,
  ms = 20_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await read();
    if (wanted(seen)) return seen;
    if (Date.now() > end) throw new Error(`never came: ${JSON.stringify(seen).slice(0, 2000)}`);
    await sleep(20);
  }
}

export const closed = (door: Door, at: string): Promise<CaseBody> =>
  until(
    () => door.get<CaseBody>(at),
    (seen) => seen.status === "closed",
  );

export const itemOf = (seen: CaseBody, code: string) => seen.items.find((item) => item.code === code)!;
export const outcomesOf = (seen: CaseBody) =>
  Object.fromEntries(seen.items.map((item) => [item.code, item.outcome]));

export type Refusal = DoorError["problem"];

/** The call is refused with this status and reason, in words of both languages that fit these. */
export async function refused(
  call: Promise<unknown>,
  status: number,
  reason: string,
  zh: RegExp,
  en: RegExp,
): Promise<Refusal> {
  const error = await call.then(
    (answer) => new Error(`it was accepted: ${JSON.stringify(answer)}`),
    (problem: unknown) => problem,
  );
  if (!(error instanceof DoorError)) throw error;
  expect([error.status, error.problem.reason]).toEqual([status, reason]);
  readable(error.problem, zh, en);
  return error.problem;
}

/** Both languages are there, each is its own, and neither shows the inside of a program. */
export function readable(text: { zh?: string; en?: string }, zh: RegExp, en: RegExp): void {
  expect(text.zh).toMatch(zh);
  expect(text.en).toMatch(en);
  expect(text.zh).toMatch(/\p{Script=Han}/u);
  expect(text.en).not.toMatch(/\p{Script=Han}|undefined|\[object|Error:|\bat \/|node_modules/u);
}
