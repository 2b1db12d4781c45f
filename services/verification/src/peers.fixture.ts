// What stands around the service in its tests, over real gRPC: a department's register whose faults a test sets, and a
// licence registry that holds its few people and licences in memory.

import type { GetHoldersRequest, Licence } from "@onething/contracts/licence/v1/licence";
import { LicenceServiceDefinition, type MatchRequest } from "@onething/contracts/licence/v1/licence";
import {
  type AskRequest,
  AskResponse,
  RegisterServiceDefinition,
} from "@onething/contracts/register/v1/register";
import { notFound, unavailable } from "@onething/kernel/errors";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { type RpcDoor, rpc, startGrpcServer } from "@onething/service/rpc";
import type { Caller } from "@onething/service/types";

export const log = createLog({ service: "test", level: "silent" });

const serve = (door: RpcDoor, address = "127.0.0.1:0") => {
  const authenticate = async (): Promise<Caller> => ({ sub: "anyone", role: "service" });
  return startGrpcServer({ doors: [door], deps: { log, meters: createMeters(), authenticate }, address });
};

export type Fault = "late" | "down" | "garbage" | "wrong person" | undefined;

/** Records by `<evidence> <number>` or `<evidence> <number> <other number>`. */
export async function startRegister(records: Record<string, Record<string, string>>) {
  const asked: AskRequest[] = [];
  let fault: Fault;
  const ask = async (request: AskRequest, signal: AbortSignal): Promise<AskResponse> => {
    asked.push(request);
    if (fault === "down") throw unavailable("register.down", "停机", "down");
    // Late for any deadline: it answers when nobody listens any more.
    if (fault === "late") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    const key = [request.evidence, request.identityNumber, request.toIdentityNumber].join(" ").trim();
    const fields = records[key];
    return AskResponse.fromPartial({
      requestId: request.requestId,
      found: fields !== undefined,
      identityNumber: fault === "wrong person" ? "430999194801010030" : request.identityNumber,
      toIdentityNumber: request.toIdentityNumber,
      fields: fault === "garbage" ? { weight: "\uFFFD", smell: "?" } : (fields ?? {}),
      reference: fields ? `R-${request.evidence}` : "",
      asOf: "2026-11-24T00:00:00.000Z",
    });
  };
  const door = rpc(
    RegisterServiceDefinition,
    { ask: (request, { signal }) => ask(request, signal) },
    { allow: ["service"] },
  );
  const server = await serve(door);
  return {
    address: server.address,
    asked,
    records,
    set: (next: Fault) => {
      fault = next;
    },
    stop: () => server.stop(100),
  };
}

export interface Holder {
  personId: string;
  identityNumber: string;
}

export async function startLicences(holders: Holder[], licences: Licence[]) {
  const matched: MatchRequest[] = [];
  const read: GetHoldersRequest[] = [];
  const registry = { down: false };
  const unserved = async (): Promise<never> => {
    throw notFound("test.unserved", "未提供", "not served here");
  };
  const door = rpc(
    LicenceServiceDefinition,
    {
      match: async (request) => {
        if (registry.down) throw unavailable("licences.down", "停机", "down");
        matched.push(request);
        const wanted = (it: Licence) =>
          request.queries.some(
            (query) =>
              query.personId === it.holderId &&
              query.evidence.includes(it.evidence) &&
              (query.toPersonId === "" || query.toPersonId === it.toHolderId),
          );
        return { licences: licences.filter(wanted) };
      },
      getHolders: async (request) => {
        read.push(request);
        const known = holders.filter((each) => request.personIds.includes(each.personId));
        return { holders: known.map((each) => ({ ...each, name: "" })) };
      },
      identify: async ({ identityNumber }) => ({
        personId: holders.find((each) => each.identityNumber === identityNumber)?.personId ?? "nobody",
      }),
      get: unserved,
      issue: unserved,
      cancel: unserved,
      listAccess: unserved,
    },
    { allow: ["service"] },
  );
  const server = await serve(door);
  return { address: server.address, matched, read, registry, licences, stop: () => server.stop(100) };
}
