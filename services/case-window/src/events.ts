// What other services report about the items of a case, as commands of the case. Keys name the event: a repeat is nothing.
import type { Consumer, PublishedEvent } from "@onething/events/consumer";
import type { EventOf } from "@onething/events/names";
import type { Deps } from "./deps.ts";
import { type CaseCommand, caseKind } from "./domain/decide.ts";
import { shareProduct } from "./verbs/share-product.ts";

const actor = "consumer:case-window";

export const createConsumer = (deps: Pick<Deps, "journal" | "keyring">): Consumer => ({
  name: "case-window",
  topics: ["onething.approval", "onething.licence", "onething.evidence"],
  types: [
    "approval.accepted",
    "approval.supplement_requested",
    "approval.granted",
    "approval.refused",
    "approval.cancelled",
    "approval.withdrawal_refused",
    "licence.issued",
    "evidence.resolved",
  ],
  handle: async (event) => {
    const about = event.type === "licence.issued" ? await issuedOf(deps, event.data) : commandOf(event);
    if (!about) return;
    // The event is what the key stands for: what is sealed anew is other bytes at each attempt.
    const by = { actor, key: event.id, body: event.data, trace: event.trace };
    await deps.journal.submit(caseKind, about.caseId, about.command, by);
  },
});

type About = { caseId: string; command: CaseCommand };

/** A licence imported or issued outside a case belongs to no item here. */
async function issuedOf(
  deps: Pick<Deps, "journal" | "keyring">,
  issued: EventOf<"licence.issued">["data"],
): Promise<About | undefined> {
  const { caseId, item, pair, position, identifier, kind, holderId } = issued;
  if (!caseId || !item || !pair) return undefined;
  const shares = await shareProduct(deps, issued, actor);
  return { caseId, command: { type: "issued", item, pair, position, identifier, kind, holderId, shares } };
}

function commandOf(event: PublishedEvent): About | undefined {
  switch (event.type) {
    case "approval.accepted":
      return { caseId: event.data.caseId, command: { ...event.data, type: "accepted" } };
    case "approval.supplement_requested":
      return { caseId: event.data.caseId, command: { ...event.data, type: "supplement_requested" } };
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
    default:
      return undefined;
  }
}
