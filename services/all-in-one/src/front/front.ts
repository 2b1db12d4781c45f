// `onething front`: the one HTTP door where services are processes of their own. Documents, the sample city's accounts and
// the operator's routes are answered here; every other request goes on to the service that declares its route.
import { lookup } from "node:dns/promises";
import { setTimeout as pause } from "node:timers/promises";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { type ReadCity, readCity } from "@onething/item-catalog/city";
import { OnethingError, unavailable } from "@onething/kernel/errors";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLimiter } from "@onething/service/fleeting/limits";
import { openFleeting } from "@onething/service/fleeting/open";
import type { Api } from "@onething/service/http";
import { createHttpServer } from "@onething/service/http-server";
import { createMeters } from "@onething/service/meters";
import {
  type Operations,
  operationsHere,
  operationsOfAll,
  operationsThere,
} from "@onething/service/operations";
import { type Attempt, live } from "@onething/service/starting";
import { mustHoldCertificate } from "@onething/service/tls";
import { createIssuer, createVerifier, type Issuer } from "@onething/service/tokens";
import type { Authenticate, Meters } from "@onething/service/types";
import { certificateExpiry } from "@onething/service/watch";
import { accountRoutes } from "../accounts.ts";
import { operationRoutes } from "../operations.ts";
import { loadSample, readSample } from "../sample.ts";
import type { FrontConfig } from "./config.ts";
import { keepContracts } from "./contracts.ts";
import { passOn } from "./pass-on.ts";

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

/** Opens the door, and learns meanwhile whom it stands before: whoever is missing closes only what it would answer. */
async function start(config: FrontConfig, sample: BuiltIn | undefined, attempt: Attempt): Promise<void> {
  const { on, log, leaving, onStop } = attempt;
  const meters = createMeters("front");
  meters.gauge(certificateExpiry(config.tls));
  const { authenticate, apps, loaded } = doorOf(config, sample, { ...attempt, meters });
  const fleeting = openFleeting(config.redisUrl, log);
  onStop(() => fleeting.stop());
  const operations = operationsOfAll(async () => [
    operationsHere({ meters, services: [], feeds: [] }),
    ...(await replicasOf(config, meters)),
  ]);
  const contracts = keepContracts({
    ...{ peers: config.httpPeers, log },
    changed: (behind) =>
      http.passOn({
        api: passOn({ authenticate, log }, behind),
        documents: behind.map((each) => each.document),
        lookAgain: () => contracts.lookAgain(),
      }),
  });
  onStop(() => contracts.stop());
  const http = await createHttpServer({
    apps: [...apps, operationRoutes({ authenticate, log, operations })],
    on,
    title: "onething 一件事一次办",
    ...{ log, meters },
    metrics: meters,
    limits: { limiter: createLimiter(fleeting, config.limits), authenticate, proxies: config.proxies },
    ready: {
      services: () => contracts.maySend(),
      staying: async () => leaving.throwIfAborted(),
    },
    passedOn: {
      api: passOn({ authenticate, log }, []),
      documents: [],
      lookAgain: () => contracts.lookAgain(),
    },
  });
  onStop(() => http.stop());
  attempt.readyAfter(contracts.complete);
  attempt.readyAfter(loaded);
}

interface Door {
  authenticate: Authenticate;
  apps: Api[];
  /** When it can sign in everybody. */
  loaded: Promise<unknown>;
}

/** Who signs the tokens: the built-in issuer of the sample city, with its accounts, or the city's own provider. */
function doorOf(
  config: FrontConfig,
  sample: BuiltIn | undefined,
  given: Pick<Attempt, "log" | "onStop" | "leaving"> & { meters: Meters },
): Door {
  if (!sample)
    return {
      authenticate: createVerifier({ jwks: config.jwks!, issuer: config.issuer }),
      ...{ apps: [], loaded: Promise.resolve() },
    };
  const { city, issuer } = sample;
  const { log } = given;
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: config.issuer });
  let people: ReadonlyMap<string, string> | undefined;
  const loaded = loadUntilThere(config, city, given).then((found) => {
    people = found;
  });
  const personOf = (key: string) => {
    if (!people) throw noPeopleYet();
    return people.get(key);
  };
  const { accounts } = readSample(city);
  const common = { authenticate, log, now: () => new Date() };
  return { authenticate, apps: [accountRoutes({ ...common, issuer, accounts, personOf })], loaded };
}

/** The sample city's people, by key, as soon as registry and catalogue are there to take them in. */
async function loadUntilThere(
  config: FrontConfig,
  city: ReadCity,
  { log, leaving, onStop, meters }: Pick<Attempt, "log" | "onStop" | "leaving"> & { meters: Meters },
): Promise<ReadonlyMap<string, string>> {
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
  for (let said = false; ; ) {
    leaving.throwIfAborted();
    try {
      return (await loadSample({ city, peers })).people;
    } catch (error) {
      if (!(error instanceof OnethingError) || error.code !== "unavailable") throw error;
      if (!said) log.warn({ err: error }, "waiting to take in the sample city");
      said = true;
      await pause(retryMs, undefined, { signal: leaving });
    }
  }
}

const retryMs = 1_000;

const noPeopleYet = () =>
  unavailable(
    "front.waits",
    "系统正在启动，请稍后再登录",
    "The system is starting; sign in again in a moment",
    { internal: "the sample city is not taken in yet", retryAfterMs: 2_000 },
  );

const clients = new Map<string, GrpcClient<typeof OperationsServiceDefinition>>();

/** Every replica by itself: counters are a process's own. Names are looked up each time: replicas come and go. */
async function replicasOf({ peers, tls }: FrontConfig, meters: Meters): Promise<Operations[]> {
  const found = await Promise.all(
    Object.entries(peers).map(async ([name, list]) => {
      const hosts = await Promise.all(list.split(",").map(everyAddress));
      return hosts.flat().map((address) => ({ name, address }));
    }),
  );
  return found.flat().map(({ name, address }) => {
    const to = { deadlineMs: 5_000, meters, meter: "operationCalls", tls: { folder: tls, name } };
    const client = clients.get(address) ?? grpcClient(OperationsServiceDefinition, address, to);
    clients.set(address, client);
    return operationsThere(client, `${name} ${address}`);
  });
}

/** One whose name nobody knows is asked by it all the same, and does not answer. */
async function everyAddress(address: string): Promise<string[]> {
  const [host, port] = address.split(/:(?=\d+$)/) as [string, string];
  const found = await lookup(host, { all: true, family: 4 }).catch(() => undefined);
  return found?.map((each) => `${each.address}:${port}`) ?? [address];
}
