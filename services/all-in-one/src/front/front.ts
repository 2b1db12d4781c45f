// `onething front`: the one HTTP door where services are processes of their own. Documents, the sample city's accounts and
// the operator's routes are answered here; every other request goes on to the service that declares its route.
import { lookup } from "node:dns/promises";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { readCity } from "@onething/item-catalog/city";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLimiter } from "@onething/service/fleeting/limits";
import { openFleeting } from "@onething/service/fleeting/open";
import type { Api } from "@onething/service/http";
import { createHttpServer } from "@onething/service/http-server";
import { stopAsked } from "@onething/service/leaving";
import { createLog, type Log } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { operationsHere, operationsOfAll, operationsThere } from "@onething/service/operations";
import { createIssuer, createVerifier } from "@onething/service/tokens";
import { startTracing } from "@onething/service/tracing";
import type { Authenticate, Meters } from "@onething/service/types";
import { accountRoutes } from "../accounts.ts";
import { operationRoutes } from "../operations.ts";
import { loadSample } from "../sample.ts";
import type { FrontConfig } from "./config.ts";
import { learn, passOn } from "./pass-on.ts";

type OnStop = (stop: () => unknown) => void;

export async function runFront(config: FrontConfig): Promise<number> {
  const asked = stopAsked();
  const log = createLog({ service: "front", level: config.logLevel });
  const leaving = new AbortController();
  asked.then(() => leaving.abort());
  const stops: (() => unknown)[] = [];
  stops.push(startTracing({ service: "front", url: config.tracesUrl }));
  try {
    await start(config, log, leaving.signal, (stop) => stops.push(stop));
    log.info({ port: config.port }, "ready");
    process.send?.("ready");
    await asked;
    await new Promise((resolve) => setTimeout(resolve, config.drainMs));
    return 0;
  } finally {
    for (const stop of stops.splice(0).reverse()) await stop();
  }
}

async function start(config: FrontConfig, log: Log, leaving: AbortSignal, onStop: OnStop): Promise<void> {
  const meters = createMeters("front");
  const behind = await learn(config.httpPeers, leaving);
  const { authenticate, apps } = await doorOf(config, log, meters, onStop);
  const fleeting = openFleeting(config.redisUrl, log);
  onStop(() => fleeting.stop());
  const operations = operationsOfAll(async () => [
    operationsHere({ meters, services: [], feeds: [] }),
    ...(await replicasOf(config, meters)).map(operationsThere),
  ]);
  const http = await createHttpServer({
    apps: [...apps, operationRoutes({ authenticate, log, operations })],
    passedOn: { api: passOn({ authenticate, log }, behind), documents: behind.map((each) => each.document) },
    port: config.port,
    host: config.host,
    title: "onething 一件事一次办",
    ...{ log, meters },
    metrics: meters,
    limits: { limiter: createLimiter(fleeting, config.limits), authenticate, proxies: config.proxies },
    ready: { staying: async () => leaving.throwIfAborted() },
  });
  onStop(() => http.stop());
}

/** Who signs the tokens: the built-in issuer of the sample city, with its accounts, or the city's own provider. */
async function doorOf(
  config: FrontConfig,
  log: Log,
  meters: Meters,
  onStop: OnStop,
): Promise<{ authenticate: Authenticate; apps: Api[] }> {
  const { issuer: name, jwks, sample } = config;
  if (!sample) return { authenticate: createVerifier({ jwks: jwks!, issuer: name }), apps: [] };
  const issuer = await createIssuer({ issuer: name, keyFile: config.issuerKey });
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: name });
  const to = (peer: string) => ({
    deadlineMs: 30_000,
    meters,
    tls: { folder: config.tls, name: peer },
  });
  const peers = {
    licences: grpcClient(LicenceServiceDefinition, config.peers["licence-registry"]!, to("licence-registry")),
    catalog: grpcClient(CatalogServiceDefinition, config.peers["item-catalog"]!, to("item-catalog")),
  };
  for (const client of Object.values(peers)) onStop(() => client.close());
  const loaded = await loadSample({ city: await readCity(config.catalogue), peers });
  const personOf = (key: string) => loaded.people.get(key);
  const common = { authenticate, log, now: () => new Date() };
  return {
    authenticate,
    apps: [accountRoutes({ ...common, issuer, accounts: loaded.accounts, personOf })],
  };
}

const clients = new Map<string, GrpcClient<typeof OperationsServiceDefinition>>();

/** A client of every replica by itself: counters are a process's own. Names are looked up each time: replicas come and go. */
async function replicasOf({ peers, tls }: FrontConfig, meters: Meters) {
  const found = await Promise.all(
    Object.entries(peers).map(async ([name, list]) => {
      const hosts = await Promise.all(list.split(",").map(everyAddress));
      return hosts.flat().map((address) => ({ name, address }));
    }),
  );
  return found.flat().map(({ name, address }) => {
    const known = clients.get(address);
    if (known) return known;
    const to = { deadlineMs: 5_000, meters, meter: "operationCalls", tls: { folder: tls, name } };
    const client = grpcClient(OperationsServiceDefinition, address, to);
    clients.set(address, client);
    return client;
  });
}

async function everyAddress(address: string): Promise<string[]> {
  const [host, port] = address.split(/:(?=\d+$)/) as [string, string];
  const found = await lookup(host, { all: true, family: 4 });
  return found.map((each) => `${each.address}:${port}`);
}
