// Writing down who looked at whose licences. It is awaited: what is not logged is not answered.
import { invalid } from "@onething/kernel/errors";
import { holderKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";

/** Why somebody looks. Every read carries one. */
export interface Reason {
  /** The caller as the door knows him; the journal's actor. */
  actor: string;
  /** On whose behalf a service looks; empty: the caller himself. */
  by: string;
  purpose: string;
  caseId: string;
}

export interface Look {
  personId: string;
  evidence: string[];
  identifiers: string[];
}

const longestPurpose = 200;

export function checkReason({ purpose }: Reason): void {
  if (purpose.trim() && purpose.length <= longestPurpose) return;
  throw invalid(
    "access.purpose",
    `请写明查看目的（不超过 ${longestPurpose} 字）`,
    `Say for what purpose you look, in ${longestPurpose} characters at most`,
  );
}

/** One event for each person, all in one flush. */
export async function logLooks({ journal }: Registry, reason: Reason, looks: readonly Look[]): Promise<void> {
  const { actor, purpose, caseId } = reason;
  const by = reason.by || actor;
  await Promise.all(
    looks.map((look) =>
      journal.submit(holderKind, look.personId, { type: "access", by, purpose, caseId, ...look }, { actor }),
    ),
  );
}
