// The law of a case: which command may do what in which state. Pure; words of refusals are for people.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Subject, Text } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import {
  CaseAnswered,
  CaseDrafted,
  CaseEvidenceUpdated,
  CaseItemAccepted,
  CaseItemDecided,
  CaseItemIssued,
  CaseSubmitted,
  CaseWithdrawalRefused,
  CaseWithdrawRequested,
  type ProductShare,
} from "@onething/contracts/window/v1/events";
import { codecs } from "@onething/events/names";
import type { Decision, Kind } from "@onething/journal/journal";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, invalid } from "@onething/kernel/errors";
import { advance, ended, Progress } from "./advance.ts";
import { type CaseEvent, type CaseState, evolve, type ItemState } from "./case.ts";
import { checkProofs } from "./proofs.ts";
import { answeredMeanwhile, receiptsFor } from "./receipts.ts";

export type CaseCommand =
  | { type: "open"; drafted: CaseDrafted }
  | { type: "answer"; plan: Plan; subjects: Subject[] }
  /** With the plan that it was prepared on. */
  | { type: "submit"; submitted: CaseSubmitted; plan: Plan | undefined }
  | { type: "evidence"; receipts: Receipt[] }
  | { type: "accepted"; item: string; dueOn: string; dueProvisional: boolean }
  | { type: "granted"; item: string; automatic: boolean }
  | {
      type: "issued";
      item: string;
      pair: Pair;
      position: number;
      identifier: string;
      kind: string;
      holderId: string;
      shares: ProductShare[];
    }
  | { type: "refused"; item: string; reasons: Text[]; remedies: Text[] }
  | { type: "cancelled"; item: string }
  | { type: "withdrawal_refused"; item: string; why: Text }
  | { type: "withdraw"; by: string };

type Of<T extends CaseCommand["type"]> = Extract<CaseCommand, { type: T }>;
/** About one item that a department has. */
type Report = Exclude<CaseCommand, Of<"open" | "answer" | "submit" | "withdraw" | "evidence">>;

export function decide(state: CaseState | null, command: CaseCommand, now: Date): Decision<CaseEvent> {
  if (command.type === "open") return open(state, command);
  if (!state) throw conflict("case.not_open", "这个办件还没有建立", "This case has not been opened yet");
  const answer = { id: state.id };
  switch (command.type) {
    case "answer":
      return { events: [answered(state, command)], answer };
    case "submit":
      return submit(state, command, now);
    case "withdraw":
      return withdraw(state, command, now);
    default:
      return { events: report(state, command, now), answer };
  }
}

function open(state: CaseState | null, { drafted }: Of<"open">): Decision<CaseEvent> {
  if (state) throw conflict("case.exists", "这个办件已经建立", "This case exists already");
  const data = CaseDrafted.fromPartial(drafted);
  return { events: [{ type: "case.drafted", data }], answer: { id: data.id } };
}

function answered(state: CaseState, { plan, subjects }: Of<"answer">): CaseEvent {
  if (state.status !== "draft") throw alreadySubmitted();
  return { type: "case.answered", data: CaseAnswered.fromPartial({ plan, subjects }) };
}

const alreadySubmitted = () =>
  conflict(
    "case.already_submitted",
    "这个办件已经提交，不能再改。需要更改请先撤回，再重新办理",
    "This case has been submitted and cannot be changed; withdraw it and start again if you need to",
  );

function submit(
  state: CaseState,
  { submitted, plan: prepared }: Of<"submit">,
  now: Date,
): Decision<CaseEvent> {
  if (state.status !== "draft") throw alreadySubmitted();
  const { plan } = state;
  if (!plan)
    throw invalid("case.no_answers", "请先回答情形问题，再提交", "Answer the questions first, then submit");
  if (!sameJson([prepared, submitted.subjects], [plan, state.subjects])) throw answersChanged();
  const receipts = answeredMeanwhile(submitted.receipts, state.receipts);
  checkProofs(plan, receipts, submitted.notNeeded);
  const progress = new Progress(state, now);
  progress.add({ type: "case.submitted", data: CaseSubmitted.fromPartial(submitted) });
  for (const item of plan.items)
    if (submitted.notNeeded.includes(item.code) || item.handling === "offline")
      progress.add(ended(item, "not_needed", { reasons: [whyNotNeeded(item.handling)] }));
  const events = advance(progress);
  return { events, answer: { id: state.id, number: submitted.number, status: progress.state.status } };
}

/** The proofs at hand are those of other answers. */
const answersChanged = () =>
  conflict(
    "case.answers_changed",
    "提交的同时回答有了改动，请重新查看预览后再提交",
    "The answers were changed while the case was being submitted; look at the preview again, then submit",
  );

const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const whyNotNeeded = (handling: string): Text =>
  handling === "offline"
    ? {
        zh: "这一项由主管部门线下办理，结果由登记系统取得",
        en: "Handled by the department in person; the platform reads its register",
      }
    : { zh: "已经持有有效结果，不用再办", en: "A valid result is held already" };

function withdraw(state: CaseState, { by }: Of<"withdraw">, now: Date): Decision<CaseEvent> {
  if (state.status === "draft")
    throw conflict(
      "case.not_submitted",
      "这个办件还没有提交，不需要撤回",
      "This case has not been submitted; there is nothing to withdraw",
    );
  if (state.status === "closed")
    throw conflict(
      "case.closed",
      "这个办件已经办结，不能撤回",
      "This case has ended and cannot be withdrawn",
    );
  if (state.withdrawRequested)
    throw conflict("case.withdrawing", "已经收到撤回申请，正在处理", "A withdrawal is already being handled");
  const progress = new Progress(state, now);
  const items = Object.values(state.items);
  const withDepartments = items.filter((item) => item.status === "with_department").map((item) => item.code);
  progress.add({
    type: "case.withdraw_requested",
    data: CaseWithdrawRequested.fromPartial({ caseId: state.id, by, items: withDepartments }),
  });
  for (const item of items) if (item.status === "waiting") progress.add(ended(item, "withdrawn"));
  const events = advance(progress);
  return { events, answer: { id: state.id, status: progress.state.status } };
}

/** What other services report. What is known already, or is about something that has ended, says nothing new. */
function report(state: CaseState, command: Report | Of<"evidence">, now: Date): CaseEvent[] {
  if (command.type === "evidence") {
    if (state.status === "closed" || command.receipts.length === 0) return [];
    const data = CaseEvidenceUpdated.fromPartial({ receipts: command.receipts });
    return then(state, { type: "case.evidence_updated", data }, now);
  }
  const item = state.items[command.item];
  if (!item || item.status === "ended") return [];
  if (item.status === "waiting")
    throw conflict(
      "case.item_not_started",
      `事项 ${item.code} 还没有开始，不能登记它的办理结果`,
      `Item ${item.code} has not started; nothing can be reported about it yet`,
    );
  return isNews(command, item) ? then(state, eventOf(command, item), now) : [];
}

/** A decision is made once: after a grant only its products are news. */
function isNews(command: Report, item: ItemState): boolean {
  switch (command.type) {
    case "accepted":
      return item.dueOn !== command.dueOn || item.dueProvisional !== command.dueProvisional;
    case "granted":
    case "refused":
    case "cancelled":
      return !item.granted;
    case "issued":
      return !item.products.some((product) => product.identifier === command.identifier);
    case "withdrawal_refused":
      return !item.withdrawalRefused;
  }
}

function then(state: CaseState, event: CaseEvent, now: Date): CaseEvent[] {
  const progress = new Progress(state, now);
  progress.add(event);
  return advance(progress);
}

function eventOf(command: Report, item: ItemState): CaseEvent {
  switch (command.type) {
    case "accepted":
      return { type: "case.item_accepted", data: CaseItemAccepted.fromPartial(command) };
    case "granted":
      return { type: "case.item_decided", data: CaseItemDecided.fromPartial(command) };
    case "issued":
      return { type: "case.item_issued", data: CaseItemIssued.fromPartial(command) };
    case "refused":
      return ended(item, "refused", { reasons: command.reasons, remedies: command.remedies });
    case "cancelled":
      return ended(item, "withdrawn");
    case "withdrawal_refused":
      return { type: "case.withdrawal_refused", data: CaseWithdrawalRefused.fromPartial(command) };
  }
}

export const caseKind: Kind<CaseState, CaseCommand, CaseEvent> = {
  name: "case",
  table: "case_file",
  apart: ["plan", "receipts", "sealedForms"] satisfies (keyof CaseState)[],
  codecs: codecs(
    "case.drafted",
    "case.answered",
    "case.submitted",
    "case.item_ready",
    "case.evidence_updated",
    "case.item_accepted",
    "case.item_decided",
    "case.item_issued",
    "case.item_ended",
    "case.withdraw_requested",
    "case.withdrawal_refused",
    "case.closed",
  ),
  decide,
  evolve,
  caseOf: (state) => state.id,
  unfinished: (state) => waitsForNothing(state),
};

/** For verify: a running case has an item that somebody has, or one that waits for something that will end. */
function waitsForNothing(state: CaseState): string | undefined {
  if (state.status !== "running") return undefined;
  const open = Object.values(state.items).filter((item) => item.status !== "ended");
  if (open.length === 0) return "every item has ended, but the case is not closed";
  const stuck = open.find(
    (item) =>
      item.status === "waiting" &&
      item.waitedFor.every((code) => state.items[code]?.status === "ended") &&
      !receiptsFor(state.plan!, state.receipts, item.code).some((each) => each.state === "unavailable"),
  );
  return stuck ? `item ${stuck.code} waits for something that nothing will end` : undefined;
}
