// `onething stuck [show EVENT | replay CONSUMER CASE]`: events that a consumer could not apply, and applying them again once
// the cause is mended.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import type { StuckEvent } from "@onething/events/apply";
import { invalid, notFound, unavailable } from "@onething/kernel/errors";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { type Operations, operationsOfAll, operationsThere } from "@onething/service/operations";
import { createIssuer } from "@onething/service/tokens";
import { keysBeside, readConfig } from "../config.ts";
import { issuerName } from "../platform.ts";
import { isScaled, readSettings } from "./config.ts";

const usage = "onething stuck [show EVENT | replay CONSUMER CASE]";

export async function runStuck(args: string[]): Promise<number> {
  const clients = isScaled() ? scaledClients() : { onething: await clientHere() };
  const there = Object.entries(clients).map(([name, client]) => operationsThere(client, name));
  try {
    return await answer(
      args,
      operationsOfAll(async () => there),
      there.length,
    );
  } finally {
    for (const client of Object.values(clients)) client.close();
  }
}

async function answer(
  [verb = "list", ...rest]: string[],
  operations: Operations,
  among: number,
): Promise<number> {
  const all = () => stuckOf(operations, among);
  if (verb === "list" && rest.length === 0) return list(await all());
  if (verb === "show" && rest.length === 1) return show(await all(), rest[0]!);
  if (verb === "replay" && rest.length === 2) return replay(operations, all, rest as [string, string]);
  throw invalid("stuck.usage", `用法：${usage}`, `Usage: ${usage}`);
}

interface Found {
  events: readonly StuckEvent[];
  /** Services that did not answer. */
  notAsked: readonly string[];
}

/** Says who did not answer. Errors: `stuck.unreachable`, where nobody did. */
async function stuckOf(operations: Operations, among: number): Promise<Found> {
  const notAsked: string[] = [];
  const events = await operations.stuck(notAsked);
  const names = notAsked.join(", ");
  if (notAsked.length === among)
    throw unavailable("stuck.unreachable", `连接不上 ${names}`, `${names} cannot be reached`);
  if (names) console.error(`连接不上，未能查看 · Cannot be reached, and was not looked at: ${names}`);
  return { events, notAsked };
}

async function replay(
  operations: Operations,
  all: () => Promise<Found>,
  [consumer, caseId]: [string, string],
): Promise<number> {
  const replayed = await operations.replay(consumer, caseId);
  const found = await all();
  const still = found.events.filter((one) => one.consumer === consumer && one.caseId === caseId);
  if (replayed === 0 && still.length === 0)
    throw notFound(
      "stuck.nothing",
      `${consumer} 没有办件 ${caseId} 的卡住事件`,
      `Nothing of case ${caseId} is stuck at ${consumer}`,
    );
  console.log(`已重放 · Replayed: ${replayed}; 仍卡住 · still stuck: ${still.length}`);
  for (const one of still) console.log(line(one));
  return still.length === 0 ? 0 : 1;
}

function list({ events, notAsked }: Found): number {
  for (const one of events) console.log(line(one));
  if (events.length + notAsked.length === 0) console.log("没有卡住的事件 · Nothing is stuck");
  return events.length + notAsked.length === 0 ? 0 : 1;
}

function show({ events }: Found, id: string): number {
  const found = events.filter((one) => one.eventId === id);
  if (found.length === 0) throw notFound("stuck.unknown", `没有卡住的事件 ${id}`, `No stuck event ${id}`);
  console.log(JSON.stringify(found, null, 2));
  return 0;
}

const line = ({ consumer, caseId, eventId, type, attempts, at, error }: StuckEvent): string =>
  `${at}  ${consumer}  ${caseId}  ${eventId}  ${type}  ×${attempts}  ${error.split("\n")[0]}`;

type OperationsClient = GrpcClient<typeof OperationsServiceDefinition>;

/** One client a service: its stuck list lies in its database, and any replica can replay. */
function scaledClients(): Record<string, OperationsClient> {
  const { peers, tls } = readSettings("peers", "tls");
  const clients = Object.entries(peers).map(([name, address]) => {
    const to = { deadlineMs: 30_000, tls: { folder: tls, name } };
    return [name, grpcClient(OperationsServiceDefinition, address, to)] as const;
  });
  return Object.fromEntries(clients);
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
