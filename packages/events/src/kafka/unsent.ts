// How much of a journal has not been sent yet: what an operator watches, and what wakes them when it grows.
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
