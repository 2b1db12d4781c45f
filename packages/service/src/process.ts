// A service as a process of its own: settings from the environment, doors on the network, events over Kafka. `main.ts` of a
// service names what is its own and hands it here.
import { readFile } from "node:fs/promises";
import { createKafkaBus } from "@onething/events/kafka/bus";
import { invalid } from "@onething/kernel/errors";
import { type Database, openDatabase } from "@onething/postgres/database";
import type { CompatServiceDefinition } from "nice-grpc";
import { type Client, grpcClient } from "./client.ts";
import { type ProcessConfig, readProcessConfig } from "./config.ts";
import { createLimiter } from "./fleeting/limits.ts";
import { openFleeting } from "./fleeting/open.ts";
import type { Fleeting } from "./fleeting/port.ts";
import { createHttpServer } from "./http-server.ts";
import { complain } from "./leaving.ts";
import { createMeters } from "./meters.ts";
import { operationsDoor, operationsHere } from "./operations.ts";
import { startGrpcServer } from "./rpc.ts";
import type { RunningService } from "./running-service.ts";
import { mustBePrepared, openKeyringInWords } from "./start-words.ts";
import { type Attempt, live, type OnStop } from "./starting.ts";
import { mustHoldCertificate } from "./tls.ts";
import { createVerifier } from "./tokens.ts";
import { traced } from "./tracing.ts";
import type { Authenticate, ServiceDeps } from "./types.ts";
import { watch } from "./watch.ts";

export interface ProcessSpec {
  /** Of the service, its certificate and its peers' setting. */
  name: string;
  /** Its schema; the role is `<schema>_service`. */
  schema: string;
  create(deps: ServiceDeps, given: Given): Promise<RunningService> | RunningService;
}

export interface Given {
  config: ProcessConfig;
  /** What replicas share and nobody misses. */
  fleeting: Fleeting;
  /** A client of another service, over all its replicas. Errors: `config.no_peer`. */
  peer<D extends CompatServiceDefinition>(definition: D, name: string): Client<D>;
}

/** Runs until it is asked to stop, or cannot start; the exit code tells which. */
export async function runProcess(spec: ProcessSpec): Promise<never> {
  try {
    const config = readProcessConfig();
    await live(spec.name, config, (attempt) => start(spec, config, attempt));
    process.exit(0);
  } catch (error) {
    complain(error);
    process.exit(1);
  }
}

async function start(spec: ProcessSpec, config: ProcessConfig, attempt: Attempt): Promise<void> {
  const { name, schema } = spec;
  const { on, log, leaving, onStop } = attempt;
  // What is read from files first: what is wrong there shows at once, whether the database is there or not.
  const authenticate = await openVerifier(config);
  await mustHoldCertificate(config.tls);
  const open = (of: string, max: number): Database => {
    const db = openDatabase({ url: config.databaseUrl, schema: of, role: `${of}_service`, max });
    onStop(() => db.close());
    return db;
  };
  const db = open(schema, 8);
  const keys = open("keyring", 4);
  const keyring = await openKeyringInWords({
    db: keys,
    masterKeyFile: config.masterKeyFile,
    actor: `service:${name}`,
    warn: (error) => log.warn({ err: error }, "master key"),
  });
  onStop(() => keyring.close());
  await mustBePrepared(db);
  const meters = createMeters(name);
  const deps: ServiceDeps = {
    ...{ db, keyring, log, meters, authenticate, tls: config.tls },
    now: () => new Date(),
    token: () => Promise.resolve(""),
  };
  const fleeting = openFleeting(config.redisUrl, log);
  onStop(() => fleeting.stop());
  const service = await spec.create(deps, { config, fleeting, peer: peerOf(config, deps, onStop) });
  onStop(() => service.stop());

  const bus = createKafkaBus({
    ...{ brokers: config.brokers, access: config.kafkaAccess },
    ...{ clientId: name, log },
  });
  onStop(() => bus.close());
  const { journal } = service;
  const relay = bus.relay({ source: { name, read: journal.read, onCommit: journal.onCommit }, db });
  const feeds = service.consumers.map((consumer) => bus.feed({ consumer: traced(consumer), db }));
  watch({ meters, service, db, feeds, tls: config.tls });
  const operations = operationsHere({ meters, services: [service], feeds, relays: [relay] });

  await service.start?.();
  const doors = [...service.rpc, operationsDoor(operations)];
  const address = `${config.host}:${config.grpcPort}`;
  const limiter = createLimiter(fleeting, config.limits);
  const grpc = await startGrpcServer({ doors, deps, address, tls: config.tls, limiter });
  onStop(() => grpc.stop());
  const http = await createHttpServer({
    apps: service.routes ? [service.routes] : [],
    on,
    title: `onething ${name}`,
    ...{ log, meters },
    metrics: meters,
    ready: { database: () => db.query("select 1"), staying: async () => leaving.throwIfAborted() },
  });
  onStop(() => http.stop());
  relay.start();
  for (const feed of feeds) feed.start();
  onStop(() => Promise.all([relay, ...feeds].map((each) => each.stop())));
}

async function openVerifier({ jwks, issuer }: ProcessConfig): Promise<Authenticate> {
  const keys = jwks.protocol === "file:" ? JSON.parse(await readFile(jwks, "utf8")) : jwks;
  return createVerifier({ jwks: keys, issuer });
}

const peerOf =
  (config: ProcessConfig, { meters }: ServiceDeps, onStop: OnStop): Given["peer"] =>
  (definition, name) => {
    const address = config.peers[name];
    if (!address) throw noPeer(name);
    const client = grpcClient(definition, address, {
      deadlineMs: 10_000,
      meters,
      tls: { folder: config.tls, name },
    });
    onStop(() => client.close());
    return client;
  };

const noPeer = (name: string) =>
  invalid("config.no_peer", `ONETHING_PEERS 里没有 ${name}`, `ONETHING_PEERS does not say where ${name} is`);
