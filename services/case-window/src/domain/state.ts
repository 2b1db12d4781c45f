// The state of a case and of its items, and the events that a case is made of.
import type { Gap } from "@onething/contracts/approval/v1/events";
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Subject, Text } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { EventOf } from "@onething/events/names";

/** `supplementing`: it is with its department, which waits for the applicant's answer to a notice. */
export type ItemStatus = "waiting" | "with_department" | "supplementing" | "issuing" | "ended";
export type ItemOutcome =
  | "granted"
  | "refused"
  | "not_accepted"
  | "not_possible"
  | "not_needed"
  | "withdrawn";
export type CaseOutcome = "all_granted" | "partly_granted" | "none_granted" | "withdrawn";

export interface IssuedProduct {
  pair: Pair;
  position: number;
  identifier: string;
  kind: string;
}

/** A department's one-time notice: all that is missing or wrong (Licensing Law art. 32). */
export interface Notice {
  at: string;
  gaps: Gap[];
  /** Last day for the answer, where a local rule sets one. */
  answerBy?: string;
  answeredAt?: string;
}

export interface ItemState {
  code: string;
  status: ItemStatus;
  outcome?: ItemOutcome;
  /** Items whose edge, hard or soft, has bound this one. */
  waitedFor: string[];
  startedAt?: string;
  endedAt?: string;
  dueOn?: string;
  dueProvisional?: boolean;
  /** The department has granted it; it ends when every product exists. */
  granted?: boolean;
  /** Nobody has decided in time: by this rule it counts as granted. */
  deemed?: Text;
  products: IssuedProduct[];
  reasons: Text[];
  remedies: Text[];
  becauseOf: string[];
  notices?: Notice[];
  /** A special procedure runs, and the clock stands still (Licensing Law art. 45). */
  stopped?: { procedure: string; untilOn: string; why?: Text };
  /** Prolonged: that happens once (art. 42). */
  extended?: boolean;
  delivered?: { at: string; how: string };
  /** By the bundle's rule its grant is to be taken back, because others were refused. */
  recallAsked?: { at: string; becauseOf: string[] };
  /** The grant was taken back; its outcome stays what it was. */
  revoked?: { at: string; reasons: Text[]; remedies: Text[] };
  /** Why a withdrawal came too late for it. */
  withdrawalRefused?: Text;
}

export interface CaseState {
  id: string;
  status: "draft" | "running" | "closed";
  bundle: string;
  bundleVersion: number;
  applicantId: string;
  channel: string;
  clerk: string;
  draftedAt: string;
  number?: string;
  plan?: Plan;
  subjects: Subject[];
  items: Record<string, ItemState>;
  receipts: Receipt[];
  sealedForms: Record<string, string>;
  /** {name, number}, from the submission on. */
  sealedApplicant?: string;
  followers: string[];
  submittedAt?: string;
  finishedAt?: string;
  expectedOn?: string;
  expectedProvisional?: boolean;
  withdrawRequested?: boolean;
  /** Something was refused: what has not started waits for the applicant's word. */
  held?: { at: string; becauseOf: string[] };
  outcome?: CaseOutcome;
}

export type CaseEvent = EventOf<
  | "case.drafted"
  | "case.answered"
  | "case.submitted"
  | "case.item_ready"
  | "case.evidence_updated"
  | "case.item_accepted"
  | "case.item_supplement_requested"
  | "case.item_corrected"
  | "case.item_supplemented"
  | "case.item_clock"
  | "case.item_delivered"
  | "case.item_revoked"
  | "case.item_decided"
  | "case.item_issued"
  | "case.item_ended"
  | "case.withdraw_requested"
  | "case.recall_requested"
  | "case.withdrawal_refused"
  | "case.held"
  | "case.continued"
  | "case.closed"
>;
