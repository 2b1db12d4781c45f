// Beside a reader: how far its partitions' ends are, a report of what it has applied, and a look at whether it still moves.
import { setTimeout as pause } from "node:timers/promises";
import type { Consumer as Client } from "kafkajs";
import { savePlace } from "./places.ts";
import type { Held, ReaderOptions } from "./reader.ts";
import { metadataOf } from "./reconcile.ts";

export interface Watch extends ReaderOptions {
  client: Client;
  held(): Held[];
  signal: AbortSignal;
  failed(error: Error): void;
}

/** Also what has not changed is reported now and then: Kafka forgets groups, and forgets them with a topic. */
const reportMs = 10_000;

export interface Seen {
  next: number;
  since: number;
  report: string;
  reported: number;
}

export async function watch(options: Watch): Promise<void> {
  const { signal, watchMs, held, connection, consumer } = options;
  const seen = new Map<string, Seen>();
  while (!signal.aborted) {
    await pause(watchMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await lookAtEnds(options);
      noteSilence(options, seen);
      await report(options, seen);
    } catch (error) {
      if (signal.aborted) return;
      const fields = { err: error, consumer: consumer.name, partitions: held().length };
      connection.log.warn(fields, "consumer could not look at its partitions");
    }
  }
}

/** A place beyond the end, or before the beginning, is one in a log that is no more. */
async function lookAtEnds({ connection, consumer, db, client, held }: Watch): Promise<void> {
  for (const topic of new Set(held().map((place) => place.topic))) {
    for (const { partition, low, high } of await connection.ends(topic)) {
      const place = held().find((each) => each.topic === topic && each.partition === partition);
      if (!place) continue;
      place.end = high;
      if (place.busy || (place.next >= low && place.next <= place.end)) continue;
      const about = { consumer: consumer.name, topic, partition, left: place.next, low, high };
      connection.log.warn(about, "the log does not go on where it was left");
      place.next = low;
      await savePlace(db, consumer.name, place, true);
      client.seek({ topic: connection.topicName(topic), partition, offset: String(low) });
    }
  }
}

export function noteSilence(
  { held, silentMs, failed }: Pick<Watch, "held" | "silentMs" | "failed">,
  seen: Map<string, Seen>,
): void {
  for (const place of held()) {
    const { topic, partition, next, end, busy } = place;
    const key = `${topic}/${partition}`;
    const before = seen.get(key);
    if (!before || before.next !== next || busy || next >= end) {
      seen.set(key, { report: "", reported: 0, ...before, next, since: Date.now() });
    } else if (Date.now() - before.since > silentMs) {
      failed(new Error(`nothing came of ${key} for ${silentMs} ms, and ${end - next} events wait there`));
    }
  }
}

async function report({ connection, client, held }: Watch, seen: Map<string, Seen>): Promise<void> {
  const due = held().flatMap(({ topic, partition, next, partitions, at }) => {
    const before = seen.get(`${topic}/${partition}`)!;
    const metadata = metadataOf({ ...at, partitions });
    const words = `${next} ${metadata}`;
    if (words === before.report && Date.now() - before.reported < reportMs) return [];
    Object.assign(before, { report: words, reported: Date.now() });
    return [{ topic: connection.topicName(topic), partition, offset: String(next), metadata }];
  });
  if (due.length === 0) return;
  try {
    await client.commitOffsets(due);
  } catch (error) {
    for (const each of seen.values()) each.report = "";
    throw error;
  }
}
