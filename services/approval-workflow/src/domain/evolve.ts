// What an event makes of an approval. It asks no clock and no calendar: dates stand in the events.
import type { ApprovalEvidenceRevoked } from "@onething/contracts/approval/v1/desk_events";
import type * as events from "@onething/contracts/approval/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Owner } from "@onething/kernel/ledger";
import type { LightName } from "@onething/kernel/supervision";
import type { Approval, ApprovalEvent, Lost } from "./approval.ts";
import { attachedIn } from "./attachment.ts";
import { groundsOfGrant, groundsOfRefusal } from "./grounds.ts";
import type { ProcedureName, Status } from "./table.ts";
import { revokedSince } from "./words.ts";

export function evolve(state: Approval | null, event: ApprovalEvent & { at: string }): Approval {
  if (event.type === "approval.opened") return opened(event.data, event.at);
  if (!state) throw new Error(`${event.type} before approval.opened`);
  const { at } = event;
  switch (event.type) {
    case "approval.accepted":
      return accepted(state, event.data, at);
    case "approval.corrected":
      return { ...state, sealedForm: event.data.sealedForm };
    case "approval.supplement_requested": {
      const { by, gaps, answerBy } = event.data;
      const notices = [...state.notices, { at, by, gaps, answerBy, answeredAt: "", answers: [] }];
      const held = { ...turned(state, "applicant", at), notices };
      return { ...held, status: "supplementing", stopped: true, acceptBy: "" };
    }
    case "approval.supplemented":
      return supplemented(state, event.data, at);
    case "approval.not_accepted":
      return decided(state, event.data.ground === "not_needed" ? "not_needed" : "not_accepted", event);
    case "approval.claimed":
      return { ...state, claimedBy: event.data.by };
    case "approval.released":
      return { ...state, claimedBy: "" };
    case "approval.paused":
      return paused(state, event.data, at);
    case "approval.resumed": {
      const procedures = state.procedures.with(-1, {
        ...state.procedures.at(-1)!,
        endedAt: at,
        ...(event.data.result && { result: event.data.result }),
      });
      return {
        ...turned(state, "department", at),
        ...{ status: "accepted", procedures },
        ...datesIn(event.data.dates),
      };
    }
    case "approval.extended": {
      const { days, reason, approvedBy } = event.data;
      const extension = { days, reason: reason!, approvedBy: approvedBy! };
      return { ...state, extension, ...datesIn(event.data.dates) };
    }
    case "approval.referred": {
      const legality = { askedBy: event.data.by, givenBy: "", lawful: false };
      return { ...state, status: "legality", claimedBy: "", legality };
    }
    case "approval.legality_given": {
      const { by, lawful, opinion } = event.data;
      const legality = { ...state.legality!, givenBy: by, lawful, ...(opinion && { opinion }) };
      return { ...state, status: "accepted", claimedBy: state.legality!.askedBy, legality };
    }
    case "approval.second_look_drawn":
      return { ...state, secondLook: "drawn" };
    case "approval.second_look_given":
      return { ...state, secondLook: event.data.upheld ? "upheld" : "questioned" };
    case "approval.evidence_revoked":
      return unproved(state, event.data);
    case "approval.attached":
      return { ...state, attachments: [...(state.attachments ?? []), attachedIn(event.data, at)] };
    case "approval.warned":
      return { ...state, told: [...state.told, lightIn(event.data)] };
    case "approval.recounted":
      return { ...state, ...datesIn(event.data.dates) };
    case "approval.granted":
      return {
        ...decided(state, "granted", event),
        ...{ deliverBy: event.data.deliverBy, because: groundsOfGrant(state, event.data) },
      };
    case "approval.refused":
      return { ...decided(state, "refused", event), because: groundsOfRefusal(state, event.data) };
    case "approval.cancelled":
      return decided(state, "cancelled", { at, data: { by: "" } });
    case "approval.product_issued":
      return { ...state, issued: (state.issued ?? 0) + 1 };
    case "approval.delivered":
      return { ...state, status: "delivered", deliveredAt: at };
    case "approval.revoked":
      return { ...state, status: "revoked" };
    case "approval.withdrawal_refused":
      return state;
  }
}

function opened({ item, ...data }: events.ApprovalOpened, at: string): Approval {
  if (!item) throw new Error("approval.opened without an item");
  const { promisedFrom = "", legalFrom = "", submittedAt = "", silenceAt = "", ...rest } = data;
  return {
    ...rest,
    ...{ item, promisedFrom, legalFrom, submittedAt, status: "received" },
    department: item.department?.code ?? "",
    itemCode: item.code,
    ...{ yellowAt: "", redAt: "", overdueAt: "", silenceAt, told: [] },
    ...{ secondLook: "", because: [] },
    ...{ stopped: false, deliverBy: "", openedAt: at, receivedAt: at, acceptedAt: "", acceptedBy: "" },
    ...{ claimedBy: "", decidedAt: "", decidedBy: "", deliveredAt: "" },
    turns: [{ from: at, owner: "department" }],
    ...{ notices: [], procedures: [] },
  };
}

function accepted(state: Approval, data: events.ApprovalAccepted, at: string): Approval {
  const { dueOn, dueProvisional, by, acceptedAt = at, dates } = data;
  return {
    ...turned(state, "department", at),
    ...{ status: "accepted", acceptedAt, acceptedBy: by, dueOn, dueProvisional, stopped: false },
    ...{ acceptBy: "", ...datesIn(dates) },
  };
}

/** Accepted meanwhile, it stays accepted; what has come counts all the same. */
function supplemented(state: Approval, data: events.ApprovalSupplemented, at: string): Approval {
  const { sealedForm, answers, dates } = data;
  const notices = state.notices.with(-1, { ...state.notices.at(-1)!, answeredAt: at, answers });
  const { lost: before = [], ...rest } = turned(state, "department", at);
  // The case sends what it knows; what was revoked proves nothing whoever sends it. Proved anew is by something else.
  const receipts = before.reduce(without, data.receipts);
  const lost = before.filter(({ requirements }) => !requirements.every((each) => isProved(receipts, each)));
  const now = { ...rest, ...(lost.length > 0 && { lost }), sealedForm, receipts, notices, ...datesIn(dates) };
  return state.status === "supplementing" ? { ...now, status: "received", receivedAt: at } : now;
}

/** The licence proves nothing any more, and its fields are shown to nobody. */
function unproved(state: Approval, { reference, requirements, reasons }: ApprovalEvidenceRevoked): Approval {
  const lost = { reference, requirements, reasons };
  return { ...state, receipts: without(state.receipts, lost), lost: [...(state.lost ?? []), lost] };
}

const without = (receipts: readonly Receipt[], { reference, reasons }: Lost): Receipt[] =>
  receipts.map((receipt) =>
    receipt.proof?.reference === reference
      ? { ...receipt, state: "missing", proof: undefined, why: revokedSince(reference, reasons) }
      : receipt,
  );

function paused(state: Approval, data: events.ApprovalPaused, at: string): Approval {
  const { procedure, reason, untilOn, dates } = data;
  const one = { procedure: procedure as ProcedureName, reason: reason!, untilOn, beganAt: at, endedAt: "" };
  const procedures = [...state.procedures, one];
  return { ...turned(state, "pause", at), status: "paused", procedures, ...datesIn(dates) };
}

const decided = (
  state: Approval,
  status: Status,
  { at, data }: { at: string; data: { by: string } },
): Approval => ({ ...state, status, stopped: false, decidedAt: at, decidedBy: data.by });

/** It is somebody else's turn; a clock that was set back does not turn the ledger back. */
function turned(state: Approval, owner: Owner, at: string): Approval {
  const last = state.turns.at(-1)!;
  if (last.owner === owner) return state;
  return { ...state, turns: [...state.turns, { from: at > last.from ? at : last.from, owner }] };
}

const lightIn = ({ light, to }: events.ApprovalWarned) => ({ light: light as LightName, to });

/** The dates of an event as the state holds them: what is not there is empty; what only papers tell stays in the event. */
export const datesIn = (dates: events.Dates | undefined) => {
  if (!dates) return {};
  const { yellowAt = "", redAt = "", overdueAt = "", silenceAt = "", legalProvisional: _, ...rest } = dates;
  return { ...rest, yellowAt, redAt, overdueAt, silenceAt };
};

const isProved = (receipts: readonly Receipt[], requirement: string): boolean => {
  const about = receipts.filter((each) => each.requirement === requirement);
  return about.length > 0 && about.every(({ state }) => state === "proved");
};
