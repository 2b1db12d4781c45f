// The papers before the decision: receipt, acceptance, notices, and what moves the clock.
import type {
  ApprovalAccepted,
  ApprovalExtended,
  ApprovalNotAccepted,
  ApprovalPaused,
  ApprovalSupplementRequested,
  Gap,
} from "@onething/contracts/approval/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Procedure } from "@onething/documents/paper";
import { civilDate } from "@onething/kernel/civil-date";
import type { Text } from "@onething/kernel/errors";
import type { Approval } from "../domain/approval.ts";
import {
  allRemediesOf,
  applicationForm,
  joined,
  otherProof,
  queryWay,
  somethingElse,
  unanswered,
  untilSupplemented,
} from "./general.ts";
import type { Common, Letter } from "./letter.ts";

export function receipt(common: Common, { receivedAt, acceptBy, evidence, receipts }: Approval): Letter {
  const typeOf = (code = "") => evidence.find((type) => type.code === code)?.name ?? otherProof;
  const proofs = receipts.filter(({ proof }) => proof);
  const same = Map.groupBy(proofs, (each) => `${each.pair?.evidence} ${isOriginal(each)}`);
  const papers = [...same.values()].map((all) => ({
    name: typeOf(all[0]!.pair?.evidence),
    copies: all.length,
    ...(isOriginal(all[0]!)
      ? { form: "original" as const, returned: true }
      : { form: "electronic" as const, returned: false }),
  }));
  return {
    kind: "receipt",
    ...common,
    // What waits for another item is handed in when that has ended.
    appliedOn: civilDate(receivedAt),
    papers: [{ name: applicationForm, copies: 1, form: "electronic", returned: false }, ...papers],
    answerBy: acceptBy,
  };
}

/** Seen at a window and given back; everything else lies with registers. */
const isOriginal = ({ proof }: Receipt): boolean => proof?.kind === "original";

export const acceptance = (common: Common, { how, dates }: ApprovalAccepted, now: Approval): Letter => ({
  kind: "acceptance",
  ...common,
  acceptedOn: civilDate(now.acceptedAt),
  deemed: how === "deemed",
  promisedOn: now.dueOn,
  dueOn: now.legalDueOn,
  provisional: now.dueProvisional || dates?.legalProvisional === true,
  queryWay,
});

export const supplement = (
  common: Common,
  { gaps, answerBy }: ApprovalSupplementRequested,
  now: Approval,
): Letter => ({
  kind: "supplement",
  ...common,
  gaps: gaps.map((gap) => ({ what: whatOf(now, gap), problem: gap.what!, remedy: gap.remedy! })),
  respondBy: answerBy || undefined,
  consequence: answerBy ? unanswered(now.item.unanswered?.basis) : untilSupplemented,
});

/** What a gap is about: the field as the form names it, or the proof. */
function whatOf({ formSchema, receipts, evidence }: Approval, { field, requirement }: Gap): Text {
  if (field) return formSchema.find(({ name }) => name === field)?.label ?? somethingElse;
  if (!requirement) return somethingElse;
  const code = receipts.find((each) => each.requirement === requirement)?.pair?.evidence;
  return evidence.find((type) => type.code === code)?.name ?? otherProof;
}

export const nonAcceptance = (
  common: Common,
  { ground, reasons, rightBody }: ApprovalNotAccepted,
  { item }: Approval,
): Letter => ({
  kind: "non_acceptance",
  ...common,
  ground:
    ground === "not_needed"
      ? { is: "not_needed" }
      : { is: "not_this_authority", rightBody: { name: rightBody! } },
  reason: joined(reasons),
  remedies: allRemediesOf(item),
});

export const specialProcedure = (
  common: Common,
  { procedure, reason, days, untilOn }: ApprovalPaused,
): Letter => ({
  kind: "special_procedure",
  ...common,
  procedure: procedure as Procedure,
  reason: reason!,
  startsOn: common.date,
  workingDays: days,
  endsOn: untilOn,
});

export const extension = (
  common: Common,
  { days, reason, approvedBy, dates }: ApprovalExtended,
  before: Approval,
  now: Approval,
): Letter => ({
  kind: "extension",
  ...common,
  acceptedOn: civilDate(now.acceptedAt),
  dueOn: before.legalDueOn,
  workingDays: days,
  newDueOn: now.legalDueOn,
  provisional: dates?.legalProvisional === true,
  reason: reason!,
  approvedBy: approvedBy!,
  joint: now.item.joint,
});
