// `onething topics`: makes the topics that are missing. Safe to repeat. A topic keeps the number of partitions that it was made
// with: a case's events keep their order because its key always leads to the same partition, and in a topic with more of them
// it would lead to another. A wish for another number is told, and the exit code says that it was not granted.
import { createKafkaBus } from "@onething/events/kafka/bus";
import { createLog } from "@onething/service/log";
import { readSettings } from "./config.ts";

const words = {
  created: "已创建 · created",
  "was there": "已存在 · was there",
  other: "已存在，分区数不变 · was there, and keeps this number of partitions",
};

export async function runTopics(): Promise<number> {
  const {
    brokers,
    kafkaTls: tls,
    ...login
  } = readSettings(...(["brokers", "kafkaTls", "kafkaUser", "kafkaPasswordFile"] as const));
  const settings = readSettings("partitions", "replication");
  const bus = createKafkaBus({
    brokers,
    access: { tls, user: login.kafkaUser, passwordFile: login.kafkaPasswordFile },
    clientId: "topics",
    log: createLog({ service: "topics", level: "warn" }),
  });
  try {
    const topics = await bus.createTopics(settings);
    for (const { topic, partitions, did } of topics) console.log(`${topic}  ${partitions}  ${words[did]}`);
    if (topics.every(({ did }) => did !== "other")) return 0;
    console.error(fixed(settings.partitions));
    return 1;
  } finally {
    await bus.close();
  }
}

const fixed = (wanted: number): string =>
  `ONETHING_TOPIC_PARTITIONS 为 ${wanted}，与已有主题不符：主题的分区数一经创建便不能更改，否则同一办件的事件会乱序。请改回原数。
ONETHING_TOPIC_PARTITIONS is ${wanted}, not what these topics have: a topic's number of partitions is fixed when it is made, or events of one case would get out of order. Set it back.`;
