// An approval: one item of one case on the desk of one department. Its state, and the events it is made of (`evolve.ts`).
import type {
  ApprovalAttached,
  ApprovalEvidenceRevoked,
  ApprovalSecondLookDrawn,
  ApprovalSecondLookGiven,
} from "@onething/contracts/approval/v1/desk_events";
import type * as events from "@onething/contracts/approval/v1/events";
import type { EvidenceType, PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Field, Subject } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import type { Turn } from "@onething/kernel/ledger";
import type { LightName } from "@onething/kernel/supervision";
import type { Attached } from "./attachment.ts";
import type { ProcedureName, Status } from "./table.ts";

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
  /** Last day for the answer, where a local rule sets one. */
  answerBy: string;
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

export interface Lost {
  reference: string;
  requirements: string[];
  reasons: Text[];
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
  /** And when silence that is about to accept or to grant is told. */
  silenceAt: string;
  /** Of an automatic decision: was it drawn for a second look, and what came of it? */
  secondLook: "" | "drawn" | "upheld" | "questioned";
  /** Why it was decided as it was, in words. */
  because: Text[];
  /** The lights that were told, and to whom; the last one last. */
  told: { light: LightName; to: string }[];
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
  /** Licences that proved something of it and were revoked since; absent: none. */
  lost?: Lost[];
  /** Absent: none. */
  attachments?: Attached[];
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
  | { type: "approval.second_look_drawn"; data: ApprovalSecondLookDrawn }
  | { type: "approval.second_look_given"; data: ApprovalSecondLookGiven }
  | { type: "approval.warned"; data: events.ApprovalWarned }
  | { type: "approval.evidence_revoked"; data: ApprovalEvidenceRevoked }
  | { type: "approval.granted"; data: events.ApprovalGranted }
  | { type: "approval.refused"; data: events.ApprovalRefused }
  | { type: "approval.attached"; data: ApprovalAttached }
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
/** And a recall, by the rule of the bundle. */
export const byRefusal = "rule:refusal_policy";

export const approvalId = (caseId: string, item: string): string => idFrom(caseId, item);

/** For verify: open work that nobody owns, or that is due never. */
export function unfinished(state: Approval): string | undefined {
  if (state.decidedAt) return undefined;
  if (!state.department) return "open work without a department";
  return state.dueOn ? undefined : "open work without a due date";
}
