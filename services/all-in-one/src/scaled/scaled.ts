// The scaled platform on one machine: every service as processes of its own, replicas of each, real Kafka and Redis between
// them, mutual TLS, one front. The demo, the stories and the chaos run play on it as on the platform in one process.
import { join } from "node:path";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import type { Simulator } from "@onething/department-simulator/service";
import type { Engine } from "@onething/engines/engine";
import { findKafka } from "@onething/engines/kafka";
import { findRedis } from "@onething/engines/redis";
import { createKafkaBus } from "@onething/events/kafka/bus";
import { readCity } from "@onething/item-catalog/city";
import { certificateFolder, makeCertificates } from "@onething/service/certificates";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import type { Log } from "@onething/service/log";
import { departmentName } from "@onething/service/tls";
import type { Config } from "../config.ts";
import type { Playable } from "../demo/play.ts";
import { readSample } from "../sample.ts";
import { simulate } from "../simulate.ts";
import type { Play } from "../start.ts";
import { openStorage } from "../storage.ts";
import { type Child, startChild } from "./child.ts";
import {
  callers,
  environmentOf,
  grpcAddresses,
  layOut,
  type Place,
  programOf,
  type Surroundings,
} from "./layout.ts";

export interface Scaled extends Playable {
  engines: { kafka: Engine; redis: Engine };
  places: readonly Place[];
  /** The processes that run just now, by `<service>-<replica>`. */
  children: ReadonlyMap<string, Child>;
  simulator: Simulator;
  /** Folder of everybody's certificates. */
  certificates: string;
  /** Starts a process that has left, where it was. */
  revive(name: string): Promise<void>;
  stop(): Promise<void>;
}

export interface ScaledOptions {
  replicas?: number;
  /** Already running, and their owner's to stop; else they are found here. */
  engines?: Scaled["engines"];
  /** Where each place is reached when something stands before its doors; else it is where it listens. */
  reachedAt?: (places: readonly Place[]) => Promise<readonly Place[]>;
  play?: Play;
  /** More of every process's environment, as an operator would set it. */
  env?: Record<string, string>;
  log: Log;
  /** What the processes write. */
  onLine?: (line: string) => void;
}

export async function startScaled(config: Config, options: ScaledOptions): Promise<Scaled> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(config, options, (each) => stops.push(each))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: Config,
  { replicas = 2, engines, reachedAt, play = {}, env = {}, log, onLine = () => {} }: ScaledOptions,
  onStop: (stop: () => Promise<unknown>) => void,
): Promise<Omit<Scaled, "stop">> {
  const city = await readCity(config.catalogue);
  const storage = await openStorage({ data: config.data, databaseUrl: config.databaseUrl });
  onStop(storage.close);
  const { kafka, redis } = engines ?? (await findEngines(onStop));
  const bus = createKafkaBus({ brokers: kafka.url.split(","), clientId: "topics", log });
  await bus.createTopics({ partitions: 6, replication: 1 }).finally(() => bus.close());
  const certificates = join(storage.keys, "tls");
  const departments = city.catalogue.departments.map(({ code }) => departmentName(code));
  await makeCertificates({ folder: certificates, names: [...callers, ...departments] });

  const places = await layOut(replicas);
  const reached = (await reachedAt?.(places)) ?? places;
  const registers: Record<string, string> = {};
  const simulator = await simulate({
    ...{ city, registers, log, ...play },
    keys: storage.keys,
    departments: {
      approvalAddress: grpcAddresses(reached, "approval-workflow"),
      token: async () => "",
      tls: {
        server: certificateFolder(certificates, "department-simulator"),
        of: (code) => certificateFolder(certificates, departmentName(code)),
        approval: "approval-workflow",
      },
    },
  });
  onStop(simulator.stop);
  // By name: an address cannot be named in a TLS handshake.
  const named = Object.entries(simulator.registers).map(([code, at]) => [
    code,
    at.replace("127.0.0.1", "localhost"),
  ]);
  const around: Surroundings = {
    databaseUrl: storage.url,
    masterKeyFile: storage.masterKeyFile,
    brokers: kafka.url,
    redisUrl: redis.url,
    issuerKey: join(storage.keys, "issuer.json"),
    catalogue: config.catalogue,
    firstRetryMs: config.firstRetryMs,
    logLevel: config.logLevel,
    ...{ certificates, registers: Object.fromEntries(named) },
  };

  const children = new Map<string, Child>();
  onStop(() => Promise.all([...children.values()].map((child) => child.stop())));
  const launch = async (place: Place) => {
    const name = `${place.name}-${place.replica}`;
    const child = await startChild({
      name,
      ...programOf(place),
      env: { ...environmentOf(place, reached, around), ...env },
      onLine,
    });
    children.set(name, child);
    child.exited.then(() => children.get(name) === child && children.delete(name));
  };
  await Promise.all(places.map(launch));
  const operators = places
    .filter((place) => place.name !== "front")
    .map(({ name, grpcPort }) =>
      grpcClient(OperationsServiceDefinition, `127.0.0.1:${grpcPort}`, {
        deadlineMs: 5_000,
        tls: { folder: certificateFolder(certificates, "operator"), name },
      }),
    );
  onStop(async () => {
    for (const client of operators) client.close();
  });
  const front = reached.find((place) => place.name === "front")!;
  return {
    city,
    platform: {
      url: `http://127.0.0.1:${front.port}`,
      sample: readSample(city),
      drain: () => drained(operators),
    },
    engines: { kafka, redis },
    ...{ places, children, simulator, certificates },
    revive: async (name) => {
      const place = places.find((each) => `${each.name}-${each.replica}` === name);
      if (place) await launch(place);
    },
  };
}

async function findEngines(onStop: (stop: () => Promise<unknown>) => void): Promise<Scaled["engines"]> {
  const [kafka, redis] = await Promise.all([findKafka(), findRedis()]);
  onStop(kafka.stop);
  onStop(redis.stop);
  return { kafka, redis };
}

/** A round in which nobody applied anything ends it: what one applies may be another's work. */
async function drained(operators: readonly GrpcClient<typeof OperationsServiceDefinition>[]): Promise<void> {
  for (let applied = 1; applied > 0; ) {
    const rounds = await Promise.all(operators.map((each) => each.drain({}, { deadline: 60_000 })));
    applied = rounds.reduce((sum, round) => sum + round.applied, 0);
  }
}
