// `onething stuck [show EVENT | replay CONSUMER CASE]`: events that a consumer could not apply, and applying them again once
// the cause is mended.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import type { StuckEvent } from "@onething/events/apply";
import { invalid, notFound } from "@onething/kernel/errors";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { type Operations, operationsOfAll, operationsThere } from "@onething/service/operations";
import { createIssuer } from "@onething/service/tokens";
import { keysBeside, readConfig } from "../config.ts";
import { issuerName } from "../platform.ts";
import { isScaled, readSettings } from "./config.ts";

const usage = "onething stuck [show EVENT | replay CONSUMER CASE]";

export async function runStuck(args: string[]): Promise<number> {
  const clients = isScaled() ? scaledClients() : [await clientHere()];
  try {
    return await answer(
      args,
      operationsOfAll(async () => clients.map(operationsThere)),
    );
  } finally {
    for (const client of clients) client.close();
  }
}

async function answer([verb = "list", ...rest]: string[], operations: Operations): Promise<number> {
  if (verb === "list" && rest.length === 0) return list(await operations.stuck());
  if (verb === "show" && rest.length === 1) return show(await operations.stuck(), rest[0]!);
  if (verb === "replay" && rest.length === 2) {
    const [consumer, caseId] = rest as [string, string];
    const replayed = await operations.replay(consumer, caseId);
    const still = (await operations.stuck()).filter(
      (one) => one.consumer === consumer && one.caseId === caseId,
    );
    console.log(`已重放 · Replayed: ${replayed}; 仍卡住 · still stuck: ${still.length}`);
    for (const one of still) console.log(line(one));
    return still.length === 0 ? 0 : 1;
  }
  throw invalid("stuck.usage", `用法：${usage}`, `Usage: ${usage}`);
}

function list(events: readonly StuckEvent[]): number {
  for (const one of events) console.log(line(one));
  if (events.length === 0) console.log("没有卡住的事件 · Nothing is stuck");
  return events.length === 0 ? 0 : 1;
}

function show(events: readonly StuckEvent[], id: string): number {
  const found = events.filter((one) => one.eventId === id);
  if (found.length === 0) throw notFound("stuck.unknown", `没有卡住的事件 ${id}`, `No stuck event ${id}`);
  console.log(JSON.stringify(found, null, 2));
  return 0;
}

const line = ({ consumer, caseId, eventId, type, attempts, at, error }: StuckEvent): string =>
  `${at}  ${consumer}  ${caseId}  ${eventId}  ${type}  ×${attempts}  ${error.split("\n")[0]}`;

type OperationsClient = GrpcClient<typeof OperationsServiceDefinition>;

/** One client a service: its stuck list lies in its database, and any replica can replay. */
function scaledClients(): OperationsClient[] {
  const { peers, tls } = readSettings("peers", "tls");
  return Object.entries(peers).map(([name, address]) =>
    grpcClient(OperationsServiceDefinition, address, { deadlineMs: 30_000, tls: { folder: tls, name } }),
  );
}

/** The platform on this machine; its own key says that we may. */
async function clientHere(): Promise<OperationsClient> {
  const { data, host, grpcPort } = readConfig();
  const keyFile = join(keysBeside(data), "issuer.json");
  await readFile(keyFile).catch(() => {
    throw notFound("stuck.no_platform", `这里没有平台：${data}`, `There is no platform at ${data}`);
  });
  const issuer = await createIssuer({ issuer: issuerName, keyFile });
  return grpcClient(OperationsServiceDefinition, `${host}:${grpcPort}`, {
    deadlineMs: 30_000,
    token: () => issuer.sign({ sub: "operator", role: "service" }, 60),
  });
}
