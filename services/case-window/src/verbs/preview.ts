// Before submission: what is proved by what, what will be used, what the form knows already, what is still missing.

import type { Plan, Requirement, Statement } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { conflict } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { expectedEnd } from "../domain/expected.ts";
import type { Prefilled } from "../domain/form.ts";
import { bindingEdges, inWork, missingOf } from "../domain/receipts.ts";
import { mayFill, type Use, usesOf } from "../domain/uses.ts";
import { fieldsOf, prefilled, prefillRequirements, resolve } from "../lookup.ts";
import { onlyApplicant } from "./only-applicant.ts";

export interface Preview {
  receipts: Receipt[];
  missing: Receipt[];
  uses: Use[];
  statements: Statement[];
  form: Map<string, Prefilled>;
  waitsFor: Map<string, string[]>;
  expected: { on: string; provisional: boolean };
}

export async function preview(deps: Deps, caller: Caller, state: CaseState): Promise<Preview> {
  onlyApplicant(caller, state);
  const plan = planOf(state);
  const statements = statementsOf(plan.requirements);
  const actor = actorOf(caller);
  const [receipts, { form, heldItems }] = await Promise.all([
    lookRequirements(deps, state, {
      actor,
      requirements: plan.requirements,
      statementsMade: statements.map((statement) => statement.id),
      pin: false,
    }),
    lookForm(deps, state, actor),
  ]);
  const working = inWork(plan, heldItems);
  return {
    receipts,
    missing: missingOf(plan, receipts, heldItems),
    uses: usesOf(plan, receipts),
    statements: statements.filter((each) => receipts.some((r) => r.proof?.reference === each.id)),
    form,
    waitsFor: new Map(plan.items.map((item) => [item.code, bindingEdges(working, receipts, item.code)])),
    expected: expectedEnd(working, receipts, deps.now(), deps.calendarOf(plan.division)),
  };
}

/** The plan of a case. Errors: `conflict` before the questions are answered. */
export function planOf(state: CaseState) {
  if (state.plan) return state.plan;
  throw conflict("case.no_answers", "请先回答情形问题", "Answer the questions first");
}

const statementsOf = (requirements: readonly Requirement[]): Statement[] => {
  const all = requirements.flatMap((each) =>
    each.alternatives.flatMap((alternative) => alternative.statement ?? []),
  );
  return [...new Map(all.map((statement) => [statement.id, statement])).values()];
};

/** What fills the form, and the items whose product is held already. With `agreed`, only by evidence that may be used. */
export async function lookForm(
  deps: Deps,
  state: CaseState,
  actor: string,
  agreed?: readonly string[],
): Promise<{ form: Map<string, Prefilled>; heldItems: string[] }> {
  const plan = planOf(state);
  const audit = auditOf(plan, actor);
  const wanted = plan.form
    .filter(({ prefill }) => !agreed || !prefill?.pair || mayFill(plan, prefill.pair, agreed))
    .map(({ field, prefill }) => ({ name: field!.name, prefill }));
  const receipts = await resolve(deps, {
    caseId: state.id,
    evidence: plan.evidence,
    subjects: state.subjects,
    requirements: [...prefillRequirements(wanted), ...heldRequirements(plan)],
    ...audit,
  });
  const form = prefilled(wanted, receipts, await fieldsOf(deps, receipts, audit));
  const heldItems = plan.items
    .filter((item) => item.skipWhenHeld && isHeld(receipts, item.code))
    .map((item) => item.code);
  return { form, heldItems };
}

/** The receipts of what the items require; with `pin` they are kept for the case. */
export function lookRequirements(
  deps: Deps,
  state: CaseState,
  ask: {
    actor: string;
    requirements: Requirement[];
    statementsMade: string[];
    refused?: string[];
    originalsSeen?: string[];
    pin: boolean;
    idempotencyKey?: string;
  },
): Promise<Receipt[]> {
  const plan = planOf(state);
  const siblings = plan.items
    .filter((item) => item.handling !== "offline")
    .flatMap((item) => item.produces.map((product) => ({ item: item.code, pair: product.pair })));
  return resolve(deps, {
    ...ask,
    ...auditOf(plan, ask.actor),
    caseId: state.id,
    evidence: plan.evidence,
    subjects: state.subjects,
    siblings,
  });
}

const auditOf = (plan: Plan, actor: string) => ({ actor, purpose: plan.name?.zh ?? plan.bundle });

const heldId = (code: string): string => `held:${code}`;

const heldRequirements = (plan: Plan): Requirement[] =>
  plan.items
    .filter((item) => item.skipWhenHeld)
    .map((item) => ({
      id: heldId(item.code),
      name: undefined,
      items: [""],
      alternatives: item.produces.map((product) => ({
        pair: product.pair,
        rungs: ["licence"],
        ask: "",
        matches: [],
        statement: undefined,
      })),
    }));

/** Held by every person of the role. */
function isHeld(looked: readonly Receipt[], code: string): boolean {
  const about = looked.filter((receipt) => receipt.requirement === heldId(code));
  return about.length > 0 && about.every((receipt) => receipt.state === "proved");
}
