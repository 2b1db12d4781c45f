// `onething topics`: makes the topics that are missing. Safe to repeat.
import { createKafkaBus } from "@onething/events/kafka/bus";
import { createLog } from "@onething/service/log";
import { readSettings } from "./config.ts";

const words = {
  created: "已创建 · created",
  "was there": "已存在 · was there",
  other: "已存在但分区数不同，未改动 · was there with another number of partitions, left as it is",
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
    for (const { topic, partitions, did } of await bus.createTopics(settings))
      console.log(`${topic}  ${partitions}  ${words[did]}`);
    return 0;
  } finally {
    await bus.close();
  }
}
