// The port that brings events to consumers, and its embedded side: the event tables themselves are the log.
// Here a feed reads a source's journal in order, applies what the consumer handles, and then moves the cursor.
import { type Position, positionOf, type StoredEvent, start } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import { Applier, type ApplyLog, handles } from "./apply.ts";
import { type Consumer, topicOf } from "./consumer.ts";
import { follow } from "./reading-loop.ts";

/** Where events come from: a journal in the same process, or (scaled) a topic. */
export interface EventSource {
  /** Names the cursor: the publishing service. */
  readonly name: string;
  /** With `types`, events of others come without payload. */
  read(after: Position, limit: number, types?: readonly string[]): Promise<StoredEvent[]>;
  onCommit(listener: () => void): () => void;
}

export interface FeedOptions {
  consumer: Consumer;
  /** The consumer's own database: cursor and stuck list. */
  db: Database;
  source: EventSource;
  log: ApplyLog;
  /** Pauses between the attempts at one event, milliseconds. */
  pauses?: readonly number[];
}

export interface Feed {
  readonly consumer: string;
  readonly source: string;
  start(): void;
  stop(): Promise<void>;
  /** Reads and applies until nothing is left; answers with how many events were applied. */
  drain(): Promise<number>;
  replay(caseId: string): Promise<number>;
}

const batch = 500;
const idleMs = 500;

export function createFeed({ consumer, db, source, log, pauses }: FeedOptions): Feed {
  const stopping = new AbortController();
  const applier = new Applier({ db, consumer, log, signal: stopping.signal, ...(pauses ? { pauses } : {}) });
  let cursor: Position | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let running: Promise<void> = Promise.resolve();

  const once = async (): Promise<{ read: number; applied: number }> => {
    cursor ??= await loadCursor(db, consumer.name, source.name);
    const events = await source.read(cursor, batch, consumer.types);
    const last = events.at(-1);
    if (!last) return { read: 0, applied: 0 };
    const wanted = events.filter(
      (event) => consumer.topics.includes(topicOf(event.type) ?? "") && handles(consumer, event),
    );
    if (wanted.length > 0) await applier.apply(wanted);
    cursor = positionOf(last);
    // A few events nobody here wants are cheap to read again: an effect or a whole batch is worth a commit of the cursor.
    if (wanted.length > 0 || events.length === batch)
      await saveCursor(db, consumer.name, source.name, cursor);
    return { read: events.length, applied: wanted.length };
  };
  /** One reader at a time: `drain` and the loop never apply the same batch side by side. */
  const next = (): ReturnType<typeof once> => {
    const result = turn.then(once);
    turn = result.catch(() => undefined);
    return result;
  };

  return {
    consumer: consumer.name,
    source: source.name,
    start: () => {
      running = follow({
        step: async () => (await next()).read,
        failed: (error) => log.error({ err: error, consumer: consumer.name }, "feed could not read"),
        onCommit: source.onCommit,
        signal: stopping.signal,
        idleMs,
      });
    },
    stop: async () => {
      stopping.abort();
      await running;
      await turn;
    },
    drain: async () => {
      let applied = 0;
      for (;;) {
        const step = await next();
        applied += step.applied;
        if (step.read === 0) return applied;
      }
    },
    replay: (caseId) => applier.replay(caseId),
  };
}

async function loadCursor(db: Database, consumer: string, source: string): Promise<Position> {
  const [row] = await db.query<Position>(
    "select xid::text as xid, position from feed_cursor where consumer = $1 and source = $2",
    [consumer, source],
  );
  return row ?? start;
}

const saveCursor = (db: Database, consumer: string, source: string, at: Position): Promise<unknown> =>
  db.query(
    `insert into feed_cursor (consumer, source, xid, position) values ($1, $2, $3::xid8, $4)
     on conflict (consumer, source) do update set xid = excluded.xid, position = excluded.position
      where (feed_cursor.xid, feed_cursor.position) < (excluded.xid, excluded.position)`,
    [consumer, source, at.xid, at.position],
    "save_cursor",
  );
