import { describe, inject } from "vitest";
import { kafkaTransport } from "../../test/kafka.ts";
import { describePort } from "../../test/port.ts";

describe.skipIf(!inject("kafkaBrokers"))("events by Kafka", () => {
  describePort("Kafka", kafkaTransport);
});
