// Kafka between services: what a process of the larger set-up makes its relay and its feeds with.
import { connect, type KafkaSettings } from "./connect.ts";
import { createKafkaFeed, type KafkaFeed, type KafkaFeedOptions } from "./feed.ts";
import { createRelay, type Relay, type RelayOptions } from "./relay.ts";
import { createTopics, type TopicReport, type TopicSettings } from "./topics.ts";

export type { KafkaAccess } from "./access.ts";
export type { KafkaSettings } from "./connect.ts";
export type { KafkaFeed, KafkaFeedOptions, Lag } from "./feed.ts";
export type { Relay, RelayOptions, RelayStatus } from "./relay.ts";
export type { TopicReport, TopicSettings } from "./topics.ts";

export interface KafkaBus {
  /** Sends what a journal of this process's service holds. */
  relay(options: RelayOptions): Relay;
  /** Brings events to a consumer. */
  feed(options: KafkaFeedOptions): KafkaFeed;
  /** Makes the topics that are not there yet, and says of each what it did. Errors: `kafka.refused`, in the broker's words. */
  createTopics(settings: TopicSettings): Promise<TopicReport[]>;
  /** Whether a broker answers. */
  answers(): Promise<boolean>;
  /** Stops what it made. */
  close(): Promise<void>;
}

export function createKafkaBus(settings: KafkaSettings): KafkaBus {
  const connection = connect(settings);
  const made: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(each: T): T => {
    made.push(each);
    return each;
  };
  return {
    relay: (options) => keep(createRelay(connection, options)),
    feed: (options) => keep(createKafkaFeed(connection, options)),
    createTopics: (topics) => createTopics(connection, topics),
    answers: async () => {
      try {
        return (await connection.ask((admin) => admin.describeCluster())).brokers.length > 0;
      } catch {
        return false;
      }
    },
    close: async () => {
      await Promise.all(made.map((each) => each.stop()));
      await connection.close();
    },
  };
}
