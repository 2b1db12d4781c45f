// How much of a journal has not been sent yet, and for how long: what an operator watches, and what wakes them.
import type { Database } from "@onething/postgres/database";
import { cursorOf } from "./put.ts";

/** More than so many are told as so many: far behind is far behind. */
const most = 100_000;

export async function countUnsent(db: Database, source: string): Promise<number> {
  const { xid, position } = await cursorOf(db, source);
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n
       from (select from event where (xid, position) > ($1::xid8, $2::bigint) limit ${most}) unsent`,
    [xid, position],
    "count_unsent",
  );
  return row?.n ?? 0;
}

/** Seconds that the first of them has waited; 0 when all are sent. Few may be as long under way as many. */
export async function oldestUnsent(db: Database, source: string): Promise<number> {
  const { xid, position } = await cursorOf(db, source);
  const [row] = await db.query<{ seconds: number }>(
    `select greatest(0, extract(epoch from clock_timestamp() - at))::float8 as seconds from event
      where (xid, position) > ($1::xid8, $2::bigint) order by xid, position limit 1`,
    [xid, position],
    "oldest_unsent",
  );
  return row?.seconds ?? 0;
}
