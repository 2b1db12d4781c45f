// Sending: one idempotent producer, one request at a time, acknowledged by all replicas. Whatever goes wrong, the producer is
// thrown away and the same events are sent again from where the cursor stands; twice does no harm.
import type { StoredEvent } from "@onething/journal/journal";
import type { Message, Producer } from "kafkajs";
import { topicOf } from "../consumer.ts";
import type { Connection } from "./connect.ts";
import { partitionOf, toMessage } from "./message.ts";
import type { Last } from "./put.ts";

/** Of one request. Kafka refuses a batch above the topic's limit, and kafkajs makes one batch of all for a partition. */
const REQUEST_BYTES = 1024 * 1024;
const HEADER_BYTES = 700;

export class Sender {
  readonly #connection: Connection;
  readonly #source: string;
  #producer: Promise<Producer> | undefined;

  constructor(connection: Connection, source: string) {
    this.#connection = connection;
    this.#source = source;
  }

  /** Puts events of one topic, in their order, behind the given last ones; answers with the new last ones. */
  async send(topic: string, events: readonly StoredEvent[], lasts: readonly Last[]): Promise<Last[]> {
    const { messages, after } = this.#messages(events, lasts);
    try {
      const producer = await this.#connected();
      const acks = await producer.sendBatch({
        acks: -1,
        topicMessages: [{ topic: this.#connection.topicName(topic), messages }],
      });
      for (const { partition, baseOffset } of acks) {
        const count = messages.filter((message) => message.partition === partition).length;
        after[partition]!.offset = Number(baseOffset ?? -1) + count - 1;
      }
      // kafkajs leaves out, without a word, what is meant for a partition that it does not know of.
      const missing = messages.filter(({ partition }) => !acks.some((ack) => ack.partition === partition));
      if (missing.length > 0) throw new Error(`${missing.length} messages were not acknowledged`);
      return after;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  #messages(events: readonly StoredEvent[], lasts: readonly Last[]): { messages: Message[]; after: Last[] } {
    const after = lasts.map((last) => ({ ...last }));
    const messages = events.map((event) => {
      const partition = partitionOf(event, lasts.length);
      const { xid, position } = after[partition]!;
      const placed = { previous: { xid, position }, partitions: lasts.length };
      Object.assign(after[partition]!, { xid: event.xid, position: event.position });
      return { ...toMessage(event, this.#source, placed), partition };
    });
    return { messages, after };
  }

  #connected(): Promise<Producer> {
    this.#producer ??= (async () => {
      const producer = this.#connection.kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner:
          () =>
          ({ message }) =>
            message.partition!,
      });
      await producer.connect();
      return producer;
    })();
    return this.#producer;
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.then((each) => each.disconnect()).catch(() => undefined);
  }
}

/** A run of events of one topic that fits a request; at least one. */
export function firstRun(events: readonly StoredEvent[]): { topic: string | undefined; run: StoredEvent[] } {
  const topic = events[0] && topicOf(events[0].type);
  let bytes = 0;
  const run: StoredEvent[] = [];
  for (const event of events) {
    bytes += event.payload.byteLength + HEADER_BYTES;
    if (run.length > 0 && (bytes > REQUEST_BYTES || topicOf(event.type) !== topic)) break;
    run.push(event);
  }
  return { topic, run };
}
