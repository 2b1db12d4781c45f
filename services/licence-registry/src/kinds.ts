// The two kinds of root that this service keeps in its journal.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import * as holder from "./domain/holder.ts";
import * as licence from "./domain/licence.ts";

export const licenceKind: Kind<licence.LicenceState, licence.LicenceCommand, licence.LicenceEvent> = {
  name: "licence",
  table: "licence",
  codecs: codecs("licence.issued", "licence.cancelled"),
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
