// A department's stream of work: what is in hand first, then whatever comes, or comes back: answered by the applicant, over with
// a special procedure or the legality review, given back. It is one query from a cursor on, so whoever comes back with the last
// cursor misses nothing, and whoever comes without one begins with all that is in hand.
import type { Work } from "@onething/contracts/approval/v1/work";
import type { Official } from "../domain/obstacles.ts";
import { type Arrival, arrivals as query, streamStart } from "../store.ts";
import { viewOf } from "../work.ts";
import { badCursor, readCursor, writeCursor } from "./cursor.ts";
import type { Deps } from "./deps.ts";

const page = 200;
/** After a ring the work may still be held back by an older transaction: look again soon, then less and less often. */
const soonMs = 5;
const idleMs = 1000;

export async function* watchWork(
  deps: Pick<Deps, "db" | "arrivals" | "now" | "rules">,
  by: Official,
  { after, items = [] }: { after: string; items?: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<{ work: Work; cursor: string }> {
  const { db, arrivals } = deps;
  let at = arrivalOf(after);
  let patience = idleMs;
  while (!signal.aborted) {
    const resting = new AbortController();
    // Listening begins before looking, so that nothing rung in between is slept through.
    const rung = arrivals.wait(by.department, patience, AbortSignal.any([signal, resting.signal]));
    const rows = await query(db, { department: by.department, items }, at, page).catch((error: unknown) => {
      resting.abort();
      throw error;
    });
    for (const row of rows) {
      at = { xid: row.xid, id: row.state.id };
      yield { work: viewOf(deps, by, row), cursor: writeCursor(at.xid, at.id) };
    }
    if (rows.length > 0) resting.abort();
    const woken = await rung;
    patience = woken || rows.length > 0 ? soonMs : Math.min(patience * 2, idleMs);
  }
}

function arrivalOf(cursor: string): Arrival {
  if (!cursor) return streamStart;
  const [xid, id] = readCursor(cursor, 2) as [string, string];
  // It is the caller's text until it has the shape of a transaction id.
  if (!/^\d{1,19}$/.test(xid)) throw badCursor();
  return { xid, id };
}
