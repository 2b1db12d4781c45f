// How far a consumer has come in a partition: the next offset to read, and the last event applied in the source's order.
import { type Position, start } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";

export interface Place {
  topic: string;
  partition: number;
  next: number;
  partitions: number;
  /** Everything up to here is applied. */
  at: Position;
}

interface Row extends Position {
  topic: string;
  partition: number;
  next: number;
  partitions: number;
}

export async function loadPlaces(db: Database, consumer: string): Promise<Place[]> {
  const rows = await db.query<Row>(
    `select topic, partition, offset_ as next, partitions, xid::text as xid, position
       from topic_offset where consumer = $1`,
    [consumer],
    "topic_offsets",
  );
  return rows.map(({ xid, position, ...row }) => ({ ...row, at: { xid, position } }));
}

export const newPlace = (topic: string, partition: number): Place => ({
  ...{ topic, partition, next: 0, partitions: 0 },
  at: start,
});

/** Never back, so that a reader that lost the partition cannot undo its successor's; except where the log itself is new. */
export const savePlace = (db: Database, consumer: string, place: Place, logIsNew = false): Promise<unknown> =>
  db.query(
    `insert into topic_offset (consumer, topic, partition, offset_, partitions, xid, position)
     values ($1, $2, $3, $4, $5, $6::xid8, $7)
     on conflict (consumer, topic, partition) do update set
       offset_ = excluded.offset_, partitions = excluded.partitions,
       xid = excluded.xid, position = excluded.position
      where topic_offset.offset_ < excluded.offset_ or $8`,
    [
      ...[consumer, place.topic, place.partition, place.next],
      ...[place.partitions, place.at.xid, place.at.position, logIsNew],
    ],
    "save_topic_offset",
  );
