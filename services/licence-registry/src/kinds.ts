// The kinds of root that this service keeps in its journal.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import * as holder from "./domain/holder.ts";
import * as licence from "./domain/licence.ts";
import * as revocation from "./domain/revocation.ts";

export const licenceKind: Kind<licence.LicenceState, licence.LicenceCommand, licence.LicenceEvent> = {
  name: "licence",
  table: "licence",
  codecs: codecs("licence.issued", "licence.cancelled", "licence.revoked"),
  decide: licence.decide,
  evolve: licence.evolve,
  // What comes out of no case is a case of its own, so that one that is stuck holds up no other.
  caseOf: (state) => state.caseId || state.identifier,
};

export const holderKind: Kind<holder.HolderState, holder.HolderCommand, holder.HolderEvent> = {
  name: "holder",
  table: "holder",
  codecs: codecs("holder.identified", "holder.accessed"),
  decide: holder.decide,
  evolve: holder.evolve,
};

export const revocationKind: Kind<revocation.Revocation, revocation.RevokeGrant, revocation.RevocationEvent> =
  {
    name: "revocation",
    table: "revocation",
    codecs: codecs("licence.grant_revoked"),
    decide: revocation.decide,
    evolve: revocation.evolve,
    caseOf: (state) => state.caseId,
  };
