// What was looked at of a person's licences, by whom and why; newest first.
import type { HolderAccessed } from "@onething/contracts/licence/v1/events";
import type { Registry } from "../registry.ts";
import { looksAt } from "../store.ts";
import { pageSize, wrongCursor } from "./limits.ts";

export interface AccessEntry {
  at: string;
  actor: string;
  purpose: string;
  caseId: string;
  evidence: string[];
  identifiers: string[];
}

export async function listAccess(
  registry: Registry,
  personId: string,
  page: { limit: number; cursor: string },
): Promise<{ accesses: AccessEntry[]; nextCursor: string }> {
  if (!/^\d{0,9}$/.test(page.cursor)) throw wrongCursor();
  const limit = pageSize(page.limit, 50, 200);
  const before = page.cursor ? Number(page.cursor) : 2 ** 31 - 1;
  const events = await looksAt(registry.db, personId, before, limit);
  const last = events.length === limit ? events.at(-1) : undefined;
  return {
    accesses: events.map((event) => {
      const { actor, purpose, caseId, evidence, identifiers, lookedAt } = event.data as HolderAccessed;
      return { at: lookedAt ?? event.at, actor, purpose, caseId, evidence, identifiers };
    }),
    nextCursor: last ? String(last.version) : "",
  };
}
