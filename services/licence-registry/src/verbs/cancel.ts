// Cancels (注销) a licence. A repeat is harmless.
import { invalid } from "@onething/kernel/errors";
import { licenceKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";
import { type Reader, readable } from "../store.ts";
import { unknownLicence } from "./get.ts";
import { identifierIn } from "./issue.ts";

export interface CancelOrder {
  identifier: string;
  reason: string;
  idempotencyKey: string;
}

/** A department acts in its own name only; a service for any. */
export interface Office {
  actor: string;
  /** Department of the caller; undefined for a service. */
  department: string | undefined;
}

/** Errors: `not_found`, also for the licence of another department. */
export async function cancel(registry: Registry, office: Office, order: CancelOrder): Promise<string> {
  const { identifier, reason, idempotencyKey } = order;
  if (!idempotencyKey)
    throw invalid("licence.incomplete", "注销证照须带幂等键", "Cancelling needs an idempotency key");
  const reader: Reader = office.department === undefined ? "anyone" : { issuer: office.department };
  const row = await readable(registry.db, identifier, reader);
  if (!row) throw unknownLicence();
  const by = { actor: office.actor, key: idempotencyKey, body: ["cancel", identifier, reason] };
  const { answer } = await registry.journal.submit(licenceKind, row.id, { type: "cancel", reason }, by);
  return identifierIn(answer);
}
