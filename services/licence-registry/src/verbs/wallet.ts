// What the caller holds: everything, also what has ended, newest first.
import type { Registry } from "../registry.ts";
import * as store from "../store.ts";
import { openAll, type ReadLicence } from "./get.ts";
import { pageSize, wrongCursor } from "./limits.ts";
import type { Reason } from "./log-looks.ts";

export async function wallet(
  registry: Registry,
  personId: string,
  reason: Reason,
  page: { limit: number; cursor: string },
): Promise<{ licences: ReadLicence[]; nextCursor: string }> {
  const limit = pageSize(page.limit, 50, 200);
  const rows = await store.wallet(registry.db, personId, placeOf(page.cursor), limit);
  const last = rows.length === limit ? rows.at(-1)?.state : undefined;
  return {
    licences: await openAll(registry, reason, rows),
    nextCursor: last ? `${last.issuedAt}~${last.identifier}` : "",
  };
}

function placeOf(cursor: string): { issuedAt: string; identifier: string } | undefined {
  if (!cursor) return undefined;
  const [, issuedAt, identifier] = /^(\d{4}-[^~]+Z)~([0-9A-Z.-]+)$/.exec(cursor) ?? [];
  if (!issuedAt || !identifier) throw wrongCursor();
  return { issuedAt, identifier };
}
