// The whole platform in one process: five services on gRPC over loopback, their event tables feeding each other, one HTTP
// door. Tests, the demo and `npm start` all start this very same thing.
import { join } from "node:path";
import * as approval from "@onething/approval-workflow/service";
import * as caseWindow from "@onething/case-window/service";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import { createFeed, type Feed } from "@onething/events/feed";
import type { ReadCity } from "@onething/item-catalog/city";
import * as catalog from "@onething/item-catalog/service";
import type { Journal } from "@onething/journal/journal";
import * as licence from "@onething/licence-registry/service";
import { grpcClient } from "@onething/service/client";
import { createLimiter, type Limits } from "@onething/service/fleeting/limits";
import type { Fleeting } from "@onething/service/fleeting/port";
import { createHttpServer } from "@onething/service/http-server";
import type { Log } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { operationsDoor, operationsHere } from "@onething/service/operations";
import { startGrpcServer } from "@onething/service/rpc";
import type { RunningService } from "@onething/service/running-service";
import { createIssuer, createTokenSource, createVerifier, type Issuer } from "@onething/service/tokens";
import { traced } from "@onething/service/tracing";
import type { Authenticate, Meters, ServiceDeps } from "@onething/service/types";
import * as verification from "@onething/verification/service";
import { accountRoutes } from "./accounts.ts";
import { operationRoutes } from "./operations.ts";
import { freePort, portTaken, reachable, urlHost } from "./ports.ts";
import { loadSample, type Sample } from "./sample.ts";
import type { Part, Storage } from "./storage.ts";

export interface PlatformOptions {
  storage: Storage;
  city: ReadCity;
  log: Log;
  host: string;
  /** 0 takes a free one. */
  port: number;
  grpcPort: number;
  /** Register code -> where it listens. May be filled after the start: it is read at each call. */
  registers: Record<string, string>;
  registerClient?: verification.VerificationOptions["registerClient"];
  fleeting: Fleeting;
  /** Of a caller, over both doors. */
  limits: Limits;
  /** Of our own, before it. */
  proxies: number;
  /** Where people reach the platform; default: where it listens. */
  publicUrl?: string | undefined;
  now?: () => Date;
}

export interface Platform {
  url: string;
  grpcAddress: string;
  issuer: Issuer;
  authenticate: Authenticate;
  meters: Meters;
  services: RunningService[];
  feeds: Feed[];
  sample: Sample;
  /** Until every queue and feed is empty: what was accepted has had all its effects, except those that wait for a time. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export const issuerName = "onething-sample-issuer";
/** Which service's journal carries a topic. */
const publishers: Record<string, Part> = {
  "onething.catalog": "catalog",
  "onething.case": "casewindow",
  "onething.evidence": "verification",
  "onething.approval": "approval",
  "onething.licence": "licence",
};

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(options, (each) => stops.push(each))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What was started says how it is stopped, so that a start which fails half-way leaves nothing running. */
async function start(
  options: PlatformOptions,
  onStop: (stop: () => unknown) => void,
): Promise<Omit<Platform, "stop">> {
  const { storage, city, log, fleeting, now = () => new Date() } = options;
  const meters = createMeters();
  const issuer = await createIssuer({ issuer: issuerName, keyFile: join(storage.keys, "issuer.json"), now });
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: issuerName, now });
  const common = { keyring: storage.keyring, log, meters, now, authenticate };
  const grpcPort = options.grpcPort || (await freePort());
  const grpcAddress = `${reachable(options.host)}:${grpcPort}`;
  const depsOf = (part: Part): ServiceDeps => ({
    ...common,
    db: storage.dbs[part],
    token: createTokenSource(issuer, { sub: part, role: "service" }, { now }),
  });
  const peersOf = (part: Part) => {
    const to = { token: depsOf(part).token, deadlineMs: 10_000, meters };
    const peers = {
      catalog: grpcClient(CatalogServiceDefinition, grpcAddress, to),
      verification: grpcClient(VerificationServiceDefinition, grpcAddress, to),
      licences: grpcClient(LicenceServiceDefinition, grpcAddress, to),
      approvals: grpcClient(ApprovalServiceDefinition, grpcAddress, to),
    };
    for (const client of Object.values(peers)) onStop(() => client.close());
    return peers;
  };
  const peers = peersOf("casewindow");
  const door = { url: `http://${urlHost(reachable(options.host))}:${options.port}` };
  const publicUrl = () => options.publicUrl ?? door.url;
  const services = createServices({ ...options, publicUrl }, depsOf, peers, peersOf("verification"));
  const all = Object.values(services);
  for (const service of all) onStop(() => service.stop());
  const feeds = feedsOf(services, log);
  onStop(() => Promise.all(feeds.map((feed) => feed.stop())));
  const operations = operationsHere({ meters, services: all, feeds });
  const limiter = createLimiter(fleeting, options.limits);
  const grpc = await startGrpcServer({
    doors: [...all.flatMap((service) => service.rpc), operationsDoor(operations)],
    deps: common,
    address: `${urlHost(options.host)}:${grpcPort}`,
    limiter,
  }).catch((error: unknown) => {
    throw portTaken(error, grpcPort, "ONETHING_GRPC_PORT");
  });
  onStop(() => grpc.stop());
  for (const service of all) await service.start?.();
  for (const feed of feeds) feed.start();

  const sample = await loadSample({ city, peers });
  const http = await createHttpServer({
    apps: [
      accountRoutes({ ...common, issuer, ...sample, personOf: (key) => sample.people.get(key) }),
      ...all.flatMap((service) => service.routes ?? []),
      operationRoutes({ ...common, operations }),
    ],
    port: options.port,
    host: options.host,
    title: "onething 一件事一次办",
    log,
    meters,
    limits: { limiter, authenticate, proxies: options.proxies },
    ready: { database: () => storage.dbs.casewindow.query("select 1") },
  }).catch((error: unknown) => {
    throw portTaken(error, options.port, "ONETHING_PORT");
  });
  onStop(() => http.stop());
  const { url } = http;
  door.url = url;
  const drained = () => drain(feeds, all);
  return { url, grpcAddress, issuer, authenticate, meters, services: all, feeds, sample, drain: drained };
}

type Services = Record<Exclude<Part, "keyring">, RunningService>;
type Peers = Parameters<typeof caseWindow.createService>[0]["peers"] &
  Parameters<typeof verification.createService>[0]["peers"];

function createServices(
  {
    city,
    registers,
    registerClient,
    fleeting,
    publicUrl,
  }: Omit<PlatformOptions, "publicUrl"> & { publicUrl: () => string },
  depsOf: (part: Part) => ServiceDeps,
  ofWindow: Peers,
  ofVerification: Peers,
): Services {
  return {
    catalog: catalog.createService({ ...depsOf("catalog"), city: city.catalogue }),
    licence: licence.createService(depsOf("licence")),
    verification: verification.createService({
      ...depsOf("verification"),
      peers: ofVerification,
      registers,
      ...(registerClient ? { registerClient } : {}),
    }),
    approval: approval.createService({ ...depsOf("approval"), publicUrl }),
    casewindow: caseWindow.createService({ ...depsOf("casewindow"), peers: ofWindow, fleeting }),
  };
}

function feedsOf(services: Services, log: Log): Feed[] {
  const sourceOf = (topic: string) => {
    const name = publishers[topic] as Exclude<Part, "keyring">;
    const { journal }: { journal: Journal } = services[name];
    return { name: services[name].name, read: journal.read, onCommit: journal.onCommit };
  };
  return Object.values(services).flatMap((service) =>
    service.consumers.flatMap((consumer) =>
      consumer.topics.map((topic) =>
        createFeed({ consumer: traced(consumer), db: service.journal.db, source: sourceOf(topic), log }),
      ),
    ),
  );
}

/** A round in which no feed applied anything ends it: whatever one applies may be another's work. */
async function drain(feeds: readonly Feed[], services: readonly RunningService[]): Promise<void> {
  for (let applied = 1; applied > 0; ) {
    applied = 0;
    for (const feed of feeds) applied += await feed.drain();
    await Promise.all(services.map((service) => service.journal.drain()));
  }
}
