// What a relay remembers: how far its journal is sent, and the last event it put into each partition.
import { type Position, start } from "@onething/journal/journal";
import type { Client, Database } from "@onething/postgres/database";

/** The last event put into a partition: its offset there, and its position in the journal. */
export interface Last extends Position {
  offset: number;
}

export interface Put {
  /** Sent up to here. */
  at: Position;
  /** By topic; the length is the number of partitions. */
  topics: Record<string, Last[]>;
}

export const nothing: Last = { ...start, offset: -1 };

export async function loadPut(session: Pick<Client, "query">, source: string): Promise<Put> {
  const [row] = await session.query<Position & { put: Put["topics"] }>(
    "select xid::text as xid, position, put from relay where source = $1",
    [source],
  );
  return row ? { at: { xid: row.xid, position: row.position }, topics: row.put } : { at: start, topics: {} };
}

export const savePut = (session: Client, source: string, { at, topics }: Put): Promise<unknown> =>
  session.query(
    `insert into relay (source, xid, position, put) values ($1, $2::xid8, $3, $4)
     on conflict (source) do update set xid = excluded.xid, position = excluded.position, put = excluded.put`,
    [source, at.xid, at.position, JSON.stringify(topics)],
    "save_relay",
  );

export async function cursorOf(db: Database, source: string): Promise<Position> {
  const [row] = await db.query<Position>(
    "select xid::text as xid, position from relay where source = $1",
    [source],
    "relay_cursor",
  );
  return row ?? start;
}
