// Who holds what, at this moment: one query for several people and many types. Never cached, because a stale answer
// could honour a licence that was cancelled.
import { civilDate } from "@onething/kernel/civil-date";
import type { Fields } from "../domain/fields.ts";
import type { Held } from "../domain/grant.ts";
import type { LicenceState } from "../domain/licence.ts";
import type { Registry } from "../registry.ts";
import { held } from "../store.ts";
import { checkPersonIds, unique, within } from "./limits.ts";
import { checkReason, type Look, logLooks, type Reason } from "./log-looks.ts";

export interface Matched {
  state: LicenceState;
  fields: Fields;
}

const mostPairs = 1000;

/** Every person asked about finds the look in the access log, also where nothing was found. */
export async function match(registry: Registry, reason: Reason, asked: readonly Held[]): Promise<Matched[]> {
  checkReason(reason);
  const pairs = [
    ...new Map(asked.map((a) => [JSON.stringify([a.holderId, a.evidence, a.toHolderId]), a])).values(),
  ];
  within(pairs.length, mostPairs);
  checkPersonIds(pairs.map((pair) => pair.holderId));
  if (pairs.length === 0) return [];
  const rows = await held(registry.db, pairs, civilDate(registry.now()));
  const states = [...new Map(rows.map((row) => [row.id, row.state])).values()];
  const [fields] = await Promise.all([
    registry.keyring.open(
      states.map((state) => state.sealedFields),
      { actor: reason.actor, purpose: reason.purpose },
    ),
    logLooks(registry, reason, looksOf(pairs, states)),
  ]);
  return states.map((state, i) => ({ state, fields: fields[i] ?? {} }));
}

const looksOf = (pairs: readonly Held[], states: readonly LicenceState[]): Look[] =>
  unique(pairs.map((pair) => pair.holderId)).map((personId) => ({
    personId,
    evidence: unique(pairs.filter((pair) => pair.holderId === personId).map((pair) => pair.evidence)),
    identifiers: states.filter((state) => state.holderId === personId).map((state) => state.identifier),
  }));
