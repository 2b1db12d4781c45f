// Reading what was written: a root's history, and all events in an order that loses none.
import type { Database } from "@onething/postgres/database";
import type { StoredEvent } from "./chain.ts";
import type { AnyKind } from "./kind.ts";

/** A place in a journal's order: transaction id and position, both as PostgreSQL prints them. */
export interface Position {
  xid: string;
  position: number;
}

export const start: Position = { xid: "0", position: 0 };

export const positionOf = (event: StoredEvent): Position => ({ xid: event.xid, position: event.position });

/** An event as its consumers see it: decoded. */
export interface RecordedEvent {
  /** `<stream>@<version>`: names the event for ever. */
  id: string;
  type: string;
  data: object;
  stream: string;
  version: number;
  caseId: string;
  actor: string;
  at: string;
  trace: string;
}

const headColumns = `xid::text as xid, position, stream, version, type, schema_version as schema,
  case_id as "caseId", actor, at, trace, hash`;
export const eventColumns = `${headColumns}, payload`;

/**
 * Positions become visible out of order when a slow transaction commits late, so a reader stays below the oldest
 * transaction still running and orders by (xid, position). Within one stream this is the order of versions.
 * With `types`, the payload of events of others is left out.
 */
export function read(
  db: Database,
  after: Position,
  limit: number,
  types?: readonly string[],
): Promise<StoredEvent[]> {
  return db.query<StoredEvent>(
    `select ${headColumns}, case when $4::text[] is null or type = any($4) then payload else '' end as payload
       from event
      where (xid, position) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
      order by event.xid, event.position limit $3`,
    [after.xid, after.position, limit, types ?? null],
    "journal_read",
  );
}

export async function history(
  db: Database,
  kinds: readonly AnyKind[],
  stream: string,
  after = 0,
): Promise<RecordedEvent[]> {
  const rows = await db.query<StoredEvent>(
    `select ${eventColumns} from event where stream = $1 and version > $2 order by version`,
    [stream, after],
    "journal_history",
  );
  return rows.map((row) => decode(row, kinds));
}

export function decode(event: StoredEvent, kinds: readonly AnyKind[]): RecordedEvent {
  const name = event.stream.slice(0, event.stream.indexOf("/"));
  const entry = kinds.find((kind) => kind.name === name)?.codecs[event.type];
  if (!entry) throw new Error(`no codec for ${event.type} of ${event.stream}`);
  const { stream, version, type, caseId, actor, at, trace } = event;
  const data = entry.codec.decode(event.payload);
  return { id: `${stream}@${version}`, type, data, stream, version, caseId, actor, at, trace };
}
