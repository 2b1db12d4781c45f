// kafkajs as our relay uses it (one batch at a time, acknowledged by all) against the broker's own producer test.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { jarFolder } from "@onething/engines/jars";
import { findJava } from "@onething/engines/java";
import { findKafka } from "@onething/engines/kafka";
import kafkajs from "kafkajs";
import { type Figure, figure, type Round } from "./figures.ts";
import type { Bench } from "./main.ts";

const run = promisify(execFile);
const ROUNDS = 3;
const BATCH = 500;
const BYTES = 400;
const messages = { warm: 20_000, counted: 60_000 };
const TOPIC = "bench";

export const kafkaBench: Bench = async ({ log }) => {
  const kafka = await findKafka();
  const client = new kafkajs.Kafka({ brokers: kafka.url.split(","), logLevel: kafkajs.logLevel.ERROR });
  const producer = client.producer({
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  try {
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 6 }], waitForLeaders: true });
    await admin.disconnect();
    await producer.connect();
    await ours(producer, messages.warm);
    const rounds: Round[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      const over = await theirs(kafka.url);
      const value = await ours(producer, messages.counted);
      rounds.push({ value, over });
      log(`round ${i}: ${Math.round(value)} messages/s by kafkajs, ${Math.round(over)} by the broker's own`);
    }
    return figures(rounds);
  } finally {
    await producer.disconnect();
    await kafka.stop();
  }
};

const figures = (rounds: Round[]): Figure[] => [
  figure(
    {
      name: `kafka: messages of ${BYTES} B a second, ${BATCH} a batch, acks of all`,
      unit: "messages/s",
      aim: "none",
    },
    rounds,
    {
      name: "kafka-producer-perf-test",
      unit: "messages/s",
      by: "org.apache.kafka.tools.ProducerPerformance",
    },
  ),
];

async function ours(producer: kafkajs.Producer, count: number): Promise<number> {
  const value = Buffer.alloc(BYTES, "x");
  const began = performance.now();
  for (let sent = 0; sent < count; sent += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => ({ key: `case-${sent + i}`, value }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: TOPIC, messages: batch }] });
  }
  return count / ((performance.now() - began) / 1000);
}

async function theirs(brokers: string): Promise<number> {
  const [java, jars] = await Promise.all([findJava(), jarFolder()]);
  const { stdout } = await run(
    java.file,
    [
      ...["-Xmx256m", "-cp", `${jars}/*`, "org.apache.kafka.tools.ProducerPerformance"],
      ...["--topic", TOPIC, "--num-records", String(messages.counted), "--record-size", String(BYTES)],
      ...["--throughput", "-1", "--producer-props", `bootstrap.servers=${brokers}`, "acks=all"],
      ...["batch.size=65536", "linger.ms=5"],
    ],
    { env: { ...java.env } },
  );
  const found = [...stdout.matchAll(/([\d.]+) records\/sec/g)].at(-1);
  if (!found) throw new Error(`the producer test said nothing of its rate:\n${stdout}`);
  return Number(found[1]);
}
