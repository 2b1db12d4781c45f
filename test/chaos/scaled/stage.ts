// The scaled platform on a data folder of its own, with everything about it in our hands: its PostgreSQL, Kafka and Redis, and
// a wire before each door.
import { appendFileSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "@onething/all-in-one/config";
import type { Place } from "@onething/all-in-one/scaled/layout";
import { type Scaled, startScaled } from "@onething/all-in-one/scaled/scaled";
import type { Engine } from "@onething/engines/engine";
import { type Broker, startBroker } from "@onething/engines/kafka-broker";
import { findRedis } from "@onething/engines/redis";
import { urlOf } from "@onething/postgres/data-folder";
import { type EmbeddedServer, startEmbedded } from "@onething/postgres/embedded";
import { createLog } from "@onething/service/log";
import { freePorts, killTree } from "../processes.ts";
import { stretchWire, type Wire } from "./proxy.ts";

export interface Stage {
  scaled: Scaled;
  config: Config;
  wires: ReadonlyMap<string, Wire>;
  kafka: Engineered<Broker>;
  redis: Engineered<Engine & { pid: number }>;
  postgres: Engineered<EmbeddedServer>;
  stop(): Promise<void>;
}

/** An engine that can be killed and started again where it was. */
export interface Engineered<E> {
  now(): E;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

interface StageOptions {
  /** Data, keys, and what the processes write. */
  folder: string;
  replicas: number;
}

type OnStop = (stop: () => Promise<unknown>) => void;

export async function setStage({ folder, replicas }: StageOptions): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await build(folder, replicas, (each) => stops.push(each))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(folder: string, replicas: number, onStop: OnStop): Promise<Omit<Stage, "stop">> {
  const data = join(folder, "data");
  const [postgres, kafka, redis] = await Promise.all([
    ownPostgres(data, onStop),
    ownKafka(join(folder, "kafka"), onStop),
    ownRedis(onStop),
  ]);
  const wires = new Map<string, Wire>();
  const stretch = async (name: string, ...about: Parameters<typeof stretchWire>): Promise<Wire> => {
    const wire = await stretchWire(...about);
    wires.set(name, wire);
    onStop(() => wire.close());
    return wire;
  };
  // The server's own socket has another name after each start; this one stays.
  const socket = await mkdtemp(join(tmpdir(), "onething-wire-"));
  onStop(() => rm(socket, { recursive: true, force: true }));
  const file = ".s.PGSQL.5432";
  const own = () => join(new URL(postgres.now().url).searchParams.get("host")!, file);
  await stretch("postgres", () => ({ path: own() }), { path: join(socket, file) });
  const redisPort = Number(new URL(redis.now().url).port);
  const toRedis = await stretch("redis", () => ({ host: "127.0.0.1", port: redisPort }));

  const config: Config = {
    ...readConfig({ ONETHING_DATA: data, ONETHING_REGISTER_RETRY_MS: "200", ONETHING_LOG_LEVEL: "info" }),
    databaseUrl: urlOf(socket),
  };
  const lines = join(folder, "processes.log");
  const write = (line: string) => appendFileSync(lines, `${line.trimEnd()}\n`);
  const stay = async () => {};
  const scaled = await startScaled(config, {
    replicas,
    log: createLog({ service: "chaos", level: "warn", to: { write } }),
    onLine: write,
    engines: {
      kafka: { ...kafka.now(), stop: stay },
      redis: { ...redis.now(), url: `redis://127.0.0.1:${toRedis.port}`, stop: stay },
    },
    reachedAt: (places) => Promise.all(places.map((place) => beforeDoors(place, stretch))),
  });
  onStop(scaled.stop);
  return { scaled, config, wires, postgres, kafka, redis };
}

/** Nobody calls these: a wire before them would carry nothing. */
const silentDoors = new Set(["verification http", "case-window grpc", "front grpc"]);

async function beforeDoors(
  place: Place,
  stretch: (name: string, target: Parameters<typeof stretchWire>[0]) => Promise<Wire>,
): Promise<Place> {
  const before = async (door: "http" | "grpc", port: number): Promise<number> => {
    if (silentDoors.has(`${place.name} ${door}`)) return port;
    return (await stretch(`${place.name}-${place.replica} ${door}`, () => ({ host: "127.0.0.1", port })))
      .port;
  };
  return { ...place, port: await before("http", place.port), grpcPort: await before("grpc", place.grpcPort) };
}

async function ownPostgres(data: string, onStop: OnStop): Promise<Engineered<EmbeddedServer>> {
  let server = await startEmbedded({ dataDirectory: data });
  onStop(() => server.stop());
  return {
    now: () => server,
    kill: async () => {
      killTree(server.pid);
      await server.exited;
      await server.stop();
    },
    restart: async () => {
      server = await startEmbedded({ dataDirectory: data });
    },
  };
}

async function ownKafka(folder: string, onStop: OnStop): Promise<Engineered<Broker>> {
  mkdirSync(folder, { recursive: true });
  const { ONETHING_PORT } = await freePorts();
  const port = Number(ONETHING_PORT);
  let broker = await startBroker({ folder, port });
  onStop(() => broker.stop());
  return {
    now: () => broker,
    kill: async () => {
      process.kill(broker.pid, "SIGKILL");
      await broker.exited;
    },
    restart: async () => {
      broker = await startBroker({ folder, port });
    },
  };
}

async function ownRedis(onStop: OnStop): Promise<Stage["redis"]> {
  const { ONETHING_PORT } = await freePorts();
  const start = async () => {
    const found = await findRedis({ own: true, port: Number(ONETHING_PORT) });
    return { ...found, pid: found.pid! };
  };
  let redis = await start();
  onStop(() => redis.stop());
  return {
    now: () => redis,
    kill: () => redis.stop(),
    restart: async () => {
      redis = await start();
    },
  };
}
