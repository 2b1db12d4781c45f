// Answers a department's one-time notice, every gap at once: new values go into the sealed form of the item, and of whatever
// asks for the same field and has not started; what is looked up again must prove it; words are sealed.
import type { Gap, GapAnswer } from "@onething/contracts/approval/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { OnethingError } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState, Notice } from "../domain/case.ts";
import type { Supplement } from "../domain/commands.ts";
import { caseKind } from "../domain/decide.ts";
import {
  type Answer,
  checkAnswers,
  checkLooked,
  fieldOf,
  formMoved,
  itemOf,
  openNotice,
  requirementOf,
} from "../domain/supplement.ts";
import { resolve } from "../lookup.ts";
import { onlyApplicant } from "./only-applicant.ts";
import { planOf } from "./preview.ts";
import { reseal } from "./reseal.ts";

export interface Supplemented {
  id: string;
  item: string;
  status: string;
}

type SupplementDeps = Pick<Deps, "journal" | "keyring" | "peers">;

/** How often an answer is prepared anew because the form has changed meanwhile. */
const attempts = 3;

export async function supplement(
  deps: SupplementDeps,
  caller: Caller,
  key: string,
  state: CaseState,
  input: { item: string; answers: Answer[] },
): Promise<Supplemented> {
  onlyApplicant(caller, state);
  const actor = actorOf(caller);
  const by = { actor, key, body: ["supplement", state.id, input] };
  for (let attempt = 1, now = state; ; attempt++) {
    try {
      const command = await prepare(deps, caller, now, input);
      return (await deps.journal.submit(caseKind, state.id, command, by)).answer as unknown as Supplemented;
    } catch (error) {
      const moved = error instanceof OnethingError && error.reason === formMoved;
      if (!moved || attempt === attempts) throw error;
      now = (await deps.journal.load(caseKind, state.id))!.state;
    }
  }
}

async function prepare(
  deps: SupplementDeps,
  caller: Caller,
  state: CaseState,
  { item, answers }: { item: string; answers: Answer[] },
): Promise<Supplement> {
  const by = actorOf(caller);
  const told = answers.map(({ gap, way }) => ({ gap, way, sealedWords: "" }));
  const blank = { type: "supplement" as const, item, by, answers: told, receipts: [], forms: {} };
  const notice = openNotice(itemOf(state, item));
  // Of an earlier notice: nothing is looked up, the journal answers the repeat or the law refuses it.
  if (!notice || !answers.some(({ gap }) => notice.gaps.some(({ id }) => id === gap))) return blank;
  checkAnswers(planOf(state), notice, answers, caller.role === "clerk");
  return {
    ...blank,
    receipts: await lookAgain(deps, by, state, item, notice, answers),
    forms: await reseal(deps, state, item, valuesOf(state, notice, answers), {
      actor: by,
      purpose: `answer the notice of item ${item}, case ${state.id}`,
    }),
    answers: await sealWords(deps, state, answers),
  };
}

const gapOf = (notice: Notice, { gap }: Answer): Gap => notice.gaps.find(({ id }) => id === gap)!;

function valuesOf(state: CaseState, notice: Notice, answers: readonly Answer[]): Record<string, string> {
  const values = answers.flatMap((answer) =>
    answer.way === "value"
      ? [[fieldOf(planOf(state), gapOf(notice, answer))!.field!.name, answer.value.trim()]]
      : [],
  );
  return Object.fromEntries(values);
}

/** Asking for it is agreeing to it; an original that was seen is the proof, whatever registers say. */
async function lookAgain(
  deps: SupplementDeps,
  actor: string,
  state: CaseState,
  item: string,
  notice: Notice,
  answers: readonly Answer[],
): Promise<Receipt[]> {
  const plan = planOf(state);
  const asked = answers.filter(({ way }) => way === "evidence" || way === "original");
  const found = await Promise.all(
    asked.map(async (answer) => {
      const gap = gapOf(notice, answer);
      const requirement = requirementOf(plan, gap)!;
      const rungs = answer.way === "original" ? ["original"] : ["licence", "register"];
      const alternatives = requirement.alternatives
        .map((each) => ({ ...each, rungs: each.rungs.filter((rung) => rungs.includes(rung)) }))
        .filter((each) => each.rungs.length > 0);
      const receipts = await resolve(deps, {
        caseId: state.id,
        requirements: [{ ...requirement, items: [item], alternatives }],
        evidence: plan.evidence,
        subjects: state.subjects,
        purpose: plan.name?.zh ?? plan.bundle,
        actor,
        originalsSeen: answer.way === "original" ? [requirement.id] : [],
      });
      checkLooked(gap, receipts);
      return receipts;
    }),
  );
  return found.flat();
}

async function sealWords(
  { keyring }: SupplementDeps,
  state: CaseState,
  answers: readonly Answer[],
): Promise<GapAnswer[]> {
  const sealer = await keyring.sealer(`case/${state.id}`);
  return answers.map((answer) => ({
    gap: answer.gap,
    way: answer.way,
    sealedWords: answer.way === "words" ? sealer.seal({ words: answer.words.trim() }) : "",
  }));
}
