// One of several processes does the work: who holds an advisory lock, on a session of its own. PostgreSQL takes the lock
// back when that session ends, however it ends, and another process gets it.
import type { Client, Database } from "./database.ts";

/**
 * Runs `work` while this process leads; answers false at once where another does. What must not be written by somebody who
 * leads no longer is written through `session`: if the lock is lost, so is the session.
 */
export const asLeader = (
  db: Database,
  name: string,
  work: (session: Client) => Promise<void>,
): Promise<boolean> =>
  db.withClient(async (session) => {
    const lock = [`${db.schema}:${name}`];
    const [row] = await session.query<{ held: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, 0)) as held",
      lock,
    );
    if (!row?.held) return false;
    try {
      await work(session);
    } finally {
      await session.query("select pg_advisory_unlock(hashtextextended($1, 0))", lock).catch(() => undefined);
    }
    return true;
  });
