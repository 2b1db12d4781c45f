// Redelivery as it is done to the platform: the newest messages once more, as they were, in another order.
import { randomUUID } from "node:crypto";
import kafkajs, { type KafkaMessage } from "kafkajs";
import { expect, inject, test } from "vitest";
import { randomBy } from "./random.ts";
import { redeliver } from "./scaled/messages.ts";

const plain = ({ key, value, headers }: KafkaMessage) =>
  JSON.stringify([String(key), String(value), String(headers?.name)]);

test("the newest messages come again, each in its partition with key, value and headers", async ({
  skip,
}) => {
  const brokers = inject("kafkaBrokers");
  if (!brokers) return skip(inject("kafkaMissing"));
  const topic = `test-${randomUUID()}`;
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(","), logLevel: kafkajs.logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer()];
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  await Promise.all([admin, producer, consumer].map((each) => each.connect()));
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
  const messages = Array.from({ length: 20 }, (_, i) => ({
    ...{ key: `case-${i % 5}`, value: String(i), headers: { name: `event ${i}` } },
  }));
  await producer.send({ topic, messages });

  const sent = await redeliver({ brokers, topic, count: 8, random: randomBy(1) });
  expect(sent).toBeGreaterThan(3);
  const found: { partition: number; message: KafkaMessage }[] = [];
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async (each) => void found.push(each) });
  await expect.poll(() => found.length, { timeout: 20_000 }).toBe(messages.length + sent);
  for (const partition of [0, 1]) {
    const there = found.filter((each) => each.partition === partition).map((each) => plain(each.message));
    const first = there.slice(0, new Set(there).size);
    const again = there.slice(first.length);
    expect(new Set(first).size).toBe(first.length);
    expect(again.toSorted()).toEqual((again.length > 0 ? first.slice(-again.length) : []).toSorted());
  }
  const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  expect(groups.filter((id) => id.startsWith("again-"))).toEqual([]);
  await Promise.all([admin, producer, consumer].map((each) => each.disconnect()));
}, 60_000);

test("of a topic without messages nothing comes", async ({ skip }) => {
  const brokers = inject("kafkaBrokers");
  if (!brokers) return skip(inject("kafkaMissing"));
  const topic = `test-${randomUUID()}`;
  const admin = new kafkajs.Kafka({
    brokers: brokers.split(","),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
  await admin.disconnect();
  expect(await redeliver({ brokers, topic, count: 8, random: randomBy(1) })).toBe(0);
});
