// Topics are made by a command, never by a message to one that is not there.
import type { Admin } from "kafkajs";
import { eventTypes } from "../names.ts";
import type { Connection } from "./connect.ts";

export interface TopicSettings {
  /** Fixed for a topic's life: they decide which cases share one. */
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

export async function createTopics(connection: Connection, settings: TopicSettings): Promise<TopicReport[]> {
  const names = topicNames.map(connection.topicName);
  // A client of its own: one that was asked about a topic before cannot make it after it was deleted.
  const admin = connection.kafka.admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const fresh = names.filter((name) => !there.has(name));
    if (fresh.length > 0) await make(admin, fresh, settings);
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.map(({ name, partitions }) => {
      const as = partitions.length === settings.partitions ? "was there" : "other";
      return { topic: name, partitions: partitions.length, did: fresh.includes(name) ? "created" : as };
    });
  } finally {
    await admin.disconnect();
  }
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
    "max.message.bytes": MAX_MESSAGE_BYTES,
    "min.insync.replicas": replication > 2 ? 2 : 1,
  }).map(([name, value]) => ({ name, value: String(value) }));
