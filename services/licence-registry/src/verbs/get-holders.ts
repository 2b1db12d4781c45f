// Number and name of people, for asking a register or printing a document.
import type { Registry } from "../registry.ts";
import { holdersOf } from "../store.ts";
import { checkPersonIds, unique, within } from "./limits.ts";
import { checkReason, logLooks, type Reason } from "./log-looks.ts";

export interface NamedHolder {
  personId: string;
  identityNumber: string;
  name: string;
}

const mostPeople = 200;

/** In the order asked; a person nobody has identified yet has neither number nor name. */
export async function getHolders(
  registry: Registry,
  reason: Reason,
  asked: readonly string[],
): Promise<NamedHolder[]> {
  checkReason(reason);
  const personIds = unique(asked.filter(Boolean));
  within(personIds.length, mostPeople);
  checkPersonIds(personIds);
  const known = await holdersOf(registry.db, personIds);
  const audit = { actor: reason.actor, purpose: reason.purpose };
  const [identities] = await Promise.all([
    registry.keyring.open(
      known.map((holder) => holder.sealedIdentity),
      audit,
    ),
    logLooks(
      registry,
      reason,
      personIds.map((personId) => ({ personId, evidence: [], identifiers: [] })),
    ),
  ]);
  const byId = new Map(known.map((holder, i) => [holder.personId, identities[i]]));
  return personIds.map((personId) => {
    const { number = "", name = "" } = byId.get(personId) ?? {};
    return { personId, identityNumber: number, name };
  });
}
