// What may be asked of a case, and what other services report to it.
import type { Dates, Gap, GapAnswer } from "@onething/contracts/approval/v1/events";
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Subject, Text } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { CaseDrafted, CaseSubmitted, ProductShare } from "@onething/contracts/window/v1/events";

export type CaseCommand =
  | { type: "open"; drafted: CaseDrafted }
  | { type: "answer"; plan: Plan; subjects: Subject[] }
  /** With the plan that it was prepared on. */
  | { type: "submit"; submitted: CaseSubmitted; plan: Plan | undefined }
  | { type: "withdraw"; by: string }
  /** The applicant's word after a refusal: go on with the others. */
  | { type: "continue"; by: string }
  | Supplement
  | { type: "evidence"; receipts: Receipt[] }
  | Report;

/** The answer to a department's notice: every gap at once. */
export interface Supplement {
  type: "supplement";
  item: string;
  by: string;
  answers: GapAnswer[];
  /** Of requirements that were looked up again. */
  receipts: Receipt[];
  /** The item's form with the new values, and the forms of other items that may not have started yet. */
  forms: Record<string, Resealed>;
}
export interface Resealed {
  /** What the new form was made of: if it is another one by now, the new one is made again. */
  was: string;
  now: string;
}

/** About one item that a department has. */
export type Report = { item: string } & (
  | { type: "accepted"; dueOn: string; dueProvisional: boolean; how: string }
  /** On the spot, by the department (Licensing Law art. 32); `forms` of items that have not started yet. */
  | { type: "corrected"; fields: string[]; sealedForm: string; forms: Record<string, Resealed> }
  | { type: "supplement_requested"; gaps: Gap[]; answerBy?: string }
  /** Not accepted: no licence is needed, or another body has the power (Licensing Law art. 32). */
  | { type: "not_accepted"; ground: string; reasons: Text[]; rightBody: Text | undefined; remedies: Text[] }
  /** The department's clock was stopped, runs on, was prolonged or counted anew. */
  | {
      type: "clock";
      what: "paused" | "resumed" | "extended" | "recounted";
      dates: Dates | undefined;
      why: Text | undefined;
      procedure: string;
      untilOn: string;
    }
  /** By a decision; or by a rule that makes a grant of silence. */
  | { type: "granted"; automatic: boolean; deemed?: Text | undefined }
  | {
      type: "issued";
      pair: Pair;
      position: number;
      identifier: string;
      kind: string;
      holderId: string;
      shares: ProductShare[];
    }
  | { type: "refused"; reasons: Text[]; remedies: Text[] }
  | { type: "delivered"; how: string }
  | { type: "revoked"; reasons: Text[]; remedies: Text[] }
  /** As asked; or by a rule that takes an unanswered notice for a withdrawal. */
  | { type: "cancelled"; deemed?: Text | undefined }
  | { type: "withdrawal_refused"; why: Text }
);

export type Of<T extends CaseCommand["type"]> = Extract<CaseCommand, { type: T }>;
