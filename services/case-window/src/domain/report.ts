// What other services report about the items of a case, each thing once.
import {
  CaseEvidenceUpdated,
  CaseItemAccepted,
  CaseItemDecided,
  CaseItemIssued,
  CaseItemSupplementRequested,
  CaseWithdrawalRefused,
} from "@onething/contracts/window/v1/events";
import { conflict } from "@onething/kernel/errors";
import { advance, ended, Progress } from "./advance.ts";
import type { CaseEvent, CaseState, ItemState } from "./case.ts";
import type { Of, Report } from "./commands.ts";

/** What other services report. What is known already, or is about something that has ended, says nothing new. */
export function report(state: CaseState, command: Report | Of<"evidence">, now: Date): CaseEvent[] {
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
      return (
        item.status === "supplementing" ||
        item.dueOn !== command.dueOn ||
        item.dueProvisional !== command.dueProvisional
      );
    case "supplement_requested":
      // A notice is known by its gaps: each is numbered within the item.
      return !item.granted && !(item.notices ?? []).some(({ gaps }) => gaps[0]?.id === command.gaps[0]?.id);
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
    case "supplement_requested":
      return {
        type: "case.item_supplement_requested",
        data: CaseItemSupplementRequested.fromPartial(command),
      };
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
