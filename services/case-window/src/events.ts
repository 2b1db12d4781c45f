// What other services report about the items of a case, as commands of the case. Keys name the event: a repeat is nothing.
import type { Consumer, PublishedEvent } from "@onething/events/consumer";
import type { EventOf } from "@onething/events/names";
import type { Text } from "@onething/kernel/errors";
import type { Deps } from "./deps.ts";
import { type CaseCommand, caseKind } from "./domain/decide.ts";
import { shareProduct } from "./verbs/share-product.ts";
import { takeCorrection } from "./verbs/take-correction.ts";

const actor = "consumer:case-window";

export const createConsumer = (deps: Pick<Deps, "journal" | "keyring">): Consumer => ({
  name: "case-window",
  topics: ["onething.approval", "onething.licence", "onething.evidence"],
  types: [
    "approval.accepted",
    "approval.corrected",
    "approval.supplement_requested",
    "approval.not_accepted",
    "approval.paused",
    "approval.resumed",
    "approval.extended",
    "approval.recounted",
    "approval.granted",
    "approval.refused",
    "approval.delivered",
    "approval.revoked",
    "approval.cancelled",
    "approval.withdrawal_refused",
    "licence.issued",
    "evidence.resolved",
  ],
  handle: async (event) => {
    const about = await aboutOf(deps, event);
    if (!about) return;
    // The event is what the key stands for: what is sealed anew is other bytes at each attempt.
    const by = { actor, key: event.id, body: event.data, trace: event.trace };
    await deps.journal.submit(caseKind, about.caseId, about.command, by);
  },
});

type About = { caseId: string; command: CaseCommand };

async function aboutOf(
  deps: Pick<Deps, "journal" | "keyring">,
  event: PublishedEvent,
): Promise<About | undefined> {
  if (event.type === "licence.issued") return issuedOf(deps, event.data);
  if (event.type !== "approval.corrected") return commandOf(event);
  const command = await takeCorrection(deps, event.data, actor);
  return command && { caseId: event.data.caseId, command };
}

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
      const { caseId, item, automatic, deemed } = event.data;
      return { caseId, command: { type: "granted", item: item!.code, automatic, deemed } };
    }
    case "approval.refused":
      return { caseId: event.data.caseId, command: { ...event.data, type: "refused" } };
    case "approval.not_accepted":
      return { caseId: event.data.caseId, command: { ...event.data, type: "not_accepted" } };
    case "approval.paused":
    case "approval.resumed":
    case "approval.extended":
    case "approval.recounted":
      return { caseId: event.data.caseId, command: clockOf(event) };
    case "approval.delivered":
      return { caseId: event.data.caseId, command: { ...event.data, type: "delivered" } };
    case "approval.revoked":
      return { caseId: event.data.caseId, command: { ...event.data, type: "revoked" } };
    case "approval.cancelled":
      return { caseId: event.data.caseId, command: { ...event.data, type: "cancelled" } };
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

type ClockEvent = EventOf<
  "approval.paused" | "approval.resumed" | "approval.extended" | "approval.recounted"
>;

function clockOf(event: ClockEvent): CaseCommand {
  const { item, dates } = event.data;
  const clock = { type: "clock" as const, item, dates, why: undefined, procedure: "", untilOn: "" };
  switch (event.type) {
    case "approval.paused": {
      const { reason: why, procedure, untilOn } = event.data;
      return { ...clock, what: "paused", why, procedure, untilOn };
    }
    case "approval.resumed":
      return { ...clock, what: "resumed", why: event.data.result, procedure: event.data.procedure };
    case "approval.extended":
      return { ...clock, what: "extended", why: approved(event.data) };
    case "approval.recounted":
      return { ...clock, what: "recounted" };
  }
}

const approved = ({ reason, approvedBy }: EventOf<"approval.extended">["data"]): Text => ({
  zh: `${reason?.zh ?? ""}（批准：${approvedBy?.zh ?? ""}）`,
  en: `${reason?.en ?? ""} (approved by: ${approvedBy?.en ?? ""})`,
});
