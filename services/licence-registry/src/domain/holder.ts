// The law of a holder: who is behind an opaque person id, and who has looked at what the person holds.
// The identity itself is sealed; what decides here are facts derived from it.
import type { HolderAccessed, HolderIdentified } from "@onething/contracts/licence/v1/events";
import { conflict, invalid } from "@onething/kernel/errors";

export interface HolderState {
  personId: string;
  /** Keyed hash of the identity number; empty: the person has none yet. */
  numberHash: string;
  /** Number and name. */
  sealedIdentity: string;
  /** How often somebody has looked; the looks themselves are the events. */
  looks: number;
}

/** Where the identity comes from: a person typed it, or an authority's record says it. */
export type Word = "claimed" | "attested";

export interface Identify {
  type: "identify";
  personId: string;
  numberHash: string;
  sealedIdentity: string;
  word: Word;
  /** The stored name is another one than the one given now. */
  otherName: boolean;
  /** The person holds something already, so the stored name is proved. */
  proved: boolean;
}

export interface Access {
  type: "access";
  personId: string;
  by: string;
  purpose: string;
  caseId: string;
  evidence: string[];
  identifiers: string[];
}

export type HolderCommand = Identify | Access;
export type HolderEvent =
  | { type: "holder.identified"; data: HolderIdentified }
  | { type: "holder.accessed"; data: HolderAccessed };

export function decide(state: HolderState | null, command: HolderCommand): { events: HolderEvent[] } {
  if (command.type === "identify") return identify(state, command);
  const { by, purpose, caseId, evidence, identifiers } = command;
  const data = { personId: command.personId, actor: by, purpose, caseId, evidence, identifiers };
  return { events: [{ type: "holder.accessed", data }] };
}

/** A number never moves to another, and a name that licences bear out is not changed by somebody's typing. */
function identify(state: HolderState | null, command: Identify): { events: HolderEvent[] } {
  const { personId, sealedIdentity, word, otherName, proved } = command;
  const known = state?.numberHash ?? "";
  if (known && command.numberHash && known !== command.numberHash)
    throw conflict(
      "holder.other_number",
      "该人员已登记另一个身份号码",
      "This person already has another identity number",
    );
  if (word === "claimed" && otherName && proved)
    throw invalid(
      "holder.name_mismatch",
      "姓名与身份号码不一致，请核对后重新填写",
      "The name does not belong to this identity number; check both and enter them again",
    );
  const numberHash = command.numberHash || known;
  const nothingNew = state?.sealedIdentity && numberHash === known && !otherName;
  if (nothingNew) return { events: [] };
  return { events: [{ type: "holder.identified", data: { personId, numberHash, sealedIdentity } }] };
}

export function evolve(state: HolderState | null, event: HolderEvent): HolderState {
  if (event.type === "holder.identified") {
    const { personId, numberHash, sealedIdentity } = event.data;
    return { personId, numberHash, sealedIdentity, looks: state?.looks ?? 0 };
  }
  const nobody = { personId: event.data.personId, numberHash: "", sealedIdentity: "", looks: 0 };
  const { looks, ...rest } = state ?? nobody;
  return { ...rest, looks: looks + 1 };
}
