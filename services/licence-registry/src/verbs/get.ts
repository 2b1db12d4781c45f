// One licence with its fields and its holder's name.
import { civilDate } from "@onething/kernel/civil-date";
import { notFound } from "@onething/kernel/errors";
import type { Fields } from "../domain/fields.ts";
import { type LicenceState, type Status, statusOn } from "../domain/licence.ts";
import type { Registry } from "../registry.ts";
import { holdersOf, type LicenceRow, type Reader, readable } from "../store.ts";
import { checkReason, logLooks, type Reason } from "./log-looks.ts";

export interface ReadLicence {
  state: LicenceState;
  /** On the day of reading. */
  status: Status | "expired";
  fields: Fields;
  holderName: string;
}

/** Errors: `not_found`, also for a licence that is not the reader's to see. */
export async function get(
  registry: Registry,
  reader: Reader,
  reason: Reason,
  identifier: string,
): Promise<ReadLicence> {
  checkReason(reason);
  const row = await readable(registry.db, identifier, reader);
  if (!row) throw unknownLicence();
  const [licence] = await openAll(registry, reason, [row]);
  return licence!;
}

export const unknownLicence = () =>
  notFound("licence.not_found", "没有找到该证照", "There is no such licence");

/** Unseals licences of one holder and logs the look. */
export async function openAll(
  registry: Registry,
  reason: Reason,
  rows: readonly LicenceRow[],
): Promise<ReadLicence[]> {
  const states = rows.map((row) => row.state);
  const personId = states[0]?.holderId;
  if (!personId) return [];
  const [holder] = await holdersOf(registry.db, [personId]);
  const evidence = [...new Set(states.map((state) => state.evidence))];
  const identifiers = states.map((state) => state.identifier);
  const [[identity = {}, ...fields]] = await Promise.all([
    registry.keyring.open([holder?.sealedIdentity ?? "", ...states.map((state) => state.sealedFields)], {
      actor: reason.actor,
      purpose: reason.purpose,
    }),
    logLooks(registry, reason, [{ personId, evidence, identifiers }]),
  ]);
  const day = civilDate(registry.now());
  return states.map((state, i) => ({
    state,
    status: statusOn(state, day),
    fields: fields[i] ?? {},
    holderName: identity.name ?? "",
  }));
}
