// What the ladder is given: everything that was looked up before it is climbed, and how its questions are keyed.
import type { EvidenceType, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import type { Licence } from "@onething/contracts/licence/v1/licence";
import type { SiblingProduct } from "@onething/contracts/verification/v1/verification";

/** What a register said, after it was checked. */
export type Answer =
  | { kind: "found"; fields: Record<string, string>; reference: string; asOf: string }
  | { kind: "absent" }
  /** It answered, but not what was asked: not used, and asked again. */
  | { kind: "refused"; why: "wrong_person" | "garbage" }
  | { kind: "unavailable"; why: "silent" | "late" | "no_address" };

/** One question to a register; several requirements may share it. */
export interface Ask {
  register: string;
  evidence: string;
  /** Person ids. */
  about: string;
  to: string;
}

export const askKey = (ask: Ask): string => [ask.register, ask.evidence, ask.about, ask.to].join("\n");

/** What is to be proved, about whom, and what people have said or shown. */
export interface Inquiry {
  requirements: readonly Requirement[];
  evidence: readonly EvidenceType[];
  subjects: readonly Subject[];
  siblings: readonly SiblingProduct[];
  statementsMade: readonly string[];
  originalsSeen: readonly string[];
  refused: readonly string[];
}

export interface Facts {
  /** Civil date of the city: a licence that ended yesterday proves nothing. */
  today: string;
  /** Instant of the look-up, ISO. */
  at: string;
  licences: readonly Licence[];
  /** Person id -> identity number, for those whose number was read. */
  numbers: ReadonlyMap<string, string>;
  /** By askKey; a question that was not put has no answer. */
  answers: ReadonlyMap<string, Answer>;
}

export const peopleOf = (subjects: readonly Subject[], role: string): Subject[] =>
  subjects.filter((each) => each.role === role).sort((a, b) => a.position - b.position);

export const evidenceType = (inquiry: Pick<Inquiry, "evidence">, code: string): EvidenceType | undefined =>
  inquiry.evidence.find((each) => each.code === code);
