// Kafka's side of the port: brings the events of its topics to a consumer, as one member of the consumer's group.
import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@onething/postgres/database";
import { Applier } from "../apply.ts";
import type { Consumer } from "../consumer.ts";
import type { Feed } from "../feed.ts";
import type { Connection } from "./connect.ts";
import { loadPlaces } from "./places.ts";
import { type Counters, openReader, type Reader } from "./reader.ts";

export interface KafkaFeedOptions {
  consumer: Consumer;
  /** The consumer's own database: offsets and stuck list. */
  db: Database;
  /** Pauses between the attempts at one event, milliseconds. */
  pauses?: readonly number[];
  watchMs?: number;
  silentMs?: number;
}

export interface Lag {
  topic: string;
  partition: number;
  /** Events that wait there, when last looked at. */
  lag: number;
}

export interface KafkaFeed extends Feed {
  /** Of the partitions that this member has. */
  lag(): Lag[];
  counters(): Counters;
}

const restartMs = 250;
const drainMs = 5;

export function createKafkaFeed(connection: Connection, options: KafkaFeedOptions): KafkaFeed {
  const { consumer, db, pauses, watchMs = 1_000, silentMs = 60_000 } = options;
  const { log } = connection;
  const stopping = new AbortController();
  const count: Counters = { applied: 0, skipped: 0, foreign: 0, restarts: 0 };
  let reader: Reader | undefined;
  let running: Promise<void> | undefined;

  const readOn = async (): Promise<void> => {
    const opening = openReader({
      ...{ connection, consumer, db, count, watchMs, silentMs, stopping: stopping.signal },
      ...(pauses ? { pauses } : {}),
    });
    const opened = await Promise.race([opening, aborted(stopping.signal)]);
    if (!opened) {
      // A client that cannot reach its broker takes its time to give up; it applies nothing any more.
      opening.then((late) => late.close()).catch(() => undefined);
      return;
    }
    reader = opened;
    try {
      const why = await Promise.race([reader.failed, aborted(stopping.signal)]);
      if (!stopping.signal.aborted) throw why;
    } finally {
      await reader.close();
      reader = undefined;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await readOn().catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        count.restarts += 1;
        log.warn({ err: error, consumer: consumer.name }, "consumer starts again");
      });
      await pause(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const start = () => {
    running ??= run();
  };

  return {
    consumer: consumer.name,
    source: consumer.topics.join(" "),
    start,
    stop: async () => {
      stopping.abort();
      await running;
    },
    drain: async () => {
      start();
      const before = count.applied;
      await drained(connection, { consumer, db }, stopping.signal);
      return count.applied - before;
    },
    replay: (caseId) =>
      new Applier({ db, consumer, log, signal: stopping.signal, ...(pauses ? { pauses } : {}) }).replay(
        caseId,
      ),
    lag: () =>
      (reader?.held() ?? []).map(({ topic, partition, next, end }) => ({
        ...{ topic, partition, lag: Math.max(0, end - next) },
      })),
    counters: () => ({ ...count }),
  };
}

/** Until the group, whichever member, has applied what its topics hold now. */
async function drained(
  connection: Connection,
  { consumer, db }: { consumer: Consumer; db: Database },
  signal: AbortSignal,
): Promise<void> {
  const ends: { topic: string; partition: number; end: number }[] = [];
  for (const topic of consumer.topics) {
    for (const { partition, low, high } of await connection.ends(topic)) {
      if (high !== low) ends.push({ topic, partition, end: high });
    }
  }
  for (;;) {
    const places = await loadPlaces(db, consumer.name);
    const left = ends.filter(({ topic, partition, end }) => {
      const place = places.find((each) => each.topic === topic && each.partition === partition);
      return (place?.next ?? 0) < end;
    });
    if (left.length === 0) return;
    await pause(drainMs, undefined, { signal });
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
