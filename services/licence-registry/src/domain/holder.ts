// The law of a holder: who is behind an opaque person id, and who has looked at what the person holds.
// The identity itself is sealed; what decides here are facts derived from it.
import type { HolderAccessed, HolderIdentified } from "@onething/contracts/licence/v1/events";
import { conflict, invalid } from "@onething/kernel/errors";

export interface HolderState {
  personId: string;
  /** Keyed hashes of identity number and name; empty: the person has none yet. */
  numberHash: string;
  nameHash: string;
  /** Number and name. */
  sealedIdentity: string;
  /** How often somebody has looked; the looks themselves are the events. */
  looks: number;
}

/** What somebody says about a person; empty: nothing. */
export type Facts = Pick<HolderState, "numberHash" | "nameHash">;

export interface Identify extends Facts {
  type: "identify";
  personId: string;
  sealedIdentity: string;
  /** The sealed identity that this one completes; empty: none was there. */
  completes: string;
  /** Where the word comes from: a person typed it, or an authority's record says it. */
  word: "claimed" | "attested";
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
  /** When, if it is written down later than it happened. */
  lookedAt?: string;
}

export type HolderCommand = Identify | Access;
export type HolderEvent =
  | { type: "holder.identified"; data: HolderIdentified }
  | { type: "holder.accessed"; data: HolderAccessed };

export function decide(state: HolderState | null, command: HolderCommand): { events: HolderEvent[] } {
  if (command.type === "identify") return identify(state, command);
  const { personId, by, purpose, caseId, evidence, identifiers, lookedAt } = command;
  const data = { personId, actor: by, purpose, caseId, evidence, identifiers, lookedAt };
  return { events: [{ type: "holder.accessed", data }] };
}

/** Whether the facts say more than is known, or something else. */
export const isNews = (known: Facts | null, { numberHash, nameHash }: Facts): boolean =>
  !known ||
  (numberHash !== "" && numberHash !== known.numberHash) ||
  (nameHash !== "" && nameHash !== known.nameHash);

/** A number never moves to another, and a name that licences bear out is not changed by somebody's typing. */
function identify(state: HolderState | null, command: Identify): { events: HolderEvent[] } {
  if (!isNews(state, command)) return { events: [] };
  const { personId, sealedIdentity, completes, word, proved } = command;
  const known = state ?? nobody(personId);
  if (known.numberHash && command.numberHash && known.numberHash !== command.numberHash)
    throw conflict(
      "holder.other_number",
      "该人员已登记另一个身份号码",
      "This person already has another identity number",
    );
  const otherName = known.nameHash && command.nameHash && known.nameHash !== command.nameHash;
  if (otherName && word === "claimed" && proved)
    throw invalid(
      "holder.name_mismatch",
      "姓名与身份号码不一致，请核对后重新填写",
      "The name does not belong to this identity number; check both and enter them again",
    );
  if (known.sealedIdentity !== completes)
    throw conflict(
      "holder.changed_meanwhile",
      "该人员的身份信息刚刚被更新，请重试",
      "The identity of this person was updated just now; try again",
    );
  const numberHash = command.numberHash || known.numberHash;
  const nameHash = command.nameHash || known.nameHash;
  return {
    events: [{ type: "holder.identified", data: { personId, numberHash, nameHash, sealedIdentity } }],
  };
}

export function evolve(state: HolderState | null, event: HolderEvent): HolderState {
  const { personId } = event.data;
  if (event.type === "holder.accessed") {
    const known = state ?? nobody(personId);
    return { ...known, looks: known.looks + 1 };
  }
  const { numberHash, nameHash, sealedIdentity } = event.data;
  return { personId, numberHash, nameHash, sealedIdentity, looks: state?.looks ?? 0 };
}

const nobody = (personId: string): HolderState => ({
  personId,
  numberHash: "",
  nameHash: "",
  sealedIdentity: "",
  looks: 0,
});
