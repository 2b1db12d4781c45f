// What other services report about the items of a case, each thing once.
import {
  CaseEvidenceUpdated,
  CaseItemAccepted,
  CaseItemClock,
  CaseItemDecided,
  CaseItemDelivered,
  CaseItemIssued,
  CaseItemRevoked,
  CaseItemSupplementRequested,
  CaseWithdrawalRefused,
} from "@onething/contracts/window/v1/events";
import { conflict } from "@onething/kernel/errors";
import { advance, ended, Progress } from "./advance.ts";
import type { CaseEvent, CaseState, ItemState } from "./case.ts";
import type { Of, Report } from "./commands.ts";
import { isRefusal, playPolicy } from "./policy.ts";
import { recallGranted } from "./recall.ts";
import { corrected } from "./supplement.ts";
import { unansweredNotice } from "./words.ts";

/** What other services report. What is known already, or is about something that has ended, says nothing new. */
export function report(state: CaseState, command: Report | Of<"evidence">, now: Date): CaseEvent[] {
  if (command.type === "evidence") {
    if (state.status === "closed" || command.receipts.length === 0) return [];
    const data = CaseEvidenceUpdated.fromPartial({ receipts: command.receipts });
    return then(state, { type: "case.evidence_updated", data }, now);
  }
  const item = state.items[command.item];
  if (!item || (item.status === "ended" && !isAfterwards(command, item))) return [];
  if (item.status === "waiting")
    throw conflict(
      "case.item_not_started",
      `事项 ${item.code} 还没有开始，不能登记它的办理结果`,
      `Item ${item.code} has not started; nothing can be reported about it yet`,
    );
  return isNews(command, item) ? then(state, eventOf(state, command, item), now) : [];
}

/** What may still be said of an item that has ended, also of a case that is closed. */
const isAfterwards = ({ type }: Report, item: ItemState): boolean =>
  // What was on its way when the grant was taken back has been issued all the same.
  type === "delivered" || type === "revoked" || (type === "issued" && item.revoked !== undefined);

/** A decision is made once: after a grant only its products are news. */
function isNews(command: Report, item: ItemState): boolean {
  switch (command.type) {
    case "accepted":
      return (
        item.status === "supplementing" ||
        item.dueOn !== command.dueOn ||
        item.dueProvisional !== command.dueProvisional
      );
    case "supplement_requested":
      // A notice is known by its gaps: each is numbered within the item.
      return !item.granted && !(item.notices ?? []).some(({ gaps }) => gaps[0]?.id === command.gaps[0]?.id);
    case "corrected":
      // It comes with the acceptance, and that once.
      return item.status !== "ended" && !item.granted;
    case "clock":
      return !item.granted && movesClock(command, item);
    case "granted":
    case "refused":
    case "not_accepted":
    case "cancelled":
      return !item.granted;
    case "delivered":
      return item.granted === true && !item.delivered;
    case "revoked":
      return item.granted === true && !item.revoked;
    case "issued":
      return !item.products.some((product) => product.identifier === command.identifier);
    case "withdrawal_refused":
      return !item.withdrawalRefused;
  }
}

function movesClock({ what, dates, procedure, untilOn }: Of<"clock">, item: ItemState): boolean {
  const { stopped } = item;
  if (what === "paused") return stopped?.procedure !== procedure || stopped.untilOn !== untilOn;
  if (what === "extended" && !item.extended) return true;
  const moved =
    dates !== undefined && (dates.dueOn !== item.dueOn || dates.dueProvisional !== item.dueProvisional);
  return what === "resumed" ? stopped !== undefined : moved;
}

function then(state: CaseState, event: CaseEvent, now: Date): CaseEvent[] {
  const progress = new Progress(state, now);
  progress.add(event);
  if (isRefusal(event)) playPolicy(progress, event.data.item);
  recallGranted(progress);
  return advance(progress);
}

function eventOf(state: CaseState, command: Report, item: ItemState): CaseEvent {
  switch (command.type) {
    case "accepted":
      return { type: "case.item_accepted", data: CaseItemAccepted.fromPartial(command) };
    case "corrected":
      return corrected(state, command);
    case "supplement_requested":
      return {
        type: "case.item_supplement_requested",
        data: CaseItemSupplementRequested.fromPartial(command),
      };
    case "clock":
      return { type: "case.item_clock", data: CaseItemClock.fromPartial(command) };
    case "granted":
      return { type: "case.item_decided", data: CaseItemDecided.fromPartial(command) };
    case "issued":
      return { type: "case.item_issued", data: CaseItemIssued.fromPartial(command) };
    case "refused":
      return ended(item, "refused", { reasons: command.reasons, remedies: command.remedies });
    case "not_accepted":
      return notAccepted(command, item);
    case "delivered":
      return { type: "case.item_delivered", data: CaseItemDelivered.fromPartial(command) };
    case "revoked":
      return { type: "case.item_revoked", data: CaseItemRevoked.fromPartial(command) };
    case "cancelled":
      return ended(
        item,
        "withdrawn",
        command.deemed && { reasons: [unansweredNotice(command.deemed)], remedies: [] },
      );
    case "withdrawal_refused":
      return { type: "case.withdrawal_refused", data: CaseWithdrawalRefused.fromPartial(command) };
  }
}

/** With the body that has the power, where there is one to turn to (Licensing Law art. 32). */
function notAccepted(
  { ground, reasons, rightBody, remedies }: Of<"not_accepted">,
  item: ItemState,
): CaseEvent {
  if (ground === "not_needed") return ended(item, "not_needed", { reasons, remedies });
  const turnTo = rightBody && {
    zh: `请向有权办理的“${rightBody.zh}”申请`,
    en: `Please apply to the body that has the power: ${rightBody.en}`,
  };
  return ended(item, "not_accepted", { reasons: [...reasons, ...(turnTo ? [turnTo] : [])], remedies });
}
