// Kafka as the transport of the tests: topics of their own on the run's broker, a relay, and feeds of one group.
import { randomBytes } from "node:crypto";
import type { Database } from "@onething/postgres/database";
import kafkajs, { type Admin, type Message } from "kafkajs";
import { inject } from "vitest";
import type { Consumer } from "../src/consumer.ts";
import type { EventSource } from "../src/feed.ts";
import { createKafkaBus, type KafkaAccess, type KafkaBus, type Relay } from "../src/kafka/bus.ts";
import { type StartTransport, startCopying } from "./copying.ts";

/** Quick enough for a test to wait for. */
export const quick = { checkMs: 200, watchMs: 50 };

export interface Options {
  partitions?: number;
  brokers?: string;
  /** The platform's own way in; the test itself looks by the other. */
  secured?: { brokers: string[]; access: KafkaAccess };
  /** The test makes the topics. */
  without?: "topics";
}

export interface OnKafka {
  bus: KafkaBus;
  /** The tests' own view of the broker. */
  admin: Admin;
  relay: Relay;
  /** Another replica of the publisher. */
  anotherRelay(): Relay;
  topic: string;
  group: string;
  /** Puts messages there by hand. */
  put(messages: Message[]): Promise<void>;
  /** What the log was told. */
  warnings(): string[];
  /** What lies there. */
  messages(count: number): Promise<kafkajs.KafkaMessage[]>;
}

export const kafkaTransport: StartTransport = async (between) => (await open(between, {})).transport;

export async function startKafka(options: Options = {}) {
  let on: OnKafka | undefined;
  const it = await startCopying(async (between) => {
    const opened = await open(between, options);
    on = opened;
    return opened.transport;
  });
  return { ...it, ...on! };
}

type Between = { source: EventSource; publisher: Database; copier: Database };

async function open(
  { source, publisher, copier }: Between,
  { partitions = 3, brokers, secured, without }: Options,
) {
  const prefix = `test-${randomBytes(6).toString("hex")}.`;
  const addresses = (brokers ?? inject("kafkaBrokers")).split(",");
  const said: string[] = [];
  const tell = (_: object, message: string) => {
    said.push(message);
  };
  const bus = createKafkaBus({
    brokers: addresses,
    ...secured,
    clientId: "test",
    prefix,
    log: { warn: tell, error: tell },
  });
  if (!without) await bus.createTopics({ partitions, replication: 1 });
  const anotherRelay = () => bus.relay({ source, db: publisher, checkMs: quick.checkMs });
  const relay = anotherRelay();
  relay.start();
  const kafka = new kafkajs.Kafka({ brokers: addresses, logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topic = `${prefix}onething.case`;
  return {
    ...{ bus, admin, relay, anotherRelay, topic },
    group: `${prefix}onething.copier`,
    warnings: () => said,
    put: (messages: Message[]) => putAll(kafka, topic, messages),
    messages: (count: number) => readAll(kafka, topic, count),
    transport: {
      feed: (options: { consumer: Consumer; pauses: number[] }) =>
        bus.feed({ db: copier, watchMs: quick.watchMs, ...options }),
      carried: () => relay.drain(),
      forget: () => copier.query("delete from topic_offset"),
      close: async () => {
        await bus.close();
        await admin.disconnect();
      },
    },
  };
}

async function putAll(kafka: kafkajs.Kafka, topic: string, messages: Message[]): Promise<void> {
  const producer = kafka.producer({
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

async function readAll(kafka: kafkajs.Kafka, topic: string, count: number): Promise<kafkajs.KafkaMessage[]> {
  const consumer = kafka.consumer({
    groupId: `reader-${randomBytes(6).toString("hex")}`,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found: kafkajs.KafkaMessage[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          found.push(message);
          if (found.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found;
}
