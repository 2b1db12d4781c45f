// The evidence root, one for a case: what its pinned look-up found, and asking again what did not answer.
//
//   request ──> asked, nothing unavailable ──────────────────────────────> settled
//          └──> waiting (timer) ── retry due ──> asking ── resolve ──> settled, or waiting again
//   stop (the case has closed): nothing is asked any more
import type { EvidenceType, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import type {
  EvidenceRequested,
  EvidenceResolved,
  EvidenceRetryDue,
} from "@onething/contracts/verification/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { canonicalJson } from "@onething/kernel/canonical-json";
import type { Inquiry } from "./facts.ts";

export interface EvidenceState {
  caseId: string;
  receipts: Receipt[];
  /** What asking again needs; empty once nothing is left to ask. */
  requirements: Requirement[];
  evidence: EvidenceType[];
  subjects: Subject[];
  purpose: string;
  /** How often it was asked again. */
  attempt: number;
  /** When it is asked again; null: nothing to ask, or it is being asked now. */
  retryAt: string | null;
  /** Since when attempt `attempt` is on its way. */
  askingSince: string | null;
  stopped: boolean;
}

export type EvidenceCommand =
  | { type: "request"; outcome: Omit<EvidenceRequested, "retryAt">; retryAfterMs: number }
  | { type: "retryDue" }
  /** What the registers said at this attempt: receipts that have changed. */
  | { type: "resolve"; attempt: number; receipts: Receipt[]; retryAfterMs: number }
  | { type: "stop" };

export type EvidenceEvent =
  | { type: "evidence.requested"; data: EvidenceRequested }
  | { type: "evidence.retry_due"; data: EvidenceRetryDue }
  | { type: "evidence.resolved"; data: EvidenceResolved };

export const isUnavailable = (receipt: Receipt): boolean => receipt.state === "unavailable";

/** What is decided together: the people of one requirement of one item. */
export const matterOf = (receipt: Pick<Receipt, "item" | "requirement">): string =>
  `${receipt.item}\n${receipt.requirement}`;

/** The nth retry (from 1) comes after first, 2 × first, 4 × first … but never later than `max`. */
export const backoffMs = (attempt: number, firstMs: number, maxMs: number): number =>
  Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), maxMs);

const later = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

export function decide(
  state: EvidenceState | null,
  command: EvidenceCommand,
  now: Date,
): { events: EvidenceEvent[] } {
  switch (command.type) {
    case "request": {
      const retryAt = command.outcome.receipts.some(isUnavailable)
        ? later(now, command.retryAfterMs)
        : undefined;
      return { events: [{ type: "evidence.requested", data: { ...command.outcome, retryAt } }] };
    }
    case "retryDue": {
      if (!state?.retryAt) return { events: [] };
      return {
        events: [{ type: "evidence.retry_due", data: { caseId: state.caseId, attempt: state.attempt + 1 } }],
      };
    }
    case "resolve": {
      // An answer to an attempt that a newer look-up has overtaken says nothing.
      if (!state?.askingSince || state.attempt !== command.attempt) return { events: [] };
      const { caseId } = state;
      const left = merge(state.receipts, command.receipts).some(isUnavailable);
      const retryAt = left ? later(now, command.retryAfterMs) : undefined;
      return {
        events: [{ type: "evidence.resolved", data: { caseId, receipts: command.receipts, retryAt } }],
      };
    }
    case "stop": {
      if (!state?.retryAt && !state?.askingSince) return { events: [] };
      const data: EvidenceResolved = { caseId: state.caseId, receipts: [], retryAt: undefined };
      return { events: [{ type: "evidence.resolved", data }] };
    }
  }
}

export function evolve(state: EvidenceState | null, event: EvidenceEvent & { at: string }): EvidenceState {
  if (event.type === "evidence.requested") {
    const { retryAt, ...outcome } = event.data;
    return { ...outcome, attempt: 0, retryAt: retryAt ?? null, askingSince: null, stopped: false };
  }
  if (!state) throw new Error(`${event.type} before evidence.requested`);
  if (event.type === "evidence.retry_due") {
    return { ...state, attempt: event.data.attempt, retryAt: null, askingSince: event.at };
  }
  const receipts = merge(state.receipts, event.data.receipts);
  const retryAt = event.data.retryAt ?? null;
  const done = retryAt === null ? { requirements: [], evidence: [], subjects: [] } : {};
  const stopped = retryAt === null && receipts.some(isUnavailable);
  return { ...state, ...done, receipts, retryAt, askingSince: null, stopped };
}

/** Newer receipts replace all of the same matter, for it may now be proved by somebody else's evidence. */
function merge(receipts: readonly Receipt[], newer: readonly Receipt[]): Receipt[] {
  const changed = new Set(newer.map(matterOf));
  return [...receipts.filter((receipt) => !changed.has(matterOf(receipt))), ...newer];
}

/**
 * What a new look-up changes, matter by matter (all receipts of a matter, or none). Only what was unavailable is looked
 * at again: what was proved at submission stays as it was pinned.
 */
export function changes(receipts: readonly Receipt[], found: readonly Receipt[]): Receipt[] {
  const matters = new Set(receipts.filter(isUnavailable).map(matterOf));
  return [...matters].flatMap((matter) => {
    const before = receipts.filter((receipt) => matterOf(receipt) === matter);
    const now = found.filter((receipt) => matterOf(receipt) === matter);
    const sameRole = now.every((receipt) => receipt.pair?.role === before[0]?.pair?.role);
    const renewed = (old: Receipt) => now.find((receipt) => receipt.personId === old.personId) ?? old;
    const after = sameRole ? before.map((old) => (isUnavailable(old) ? renewed(old) : old)) : now;
    return after.every((receipt, at) => isSame(receipt, before[at])) ? [] : after;
  });
}

function isSame(a: Receipt, b: Receipt | undefined): boolean {
  const told = (receipt: Receipt | undefined) =>
    receipt && [receipt.personId, receipt.rule, receipt.state, receipt.why?.en, receipt.candidates];
  return canonicalJson(told(a)) === canonicalJson(told(b));
}

/** The part of an inquiry that asking again needs, and no more of it is kept. */
export function toAskAgain(
  inquiry: Pick<Inquiry, "requirements" | "evidence" | "subjects">,
  receipts: readonly Receipt[],
): Pick<EvidenceState, "requirements" | "evidence" | "subjects"> {
  const open = receipts.filter(isUnavailable);
  const requirements = inquiry.requirements.flatMap((requirement) => {
    const items = requirement.items.filter((item) =>
      open.some((receipt) => receipt.item === item && receipt.requirement === requirement.id),
    );
    return items.length === 0 ? [] : [{ ...requirement, items }];
  });
  const named = new Set(requirements.flatMap((each) => each.alternatives.map(({ pair }) => pair?.evidence)));
  const evidence = inquiry.evidence.filter((type) => named.has(type.code));
  return { requirements, evidence, subjects: requirements.length === 0 ? [] : [...inquiry.subjects] };
}

export const timers = (state: EvidenceState): { name: string; at: string }[] =>
  state.retryAt === null ? [] : [{ name: "retry", at: state.retryAt }];

const staleAfterMs = 3_600_000;

/** For verify: evidence that is still unavailable and that nothing will ask for again. */
export function unfinished(state: EvidenceState, now: Date): string | undefined {
  if (state.stopped || state.retryAt !== null || !state.receipts.some(isUnavailable)) return undefined;
  if (state.askingSince === null) return "evidence is unavailable and nothing asks for it again";
  const stale = now.getTime() - Date.parse(state.askingSince) > staleAfterMs;
  return stale
    ? `evidence has been asked for again since ${state.askingSince} without an outcome`
    : undefined;
}
