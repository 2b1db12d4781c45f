// An approval as departments see it.
import type { Attachment } from "@onething/contracts/approval/v1/attachments";
import { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { watchOf } from "@onething/kernel/supervision";
import type { Approval } from "./domain/approval.ts";
import type { Attached } from "./domain/attachment.ts";
import { datesOf, ledgerOf, lightNow } from "./domain/clock.ts";
import { actionsFor, type Official } from "./domain/obstacles.ts";
import { isInHand } from "./domain/table.ts";
import { shownOf } from "./domain/viewing.ts";
import { account } from "./domain/words.ts";
import type { Deps } from "./verbs/deps.ts";

/** What a list needs of an approval: all but what only the reader of one piece of work needs. */
export type Listed = Omit<Approval, "receipts" | "evidence" | "formSchema" | Unlisted>;
export type Unlisted = (typeof unlisted)[number];
export const unlisted = [
  ...(["sealedForm", "answers", "unmet", "notices", "procedures", "silentResult", "attachments"] as const),
  ...(["sealedApplicant", "readers"] as const),
] satisfies (keyof Approval)[];

type Seen<S> = { state: S; version: number };

export function viewOf(
  { now, rules }: Pick<Deps, "now" | "rules">,
  by: Official,
  { state, version }: Seen<Listed>,
  at = now(),
): Work {
  const { id, caseId, caseNumber, bundle, item, openedAt, dueOn, dueProvisional, legalDueOn } = state;
  const { status, claimedBy, decidedAt } = state;
  const calendar = rules.calendarOf(state.division);
  const watch = watchOf(rules.supervision, { item: item.code, department: state.department });
  const light = decidedAt || !watch.supervised ? undefined : lightNow(calendar, state, at, watch);
  return Work.fromPartial({
    id,
    caseId,
    caseNumber,
    bundle,
    item: item.code,
    name: item.name,
    department: item.department,
    status,
    claimedBy: claimedBy && account(claimedBy),
    openedAt,
    dueOn,
    dueProvisional,
    legalDueOn,
    decidedAt: decidedAt || undefined,
    result: item.result,
    version,
    acceptBy: state.acceptBy,
    acceptedAt: state.acceptedAt || undefined,
    stopped: state.stopped,
    secondLook: state.secondLook,
    deliverBy: state.deliverBy,
    actions: actionsFor(state, by, at),
    ledger: ledgerOf(calendar, state, at),
    ...(light && { light: light.light, used: Math.round(100 * light.share) }),
  });
}

type Opened = { readonly [field: string]: string };

/** One piece of work with its opened form and, in the order of its receipts, the opened fields of its evidence. */
export function detailOf(
  deps: Pick<Deps, "now" | "rules">,
  by: Official,
  { state, version }: Seen<Approval>,
  opened: { form: Opened; fields: readonly Opened[]; words: readonly Opened[] },
): WorkDetail {
  const { item, subjects, answers, receipts, unmet, legality, extension, formSchema } = state;
  const { form, fields } = opened;
  const words = [...opened.words];
  const evidence = receipts.map((receipt, i) => ({
    receipt: shown(receipt),
    fields: shownOf(item, receipt, fields[i] ?? {}),
  }));
  const notices = state.notices.map(({ answers, ...notice }) => ({
    ...{
      at: notice.at,
      by: account(notice.by),
      gaps: notice.gaps,
      answeredAt: notice.answeredAt || undefined,
    },
    answers: answers.map(({ gap, way }) => ({ gap, way, words: words.shift()?.words ?? "" })),
  }));
  const procedures = state.procedures.map(({ endedAt, ...each }) => ({
    ...each,
    endedAt: endedAt || undefined,
  }));
  return WorkDetail.fromPartial({
    work: viewOf(deps, by, { state, version }),
    ...{ form, evidence, subjects, answers, unmet, notices, procedures, extension, formSchema },
    attachments: shownAttachments(state).map(attachmentView),
    silence: silenceOf(deps, state),
    because: state.decidedAt ? [...state.because, ...provedBy(receipts)] : [],
    legality: legality && {
      ...legality,
      ...{ askedBy: account(legality.askedBy), givenBy: account(legality.givenBy) },
    },
  });
}

/** What was withdrawn needs no decision any more, so nobody of the department needs to read it. */
export const shownAttachments = ({ status, attachments = [] }: Approval): Attached[] =>
  status === "cancelled" ? [] : attachments;

/** So that nobody is surprised by what silence will have granted. */
function silenceOf({ rules, now }: Pick<Deps, "now" | "rules">, state: Approval) {
  const { item, silentResult, status, legalDueOn: on, division } = state;
  if (!item.silence || !silentResult || !isInHand(status)) return undefined;
  const { legalProvisional: provisional } = datesOf(rules.calendarOf(division), state, now());
  return { basis: item.silence, on, provisional };
}

export const attachmentView = (file: Attached): Attachment => ({ ...file, by: account(file.by) });

/** A decision rests on its evidence too: what each piece was found by. */
const provedBy = (receipts: readonly Receipt[]) =>
  receipts.flatMap(({ proof, why }) => (proof && why ? [why] : []));

/** What lies sealed in a piece of work: its form, the evidence by receipt, the applicant's words by answer. */
export const sealedIn = ({ sealedForm, receipts, notices }: Approval) => ({
  form: sealedForm,
  fields: receipts.map((receipt) => receipt.proof?.sealedFields ?? ""),
  words: notices.flatMap(({ answers }) => answers.map((answer) => answer.sealedWords)),
});

/** Opened fields stand beside the receipt; the ciphertext is nobody's business. */
const shown = (receipt: Receipt): Receipt => ({
  ...receipt,
  proof: receipt.proof && { ...receipt.proof, sealedFields: "" },
});
