// Submits a case, once: evidence is pinned, the form sealed item by item, and every item that waits for nothing starts.
import { createHash } from "node:crypto";
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import { CaseSubmitted, type Consent, type Declaration } from "@onething/contracts/window/v1/events";
import { civilDate } from "@onething/kernel/civil-date";
import { forbidden } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { expectedEnd } from "../domain/expected.ts";
import { formOf, mergeForm } from "../domain/form.ts";
import { checkProofs } from "../domain/proofs.ts";
import { inWork } from "../domain/receipts.ts";
import { type Use, usesOf, withConsent } from "../domain/uses.ts";
import { nextSerial } from "../store.ts";
import { onlyApplicant } from "./only-applicant.ts";
import { lookForm, lookRequirements, planOf } from "./preview.ts";

export interface SubmitCase {
  form: Record<string, string>;
  /** Ids of the uses agreed to. */
  consents: string[];
  /** Ids of the statements made. */
  statements: string[];
  /** At a window: requirements whose original the clerk has seen. */
  originalsSeen: string[];
}

export interface SubmittedCase {
  id: string;
  number: string;
  status: string;
}

export async function submitCase(
  deps: Deps,
  caller: Caller,
  key: string,
  state: CaseState,
  input: SubmitCase,
): Promise<SubmittedCase> {
  onlyApplicant(caller, state);
  if (input.originalsSeen.length > 0 && caller.role !== "clerk")
    throw forbidden(
      "case.originals_at_window",
      "只有窗口可以登记查验原件",
      "Only a window can record originals seen",
    );
  const actor = actorOf(caller);
  // A draft no more: nothing is looked up, the journal answers the repeat or refuses a second submission.
  const submitted =
    state.status === "draft" ? await prepare(deps, caller, key, state, input) : CaseSubmitted.create();
  const done = await deps.journal.submit(
    caseKind,
    state.id,
    { type: "submit", submitted, plan: state.plan },
    { actor, key, body: ["submit", state.id, input] },
  );
  return done.answer as unknown as SubmittedCase;
}

async function prepare(
  deps: Deps,
  caller: Caller,
  key: string,
  state: CaseState,
  input: SubmitCase,
): Promise<CaseSubmitted> {
  const plan = planOf(state);
  const actor = actorOf(caller);
  const { form, heldItems } = await lookForm(deps, state, actor, input.consents);
  const { requirements, refused } = withConsent(plan, input.consents);
  const receipts = await lookRequirements(deps, state, {
    actor,
    requirements,
    refused,
    statementsMade: input.statements,
    originalsSeen: input.originalsSeen,
    pin: true,
    idempotencyKey: `${state.id}:${key}`,
  });
  // Who may not file, or must bring something first, is told so before being asked to mend the form.
  checkProofs(plan, receipts, heldItems);
  const values = mergeForm(plan, input.form, form);
  const expected = expectedEnd(inWork(plan, heldItems), receipts, deps.now(), deps.calendarOf(plan.division));
  return CaseSubmitted.fromPartial({
    number: await caseNumber(deps, plan),
    subjects: state.subjects,
    receipts,
    sealedForms: await sealForms(deps, state.id, plan, values),
    sealedApplicant: await sealApplicant(deps, actor, plan, state),
    consents: consentsOf(plan, usesOf(plan, receipts), state.applicantId),
    declarations: declarationsOf(plan, input.statements, state.applicantId),
    notNeeded: heldItems,
    followers: followersOf(plan, state),
    expectedOn: expected.on,
    expectedProvisional: expected.provisional,
  });
}

/** Each item gets its own box, so a department opens what its item needs and nothing else. */
async function sealForms(
  deps: Deps,
  caseId: string,
  plan: Plan,
  values: Record<string, string>,
): Promise<Record<string, string>> {
  const sealer = await deps.keyring.sealer(`case/${caseId}`);
  return Object.fromEntries(plan.items.map((item) => [item.code, sealer.seal(formOf(plan, item, values))]));
}

/** Name and number as the registry knows them: they stand on every paper of the case. */
async function sealApplicant(
  { peers, keyring }: Deps,
  actor: string,
  { name: bundle }: Plan,
  { id: caseId, applicantId }: CaseState,
): Promise<string> {
  const purpose = `${bundle?.zh ?? ""}：在文书上载明申请人 / ${bundle?.en ?? ""}: names the applicant on its papers`;
  const asked = peers.licences.getHolders({ personIds: [applicantId], caseId, purpose, actor });
  const [{ holders }, sealer] = await Promise.all([asked, keyring.sealer(`case/${caseId}`)]);
  const { name = "", identityNumber: number = "" } = holders[0] ?? {};
  return sealer.seal({ name, number });
}

/** Theme code, area, date of the city and a serial that may grow beyond four digits. */
async function caseNumber(deps: Deps, plan: Plan): Promise<string> {
  const day = civilDate(deps.now()).replaceAll("-", "");
  return `${plan.themeCode}${plan.division}${day}${String(await nextSerial(deps.db)).padStart(4, "0")}`;
}

const consentsOf = (plan: Plan, uses: readonly Use[], by: string): Consent[] =>
  uses.map((use) => ({ use: use.id, ground: use.ground, by, textHash: hashOf(use.text.zh + plan.digest) }));

const declarationsOf = (plan: Plan, made: readonly string[], by: string): Declaration[] =>
  plan.requirements
    .flatMap((requirement) => requirement.alternatives.flatMap((each) => each.statement ?? []))
    .filter(
      (statement, i, all) => made.includes(statement.id) && all.findIndex((s) => s.id === statement.id) === i,
    )
    .map((statement) => ({ statement: statement.id, by, textHash: hashOf(statement.text?.zh ?? "") }));

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The people who may follow the case besides the applicant, such as the other parent. */
function followersOf(plan: Plan, state: CaseState): string[] {
  const roles = new Set(plan.roles.filter((role) => role.follows).map((role) => role.code));
  return [...new Set(state.subjects.filter((each) => roles.has(each.role)).map((each) => each.personId))];
}
