// How far a consumer has applied a source that travels by Kafka, as one position of the source's own order.
import type { Position } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import { isAfter } from "./message.ts";
import { loadPlaces } from "./places.ts";
import { loadPut } from "./put.ts";

export interface Path {
  source: string;
  topic: string;
  consumer: string;
}

/**
 * Everything up to here is applied. A partition in which the last event put is applied holds nothing back; one that lags
 * holds the whole at where it stands. Undefined where the source was never sent to Kafka.
 */
export async function appliedUpTo(
  { source, topic, consumer }: Path,
  sourceDb: Database,
  consumerDb: Database,
): Promise<Position | undefined> {
  // In this order: what is put meanwhile counts as lagging, never the other way round.
  const places = (await loadPlaces(consumerDb, consumer)).filter((place) => place.topic === topic);
  const { at, topics } = await loadPut(sourceDb, source);
  if (at.xid === "0") return undefined;
  const lasts = topics[topic] ?? [];
  const lagging = lasts.flatMap((last, partition) => {
    const applied = places.find((place) => place.partition === partition)?.at ?? { xid: "0", position: 0 };
    return isAfter(last, applied) ? [applied] : [];
  });
  return lagging.reduce<Position>((least, each) => (isAfter(least, each) ? each : least), at);
}
