// The gRPC door: proto in, verb, proto out.
import {
  GetHoldersResponse,
  GetResponse,
  Licence,
  LicenceServiceDefinition,
  ListAccessResponse,
  MatchResponse,
} from "@onething/contracts/licence/v1/licence";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import { actorOf, type Caller } from "@onething/service/types";
import type { Fields } from "./domain/fields.ts";
import type { LicenceState } from "./domain/licence.ts";
import type { Registry } from "./registry.ts";
import type { Reader } from "./store.ts";
import { cancel, type Office } from "./verbs/cancel.ts";
import { get } from "./verbs/get.ts";
import { getHolders } from "./verbs/get-holders.ts";
import { identify } from "./verbs/identify.ts";
import { issue } from "./verbs/issue.ts";
import { listAccess } from "./verbs/list-access.ts";
import type { Reason } from "./verbs/log-looks.ts";
import { match } from "./verbs/match.ts";

export function licenceDoor(registry: Registry): RpcDoor {
  return rpc(
    LicenceServiceDefinition,
    {
      identify: async ({ identityNumber, name }, { caller }) => ({
        personId: await identify(registry, actorOf(caller), { number: identityNumber, name }),
      }),
      getHolders: async (request, { caller }) =>
        GetHoldersResponse.create({
          holders: await getHolders(registry, reasonOf(caller, request), request.personIds),
        }),
      match: async (request, { caller }) => {
        const asked = request.queries.flatMap(({ personId, evidence, toPersonId }) =>
          evidence.map((one) => ({ holderId: personId, evidence: one, toHolderId: toPersonId })),
        );
        const found = await match(registry, reasonOf(caller, request), asked);
        return MatchResponse.create({
          licences: found.map(({ state, fields }) => licenceOf(state, state.status, fields, "")),
        });
      },
      get: async (request, { caller }) => {
        const reason = reasonOf(caller, { ...request, caseId: "" });
        const found = await get(registry, readerOf(caller), reason, request.identifier);
        return GetResponse.create({
          licence: licenceOf(found.state, found.status, found.fields, found.holderName),
        });
      },
      issue: async (request, { caller }) => ({
        identifier: await issue(registry, actorOf(caller), request),
      }),
      cancel: async (request, { caller }) => ({
        identifier: await cancel(registry, officeOf(caller), request),
      }),
      listAccess: async ({ personId, limit, cursor }) =>
        ListAccessResponse.create(await listAccess(registry, personId, { limit, cursor })),
    },
    {
      allow: {
        identify: ["service"],
        getHolders: ["service"],
        match: ["service"],
        listAccess: ["service"],
        get: ["service", "department"],
        // A department issues by deciding; until the catalogue says who may issue what, imports are the platform's.
        issue: ["service"],
        cancel: ["service", "department"],
      },
    },
  );
}

const officeOf = (caller: Caller): Office => ({
  actor: actorOf(caller),
  department: caller.role === "service" ? undefined : (caller.department ?? ""),
});

const readerOf = (caller: Caller): Reader =>
  caller.role === "service" ? "anyone" : { issuer: caller.department ?? "" };

/** A service says on whose behalf it looks; anybody else looks for himself. */
const reasonOf = (caller: Caller, said: { actor: string; purpose: string; caseId: string }): Reason => ({
  actor: actorOf(caller),
  by: caller.role === "service" ? said.actor : "",
  purpose: said.purpose,
  caseId: said.caseId,
});

const licenceOf = (state: LicenceState, status: string, fields: Fields, holderName: string): Licence =>
  Licence.create({
    identifier: state.identifier,
    evidence: state.evidence,
    typeCode: state.typeCode,
    typeName: state.typeName,
    kind: state.kind,
    holderId: state.holderId,
    toHolderId: state.toHolderId,
    issuer: state.issuer,
    issuedAt: state.issuedAt,
    validUntil: state.validUntil,
    status,
    version: state.version,
    fields,
    caseId: state.caseId,
    holderName,
  });
