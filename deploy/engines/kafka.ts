// A real Kafka for tests and for a scaled demo: the one that KAFKA_BROKERS names; else in a container; else a broker of our
// own from the pinned jars, in a temporary folder.
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./child.ts";
import { fromContainer } from "./docker.ts";
import { type Engine, EngineMissing } from "./engine.ts";
import { startBroker } from "./kafka-broker.ts";

export interface KafkaOptions {
  /** Where it listens; a free port unless one is named. */
  port?: number;
  env?: NodeJS.ProcessEnv;
}

const MEND = "install Java 17 or later and Maven, start Docker, or set KAFKA_BROKERS=host:port";
const IMAGE = "apache/kafka:4.3.1";
const ANSWER_LIMIT_MS = 3_000;

export async function findKafka({ port, env = process.env }: KafkaOptions = {}): Promise<Engine> {
  if (env.KAFKA_BROKERS) return named(env.KAFKA_BROKERS);
  const contained = await fromContainer(({ GenericContainer, Wait }) =>
    startContainer(GenericContainer, Wait, port),
  );
  if (typeof contained !== "string") return contained;
  const folder = mkdtempSync(join(tmpdir(), "onething-kafka-"));
  try {
    return await startBroker({ folder, temporary: true, env, ...(port ? { port } : {}) });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!(error instanceof EngineMissing)) throw error;
    throw new EngineMissing(`No Kafka: ${contained}; ${error.reason}`, MEND);
  }
}

async function named(brokers: string): Promise<Engine> {
  const answers = await Promise.all(brokers.split(",").map(listens));
  if (answers.includes(true))
    return { url: brokers, how: "Kafka: the one KAFKA_BROKERS names", stop: async () => {} };
  const reason = `No broker that KAFKA_BROKERS names (${brokers}) answers.`;
  throw new EngineMissing(reason, "start one, or unset KAFKA_BROKERS");
}

type Library = typeof import("testcontainers");

/** A broker tells its clients where it is found, so it has to know the port before it starts. */
async function startContainer(
  Container: Library["GenericContainer"],
  Wait: Library["Wait"],
  wanted?: number,
): Promise<Engine> {
  const port = wanted ?? (await freePort());
  const container = await new Container(IMAGE)
    .withEnvironment({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@127.0.0.1:9093",
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
    })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return {
    url: `127.0.0.1:${port}`,
    how: `Kafka: ${IMAGE} in a container`,
    stop: async () => void (await container.stop()),
  };
}

function listens(address: string): Promise<boolean> {
  const at = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(at + 1) || 9092), address.slice(0, at));
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
