// An opinion is asked of another department, seen there, and answered.
import { Consultation as View } from "@onething/contracts/approval/v1/work";
import { addWorkingDays } from "@onething/kernel/calendar";
import { civilDate } from "@onething/kernel/civil-date";
import { invalid, type Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import { type Consultation, mostDays } from "../domain/consultation.ts";
import { both } from "../domain/content.ts";
import type { Official } from "../domain/obstacles.ts";
import { isInHand } from "../domain/table.ts";
import { notInHand, unknownWork } from "../domain/words.ts";
import { consultationKind } from "../kind.ts";
import { consultationsAbout, consultationsOf, workById } from "../store.ts";
import type { Asked } from "./act.ts";
import type { Deps } from "./deps.ts";

export interface Question {
  department: string;
  question: Text | undefined;
  days: number;
}

export async function consult(deps: Deps, by: Official, asked: Asked, input: Question): Promise<View> {
  const found = await workById(deps.db, by.department, asked.id);
  if (!found) throw unknownWork();
  const { state } = found;
  if (!isInHand(state.status)) throw notInHand(state);
  if (!Number.isInteger(input.days) || input.days < 1 || input.days > mostDays)
    throw invalid(
      "approval.days_invalid",
      `答复期限为 1 至 ${mostDays} 个工作日`,
      `The answer may take 1 to ${mostDays} working days`,
    );
  const id = idFrom("consultation", by.actor, asked.key);
  const { caseId, caseNumber, itemCode: item } = state;
  const calendar = deps.rules.calendarOf(state.division);
  const data = {
    ...{ id, approvalId: state.id, caseId, caseNumber, item, name: state.item.name },
    ...{ asking: state.item.department, asked: input.department, question: both("question", input.question) },
    ...{ answerBy: addWorkingDays(calendar, civilDate(deps.now()), input.days).date, by: by.actor },
  };
  const body = { consult: asked.id, ...input };
  const done = await deps.journal.submit(
    consultationKind,
    id,
    { type: "ask", asked: data },
    { actor: by.actor, key: asked.key, body },
  );
  return viewOf(done.state);
}

export async function answerConsultation(
  { journal }: Deps,
  by: Official,
  { id, key }: Asked,
  input: { agrees: boolean; opinion: Text | undefined },
): Promise<View> {
  const command = {
    type: "answer",
    by,
    agrees: input.agrees,
    opinion: both("opinion", input.opinion),
  } as const;
  const body = { answer: id, ...input };
  const { state } = await journal.submit(consultationKind, id, command, { actor: by.actor, key, body });
  return viewOf(state);
}

export const listConsultations = async ({ db }: Deps, by: Official): Promise<View[]> =>
  (await consultationsOf(db, by.department)).map(viewOf);

export const askedAbout = async ({ db }: Pick<Deps, "db">, approvalId: string): Promise<View[]> =>
  (await consultationsAbout(db, approvalId)).map(viewOf);

const viewOf = ({ answeredAt, ...rest }: Consultation): View =>
  View.fromPartial({ ...rest, answeredAt: answeredAt || undefined });
