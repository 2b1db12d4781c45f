// What other services report about the items of a case, as commands of the case. Keys name the event: a repeat is nothing.
import type { Consumer, PublishedEvent } from "@onething/events/consumer";
import type { Journal } from "@onething/journal/journal";
import { type CaseCommand, caseKind } from "./domain/decide.ts";

export const createConsumer = (journal: Journal): Consumer => ({
  name: "case-window",
  topics: ["onething.approval", "onething.licence", "onething.evidence"],
  types: [
    "approval.accepted",
    "approval.granted",
    "approval.refused",
    "approval.cancelled",
    "approval.withdrawal_refused",
    "licence.issued",
    "evidence.resolved",
  ],
  handle: async (event) => {
    const about = commandOf(event);
    if (!about) return;
    const by = { actor: "consumer:case-window", key: event.id, trace: event.trace };
    await journal.submit(caseKind, about.caseId, about.command, by);
  },
});

function commandOf(event: PublishedEvent): { caseId: string; command: CaseCommand } | undefined {
  switch (event.type) {
    case "approval.accepted":
      return { caseId: event.data.caseId, command: { ...event.data, type: "accepted" } };
    case "approval.granted": {
      const { caseId, item, automatic } = event.data;
      return { caseId, command: { type: "granted", item: item!.code, automatic } };
    }
    case "approval.refused":
      return { caseId: event.data.caseId, command: { ...event.data, type: "refused" } };
    case "approval.cancelled":
      return { caseId: event.data.caseId, command: { type: "cancelled", item: event.data.item } };
    case "approval.withdrawal_refused":
      return {
        caseId: event.data.caseId,
        command: { type: "withdrawal_refused", item: event.data.item, why: event.data.why! },
      };
    case "evidence.resolved":
      return { caseId: event.data.caseId, command: { type: "evidence", receipts: event.data.receipts } };
    case "licence.issued": {
      // A licence imported or issued outside a case belongs to no item here.
      const { caseId, item, pair, position, identifier, kind, sealedForCase, holderId } = event.data;
      if (!caseId || !item || !pair) return undefined;
      return {
        caseId,
        command: {
          type: "issued",
          item,
          pair,
          position,
          identifier,
          kind,
          sealedFields: sealedForCase,
          holderId,
        },
      };
    }
    default:
      return undefined;
  }
}
