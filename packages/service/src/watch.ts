// What those who watch a process see of it besides what it counts: how much it still has to do, what got stuck, and how long
// its certificate will do.
import { listStuck } from "@onething/events/apply";
import type { KafkaFeed } from "@onething/events/kafka/bus";
import { countUnsent, oldestUnsent } from "@onething/events/kafka/unsent";
import type { Database } from "@onething/postgres/database";
import { certificateFiles } from "./certificate-files.ts";
import type { GaugeSpec, ServiceMeters } from "./meters.ts";
import type { RunningService } from "./running-service.ts";

export interface Watched {
  meters: ServiceMeters;
  service: RunningService;
  db: Database;
  feeds: readonly Pick<KafkaFeed, "consumer" | "lag">[];
  /** Folder of its certificate. */
  tls: string;
}

export function watch({ meters, service, db, feeds, tls }: Watched): void {
  const { journal, consumers, gauges = [] } = service;
  const specs: GaugeSpec[] = [
    {
      name: "onething_journal_queue_depth",
      help: "Commands accepted and not yet in a flush",
      look: async () => [{ value: journal.depth() }],
    },
    {
      name: "onething_relay_lag_events",
      help: "Events written and not yet sent to Kafka",
      look: async () => [{ value: await countUnsent(db, service.name) }],
    },
    {
      name: "onething_relay_oldest_seconds",
      help: "How long the oldest event not yet sent to Kafka has waited",
      look: async () => [{ value: await oldestUnsent(db, service.name) }],
    },
    {
      ...{ name: "onething_consumer_lag_events", labels: ["consumer", "topic"] },
      help: "Events in Kafka and not yet applied",
      look: async () =>
        feeds.flatMap((feed) => {
          const { consumer } = feed;
          const topics = Map.groupBy(feed.lag(), ({ topic }) => topic);
          return [...topics].map(([topic, parts]) => ({
            labels: { consumer, topic },
            value: parts.reduce((sum, { lag }) => sum + lag, 0),
          }));
        }),
    },
    {
      ...{ name: "onething_stuck_events", labels: ["consumer"] },
      help: "Events that could not be applied; see `onething stuck`",
      look: async () => {
        const stuck = await listStuck(journal.db);
        return consumers.map(({ name }) => ({
          labels: { consumer: name },
          value: stuck.filter((each) => each.consumer === name).length,
        }));
      },
    },
    certificateExpiry(tls),
    ...gauges,
  ];
  for (const spec of specs) meters.gauge(spec);
}

/** Of the certificate in use: a new one that cannot be used does not make it longer. */
export const certificateExpiry = (tls: string): GaugeSpec => ({
  name: "onething_certificate_expiry_seconds",
  help: "Until the certificate ends that is in use",
  look: async () => {
    const { validTo } = await certificateFiles(tls).current();
    return [{ value: (validTo.getTime() - Date.now()) / 1000 }];
  },
});
