// `onething front`: the one HTTP door where services are processes of their own. Documents, the sample city's accounts and
// the operator's routes are answered here; every other request goes on to the service that declares its route.
import { lookup } from "node:dns/promises";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { type ReadCity, readCity } from "@onething/item-catalog/city";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLimiter } from "@onething/service/fleeting/limits";
import { openFleeting } from "@onething/service/fleeting/open";
import type { Api } from "@onething/service/http";
import { createHttpServer } from "@onething/service/http-server";
import { createMeters } from "@onething/service/meters";
import { operationsHere, operationsOfAll, operationsThere } from "@onething/service/operations";
import { type Attempt, live } from "@onething/service/starting";
import { mustHoldCertificate } from "@onething/service/tls";
import { createIssuer, createVerifier, type Issuer } from "@onething/service/tokens";
import type { Authenticate, Meters } from "@onething/service/types";
import { certificateExpiry } from "@onething/service/watch";
import { accountRoutes } from "../accounts.ts";
import { operationRoutes } from "../operations.ts";
import { loadSample } from "../sample.ts";
import type { FrontConfig } from "./config.ts";
import { learn, passOn } from "./pass-on.ts";

export async function runFront(config: FrontConfig): Promise<number> {
  // Read once, however often the start is tried.
  let sample: Promise<BuiltIn> | undefined;
  await live("front", config, async (attempt) => {
    await mustHoldCertificate(config.tls);
    if (config.sample) sample ??= readBuiltIn(config);
    await start(config, await sample, attempt);
  });
  return 0;
}

/** The sample city and its built-in issuer of tokens. */
interface BuiltIn {
  city: ReadCity;
  issuer: Issuer;
}

async function readBuiltIn({ catalogue, issuer, issuerKey }: FrontConfig): Promise<BuiltIn> {
  return { city: await readCity(catalogue), issuer: await createIssuer({ issuer, keyFile: issuerKey }) };
}

async function start(config: FrontConfig, sample: BuiltIn | undefined, attempt: Attempt): Promise<void> {
  const { on, log, leaving, onStop } = attempt;
  const meters = createMeters("front");
  meters.gauge(certificateExpiry(config.tls));
  const behind = await learn(config.httpPeers);
  const { authenticate, apps } = await doorOf(config, sample, { log, meters, onStop });
  const fleeting = openFleeting(config.redisUrl, log);
  onStop(() => fleeting.stop());
  const operations = operationsOfAll(async () => [
    operationsHere({ meters, services: [], feeds: [] }),
    ...(await replicasOf(config, meters)).map(operationsThere),
  ]);
  const http = await createHttpServer({
    apps: [...apps, operationRoutes({ authenticate, log, operations })],
    passedOn: { api: passOn({ authenticate, log }, behind), documents: behind.map((each) => each.document) },
    on,
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
  sample: BuiltIn | undefined,
  { log, meters, onStop }: Pick<Attempt, "log" | "onStop"> & { meters: Meters },
): Promise<{ authenticate: Authenticate; apps: Api[] }> {
  if (!sample)
    return { authenticate: createVerifier({ jwks: config.jwks!, issuer: config.issuer }), apps: [] };
  const { city, issuer } = sample;
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: config.issuer });
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
  const loaded = await loadSample({ city, peers });
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
