// Kafka as the transport of the tests: topics of their own on the run's broker, a relay, and feeds of one group.
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createKafkaBus } from "../src/kafka/bus.ts";
import { log, type StartTransport } from "./copying.ts";

/** Quick enough for a test to wait for. */
export const quick = { checkMs: 200, watchMs: 50 };

export const kafkaTransport =
  (partitions = 3): StartTransport =>
  async ({ source, publisher, copier }) => {
    const bus = createKafkaBus({
      brokers: inject("kafkaBrokers").split(","),
      clientId: "test",
      prefix: `test-${randomBytes(6).toString("hex")}.`,
      log,
    });
    await bus.createTopics({ partitions, replication: 1 });
    const relay = bus.relay({ source, db: publisher, checkMs: quick.checkMs });
    relay.start();
    return {
      feed: (options) => bus.feed({ db: copier, watchMs: quick.watchMs, ...options }),
      carried: () => relay.drain(),
      forget: () => copier.query("delete from topic_offset"),
      close: () => bus.close(),
    };
  };
