// Topics are made by a command, never by a message to one that is not there.
import { unavailable } from "@onething/kernel/errors";
import kafkajs, { type Admin } from "kafkajs";
import { eventTypes } from "../names.ts";
import type { Connection } from "./connect.ts";

export interface TopicSettings {
  /** Fixed for a topic's life: a case's key leads to one of so many, and only within one there is an order. */
  partitions: number;
  replication: number;
}

export interface TopicReport {
  topic: string;
  partitions: number;
  /** `other`: it was there with another number of partitions, and is left as it is. */
  did: "created" | "was there" | "other";
}

/** Journals keep events for ever; Kafka carries them, and what it lost is sent again. */
const RETENTION_MS = 7 * 24 * 3600 * 1000;
/** Room for the largest event: a form as large as a request may be, sealed. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

export const topicNames = [...new Set(Object.values(eventTypes).map(({ topic }) => topic))].sort();

export function createTopics(connection: Connection, settings: TopicSettings): Promise<TopicReport[]> {
  return withAdmin(connection, (admin) => createMissing(connection, admin, settings)).catch(refuse);
}

/** A broker that is away, a login that is wrong, more copies than brokers. Anything that is not Kafka's is a fault of ours. */
function refuse(error: unknown): never {
  if (!(error instanceof Error && error.name.startsWith("KafkaJS"))) throw error;
  const why = [...new Set(reasons(error))].join("; ");
  throw unavailable("kafka.refused", `Kafka 不能使用：${why}`, `Kafka cannot be used: ${why}`, {
    cause: error,
  });
}

/** An error of several topics at once holds one for each; one of many attempts holds the last. */
const reasons = (error: Error): string[] =>
  error instanceof kafkajs.KafkaJSAggregateError
    ? error.errors.map((each) => (each instanceof Error ? each.message : each))
    : [error.cause instanceof Error ? error.cause.message : error.message];

/** A client of its own: one that was asked about a topic before cannot make it after it was deleted. */
async function withAdmin<T>({ kafka }: Connection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function createMissing(
  { topicName }: Connection,
  admin: Admin,
  settings: TopicSettings,
): Promise<TopicReport[]> {
  const names = topicNames.map(topicName);
  const there = new Set(await admin.listTopics());
  const fresh = names.filter((name) => !there.has(name));
  if (fresh.length > 0) await make(admin, fresh, settings);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const inOrder = topics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return inOrder.map(({ name, partitions }) => {
    const as = partitions.length === settings.partitions ? "was there" : "other";
    return { topic: name, partitions: partitions.length, did: fresh.includes(name) ? "created" : as };
  });
}

/** One that another process makes at the same moment is no error. */
const make = (admin: Admin, topics: string[], settings: TopicSettings): Promise<boolean> =>
  admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({
      topic,
      numPartitions: settings.partitions,
      replicationFactor: settings.replication,
      configEntries: configOf(settings),
    })),
  });

const configOf = ({ replication }: TopicSettings) =>
  Object.entries({
    "cleanup.policy": "delete",
    "retention.ms": RETENTION_MS,
    // By the broker's clock: it refuses what a sender dates an hour ahead, and drops early what one dates back.
    "message.timestamp.type": "LogAppendTime",
    "max.message.bytes": MAX_MESSAGE_BYTES,
    "min.insync.replicas": replication > 2 ? 2 : 1,
  }).map(([name, value]) => ({ name, value: String(value) }));
