// Applying a batch: events of one case in their order, cases side by side. What cannot be applied goes to the stuck
// list with everything later of its case; the other cases run on.
import { setTimeout as pause } from "node:timers/promises";
import type { StoredEvent } from "@onething/journal/journal";
import { OnethingError } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import { type Consumer, published } from "./consumer.ts";
import type { EventType } from "./names.ts";

export interface ApplyLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface StuckEvent {
  consumer: string;
  eventId: string;
  caseId: string;
  type: string;
  error: string;
  attempts: number;
  at: string;
}

/** Pauses between attempts, milliseconds. */
const defaultPauses = [20, 100, 500, 2000];
const longestPause = 5000;
const casesAtOnce = 64;

export class Applier {
  readonly #db: Database;
  readonly #consumer: Consumer;
  readonly #log: ApplyLog;
  readonly #pauses: readonly number[];
  readonly #signal: AbortSignal;

  constructor(options: {
    db: Database;
    consumer: Consumer;
    log: ApplyLog;
    signal: AbortSignal;
    pauses?: readonly number[];
  }) {
    this.#db = options.db;
    this.#consumer = options.consumer;
    this.#log = options.log;
    this.#signal = options.signal;
    this.#pauses = options.pauses ?? defaultPauses;
  }

  /** Resolves when every event of the batch is applied or on the stuck list. Rejects only when stopped in between. */
  async apply(batch: readonly StoredEvent[]): Promise<void> {
    const byCase = new Map<string, StoredEvent[]>();
    for (const event of batch) {
      const events = byCase.get(event.caseId);
      if (events) events.push(event);
      else byCase.set(event.caseId, [event]);
    }
    const stuck = await this.#stuckCases([...byCase.keys()]);
    const cases = [...byCase];
    const worker = async () => {
      for (let next = cases.pop(); next; next = cases.pop())
        await this.#applyCase(next[1], stuck.has(next[0]));
    };
    await Promise.all(Array.from({ length: Math.min(casesAtOnce, cases.length) }, worker));
  }

  async #applyCase(events: StoredEvent[], stuck: boolean): Promise<void> {
    let behind = stuck;
    for (const event of events) {
      const failure = behind
        ? { error: "an earlier event of this case is stuck", attempts: 0 }
        : await this.#attempt(event);
      if (!failure) continue;
      behind = true;
      await this.#shelve(event, failure);
    }
  }

  async #attempt(event: StoredEvent): Promise<{ error: string; attempts: number } | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#consumer.handle(published(event));
        return undefined;
      } catch (error) {
        this.#signal.throwIfAborted();
        const passing =
          error instanceof OnethingError && (error.code === "unavailable" || error.code === "exhausted");
        const wait = this.#pauses[tries - 1] ?? (passing ? longestPause : undefined);
        const about = {
          err: error,
          consumer: this.#consumer.name,
          event: `${event.stream}@${event.version}`,
        };
        if (wait === undefined) {
          this.#log.error(about, "event is stuck");
          return { error: error instanceof Error ? error.message : String(error), attempts: tries };
        }
        this.#log.warn({ ...about, tries }, "event is tried again");
        await pause(wait, undefined, { signal: this.#signal });
      }
    }
  }

  async #stuckCases(cases: string[]): Promise<Set<string>> {
    const rows = await this.#db.query<{ case_id: string }>(
      "select distinct case_id from stuck_event where consumer = $1 and case_id = any($2::text[])",
      [this.#consumer.name, cases],
      "stuck_cases",
    );
    return new Set(rows.map((row) => row.case_id));
  }

  async #shelve(event: StoredEvent, failure: { error: string; attempts: number }): Promise<void> {
    const whole = JSON.stringify({ ...event, payload: base64(event.payload), hash: base64(event.hash) });
    await this.#db.query(
      `insert into stuck_event (consumer, event_id, case_id, type, event, error, attempts, at)
       values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict (consumer, event_id) do nothing`,
      [
        this.#consumer.name,
        `${event.stream}@${event.version}`,
        event.caseId,
        event.type,
        whole,
        failure.error,
        failure.attempts,
      ],
    );
  }

  /** Tries the stuck events of a case again, oldest first; stops at the first that still fails. Answers how many went through. */
  async replay(caseId: string): Promise<number> {
    const rows = await this.#db.query<{ id: number; event: StoredEvent & { payload: string; hash: string } }>(
      "select id, event from stuck_event where consumer = $1 and case_id = $2 order by id",
      [this.#consumer.name, caseId],
    );
    let done = 0;
    for (const { id, event } of rows) {
      const payload = Buffer.from(event.payload, "base64");
      await this.#consumer.handle(published({ ...event, payload, hash: Buffer.from(event.hash, "base64") }));
      await this.#db.query("delete from stuck_event where id = $1", [id]);
      done += 1;
    }
    return done;
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export const handles = (consumer: Consumer, event: StoredEvent): boolean =>
  consumer.types.includes(event.type as EventType);

export const listStuck = (db: Database): Promise<StuckEvent[]> =>
  db.query<StuckEvent>(
    `select consumer, event_id as "eventId", case_id as "caseId", type, error, attempts, at
       from stuck_event order by id limit 500`,
  );
