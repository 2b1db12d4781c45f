// Authority delegated to a chief affairs representative (首席事务代表), and taken back.
import { idFrom } from "@onething/kernel/ids";
import type { Delegation, Give } from "../domain/delegation.ts";
import type { Official } from "../domain/obstacles.ts";
import { delegationKind } from "../kind.ts";
import { delegations } from "../store.ts";
import type { Asked } from "./act.ts";
import type { Deps } from "./deps.ts";

/** The same key gives the same delegation. */
export async function delegate(
  { journal }: Deps,
  by: Official,
  key: string,
  terms: Omit<Give, "id">,
): Promise<Delegation> {
  const id = idFrom("delegation", by.actor, key);
  const command = { type: "give", by, terms: { ...terms, id } } as const;
  const { state } = await journal.submit(delegationKind, id, command, { actor: by.actor, key, body: terms });
  return state;
}

export async function endDelegation(
  { journal }: Deps,
  by: Official,
  { id, key }: Asked,
): Promise<Delegation> {
  const command = { type: "end", by } as const;
  const { state } = await journal.submit(delegationKind, id, command, {
    actor: by.actor,
    key,
    body: { end: id },
  });
  return state;
}

export const listDelegations = ({ db }: Deps, by: Official): Promise<Delegation[]> =>
  delegations(db, by.department);
