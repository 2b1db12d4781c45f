// Issues one licence or registration outside a case: an import.
import type { IssueRequest } from "@onething/contracts/licence/v1/licence";
import { invalid } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import { checkFields, identityIn } from "../domain/fields.ts";
import { serialOf } from "../domain/identifier.ts";
import type { Issue, LicenceState } from "../domain/licence.ts";
import { licenceKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";
import { bind } from "./identify.ts";
import { checkPersonIds } from "./limits.ts";

export async function issue(registry: Registry, actor: string, request: IssueRequest): Promise<string> {
  const { type, issuer, personId, toPersonId, fields, issuedAt, idempotencyKey } = request;
  if (!type?.code || !issuer?.code || !personId || !idempotencyKey)
    throw invalid(
      "licence.incomplete",
      "签发证照须写明类型、持有人、签发机构和幂等键",
      "Issuing needs type, person, issuer and idempotency key",
    );
  checkPersonIds(toPersonId ? [personId, toPersonId] : [personId]);
  checkFields(type.fields, fields);
  await bind(registry, actor, personId, identityIn(type.fields, fields));
  const { id, serial } = newLicence(registry, "issue", actor, idempotencyKey);
  const sealedFields = (await registry.keyring.sealer(`holder/${personId}`)).seal(fields);
  const command: Issue = {
    type: "issue",
    of: type,
    holderId: personId,
    toHolderId: toPersonId,
    issuer,
    serial,
    sealedFields,
    ...(issuedAt ? { issuedAt } : {}),
  };
  const by = { actor, key: idempotencyKey, body: ["issue", request] };
  const { answer } = await registry.journal.submit(licenceKind, id, command, by);
  return identifierIn(answer);
}

/**
 * Root id and serial of a licence follow from the request it comes of, so that two of the same request meet in one root
 * and make one licence. Through a keyed hash: who knows the request cannot tell the identifier.
 */
export function newLicence({ keyring, serialPrefix }: Registry, ...request: string[]) {
  const seed = keyring.hash("licence", JSON.stringify(request));
  return { id: idFrom("licence", seed), serial: serialOf(serialPrefix, seed) };
}

/** Every decision about a licence answers with its identifier, and a repeat with the same one. */
export const identifierIn = (answer: unknown): string =>
  (answer as Pick<LicenceState, "identifier">).identifier;
