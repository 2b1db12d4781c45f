// Messages that come a second time, and in another order: read from a topic and put there again as they were.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Consumer, type KafkaMessage, type Message } from "kafkajs";
import { type Random, shuffled } from "../random.ts";

interface Again {
  brokers: string;
  topic: string;
  /** Of the newest so many messages. */
  count: number;
  random: Random;
}

type Found = KafkaMessage & { partition: number };

const limitMs = 15_000;

/** Puts a topic's newest messages there again, shuffled, each in its partition; answers how many. */
export async function redeliver({ brokers, topic, count, random }: Again): Promise<number> {
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(","),
    clientId: "again",
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const found = await newest(kafka, topic, count);
  if (found.length === 0) return 0;
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition!,
  });
  await producer.connect();
  try {
    const messages = shuffled(random, found).map(
      ({ key, value, headers, partition }): Message => ({ key, value, headers: headers ?? {}, partition }),
    );
    await producer.send({ topic, messages });
    return messages.length;
  } finally {
    await producer.disconnect();
  }
}

/** Read by a group of its own, which is removed again. */
async function newest(kafka: kafkajs.Kafka, topic: string, count: number): Promise<Found[]> {
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `again-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 3 } });
  try {
    const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => high !== low);
    const each = Math.ceil(count / Math.max(1, ends.length));
    const wanted = ends.map(({ partition, low, high }) => ({
      partition,
      from: Math.max(Number(low), Number(high) - each),
      to: Number(high),
    }));
    const found: Found[] = [];
    if (wanted.length > 0) await Promise.race([read(consumer, topic, wanted, found), sleep(limitMs)]);
    return found.slice(0, count);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

type Piece = { partition: number; from: number; to: number };

async function read(consumer: Consumer, topic: string, wanted: Piece[], found: Found[]): Promise<void> {
  const left = new Map(wanted.map(({ partition, to }) => [partition, to]));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const take = async (partition: number, message: KafkaMessage): Promise<void> => {
      const piece = wanted.find((each) => each.partition === partition);
      const offset = Number(message.offset);
      if (!piece || offset < piece.from || !left.has(partition)) return;
      if (offset < piece.to) found.push({ ...message, partition });
      if (offset >= piece.to - 1) left.delete(partition);
      if (left.size === 0) resolve();
    };
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({ autoCommit: false, eachMessage: ({ partition, message }) => take(partition, message) })
      .then(() => {
        for (const { partition, from } of wanted) consumer.seek({ topic, partition, offset: String(from) });
      }, reject);
  });
}
