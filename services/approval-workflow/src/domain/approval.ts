// An approval: one item of one case on the desk of one department. Its state, and what events make of it.
import type * as events from "@onething/contracts/approval/v1/events";
import type { EvidenceType, PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Field, Subject } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import type { Owner, Turn } from "@onething/kernel/ledger";
import type { Ground, ProcedureName, Status } from "./table.ts";

/** What the case hands over. All clear values are ids, codes and situation answers; the rest is sealed. */
export interface Ready {
  caseId: string;
  caseNumber: string;
  bundle: string;
  /** Area code: whose calendar counts. */
  division: string;
  item: PlannedItem;
  subjects: Subject[];
  answers: { [question: string]: string };
  sealedForm: string;
  formSchema: Field[];
  receipts: Receipt[];
  evidence: EvidenceType[];
  /** Stand on the papers: {name, number} sealed; who may read them; when the case was submitted. */
  sealedApplicant: string;
  readers: string[];
  submittedAt: string;
}

export interface Notice {
  at: string;
  by: string;
  gaps: events.Gap[];
  /** Empty until the applicant has answered. */
  answeredAt: string;
  answers: events.GapAnswer[];
}

export interface Procedure {
  procedure: ProcedureName;
  reason: Text;
  untilOn: string;
  beganAt: string;
  /** Empty while it runs. */
  endedAt: string;
  result?: Text;
}

export interface Legality {
  askedBy: string;
  /** Empty until the opinion is there. */
  givenBy: string;
  lawful: boolean;
  opinion?: Text;
}

export interface Extension {
  days: number;
  reason: Text;
  approvedBy: Text;
}

/** Instants are ISO texts, empty until it is so; `…On` and `…By` dates are civil dates of the city. */
export interface Approval extends Ready {
  id: string;
  status: Status;
  /** Codes again, on their own, for the columns that lists read. */
  department: string;
  itemCode: string;
  unmet: events.UnmetCondition[];
  dueOn: string;
  dueProvisional: boolean;
  legalDueOn: string;
  stopped: boolean;
  acceptBy: string;
  /** When the supervision lights turn, as the clock runs now. */
  yellowAt: string;
  redAt: string;
  overdueAt: string;
  /** Of an automatic decision: was it drawn for a second look, and what came of it? */
  secondLook: "" | "drawn" | "upheld" | "questioned";
  /** Why it was decided as it was, in words. */
  because: Text[];
  /** The last light that was told. */
  warned: string;
  deliverBy: string;
  /** Where a limit counts from something else than the acceptance. */
  promisedFrom: string;
  legalFrom: string;
  openedAt: string;
  /** The application as it lies here came in then: at the opening, or with the answer to a notice. */
  receivedAt: string;
  acceptedAt: string;
  acceptedBy: string;
  claimedBy: string;
  decidedAt: string;
  decidedBy: string;
  /** How many of its products the registry has issued; absent: none. */
  issued?: number;
  deliveredAt: string;
  /** Who has held it since when: the clock ledger's entries. */
  turns: Turn[];
  notices: Notice[];
  procedures: Procedure[];
  legality?: Legality;
  extension?: Extension;
  /** Sealed: what silence would grant. */
  silentResult: string;
}

export type ApprovalEvent =
  | { type: "approval.opened"; data: events.ApprovalOpened }
  | { type: "approval.accepted"; data: events.ApprovalAccepted }
  | { type: "approval.corrected"; data: events.ApprovalCorrected }
  | { type: "approval.supplement_requested"; data: events.ApprovalSupplementRequested }
  | { type: "approval.supplemented"; data: events.ApprovalSupplemented }
  | { type: "approval.not_accepted"; data: events.ApprovalNotAccepted }
  | { type: "approval.claimed"; data: events.ApprovalClaimed }
  | { type: "approval.released"; data: events.ApprovalReleased }
  | { type: "approval.paused"; data: events.ApprovalPaused }
  | { type: "approval.resumed"; data: events.ApprovalResumed }
  | { type: "approval.extended"; data: events.ApprovalExtended }
  | { type: "approval.referred"; data: events.ApprovalReferred }
  | { type: "approval.legality_given"; data: events.ApprovalLegalityGiven }
  | { type: "approval.recounted"; data: events.ApprovalRecounted }
  | { type: "approval.second_look_drawn"; data: events.ApprovalSecondLookDrawn }
  | { type: "approval.second_look_given"; data: events.ApprovalSecondLookGiven }
  | { type: "approval.warned"; data: events.ApprovalWarned }
  | { type: "approval.granted"; data: events.ApprovalGranted }
  | { type: "approval.refused"; data: events.ApprovalRefused }
  | { type: "approval.cancelled"; data: events.ApprovalCancelled }
  | { type: "approval.withdrawal_refused"; data: events.ApprovalWithdrawalRefused }
  | { type: "approval.product_issued"; data: events.ApprovalProductIssued }
  | { type: "approval.delivered"; data: events.ApprovalDelivered }
  | { type: "approval.revoked"; data: events.ApprovalRevoked };

/** Of whom a decision by rule, an acceptance by rule or by silence is said to be. */
export const byRule = "rule:automatic";
/** And a delivery that follows from the issue. */
export const byIssue = "rule:electronic";
export const bySilence = "rule:silence";

export const approvalId = (caseId: string, item: string): string => idFrom(caseId, item);

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
      const { by, gaps } = event.data;
      const notices = [...state.notices, { at, by, gaps, answeredAt: "", answers: [] }];
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
    case "approval.warned":
      return { ...state, warned: event.data.light };
    case "approval.recounted":
      return { ...state, ...datesIn(event.data.dates) };
    case "approval.granted":
      return {
        ...decided(state, "granted", event),
        ...{ deliverBy: event.data.deliverBy, because: groundsOf(event.data) },
      };
    case "approval.refused":
      return { ...decided(state, "refused", event), because: event.data.reasons };
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
  const { promisedFrom = "", legalFrom = "", submittedAt = "", ...rest } = data;
  return {
    ...rest,
    ...{ item, promisedFrom, legalFrom, submittedAt, status: "received" },
    department: item.department?.code ?? "",
    itemCode: item.code,
    ...{ yellowAt: "", redAt: "", overdueAt: "", warned: "" },
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
  const { sealedForm, receipts, answers, dates } = data;
  const notices = state.notices.with(-1, { ...state.notices.at(-1)!, answeredAt: at, answers });
  const now = { ...turned(state, "department", at), sealedForm, receipts, notices, ...datesIn(dates) };
  return state.status === "supplementing" ? { ...now, status: "received", receivedAt: at } : now;
}

function paused(state: Approval, data: events.ApprovalPaused, at: string): Approval {
  const { procedure, reason, untilOn, dates } = data;
  const one = { procedure: procedure as ProcedureName, reason: reason!, untilOn, beganAt: at, endedAt: "" };
  const procedures = [...state.procedures, one];
  return { ...turned(state, "pause", at), status: "paused", procedures, ...datesIn(dates) };
}

/** The ground on which silence grants, the conditions that the data proved, what the officer said of it. */
const groundsOf = ({ deemed, conditions, opinion }: events.ApprovalGranted): Text[] =>
  [deemed, ...conditions.map(({ why }) => why), opinion ? { zh: opinion, en: opinion } : undefined].filter(
    (each) => each !== undefined,
  );

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

/** The dates of an event as the state holds them: what is not there is empty. */
export const datesIn = (dates: events.Dates | undefined) => {
  if (!dates) return {};
  const { yellowAt = "", redAt = "", overdueAt = "", ...rest } = dates;
  return { ...rest, yellowAt, redAt, overdueAt };
};

/** For verify: open work that nobody owns, or that is due never. */
export function unfinished(state: Approval): string | undefined {
  if (state.decidedAt) return undefined;
  if (!state.department) return "open work without a department";
  return state.dueOn ? undefined : "open work without a due date";
}

export type { Ground };
