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
  readonly #overtaking: readonly string[];

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
    this.#overtaking = options.consumer.overtakes ?? [];
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
    const workers = Array.from({ length: Math.min(casesAtOnce, cases.length) }, worker);
    // All of them, also when one is stopped: nothing is in flight once this has settled.
    const failed = (await Promise.allSettled(workers)).find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #applyCase(events: StoredEvent[], stuck: boolean): Promise<void> {
    let behind = stuck;
    for (const event of events) {
      this.#signal.throwIfAborted();
      const overtakes = behind && this.#overtaking.includes(event.type);
      if (behind && !overtakes && (await this.#shelveBehind(event))) continue;
      const failure = await this.#attempt(event);
      if (failure) await this.#shelve(event, failure);
      behind = failure !== undefined || (overtakes && (await this.#stillStuck(event.caseId)));
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
          event: nameOf(event),
        };
        if (wait === undefined) {
          this.#log.error(about, "event is stuck");
          return { error: wordsOf(error), attempts: tries };
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

  /** Tries again what is stuck of a case, now that something was applied which may help it. */
  async #stillStuck(caseId: string): Promise<boolean> {
    await this.replay(caseId);
    return (await this.#stuckCases([caseId])).size > 0;
  }

  #shelve(event: StoredEvent, { error, attempts }: { error: string; attempts: number }): Promise<unknown> {
    return this.#db.query(
      `insert into stuck_event (consumer, event_id, case_id, type, event, error, attempts, at)
       values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict (consumer, event_id) do nothing`,
      [...this.#row(event), error, attempts],
    );
  }

  /**
   * Puts an event behind the stuck ones of its case; answers no if none is stuck any more. The row lock makes a replay
   * that is just taking the last one either see this event too or be done before it.
   */
  async #shelveBehind(event: StoredEvent): Promise<boolean> {
    const rows = await this.#db.query(
      `with ahead as (
         select id from stuck_event where consumer = $1 and case_id = $3 order by id limit 1 for update
       ), put as (
         insert into stuck_event (consumer, event_id, case_id, type, event, error, attempts, at)
         select $1, $2, $3, $4, $5::jsonb, $6, 0, now() from ahead on conflict (consumer, event_id) do nothing
       ) select from ahead`,
      [...this.#row(event), "an earlier event of this case is stuck"],
    );
    return rows.length > 0;
  }

  #row(event: StoredEvent): unknown[] {
    const whole = JSON.stringify({ ...event, payload: base64(event.payload), hash: base64(event.hash) });
    return [this.#consumer.name, nameOf(event), event.caseId, event.type, whole];
  }

  /**
   * Tries the stuck events of a case again, oldest first but for those that overtake, with those that join meanwhile; stops at
   * the first that still fails and keeps the new reason with it. Answers how many went through.
   */
  async replay(caseId: string): Promise<number> {
    for (let done = 0; ; done++) {
      const [row] = await this.#db.query<{
        id: number;
        event: StoredEvent & Record<"payload" | "hash", string>;
      }>(
        `select id, event from stuck_event where consumer = $1 and case_id = $2
          order by type = any($3::text[]) desc, id limit 1`,
        [this.#consumer.name, caseId, this.#overtaking],
      );
      if (!row) return done;
      const [payload, hash] = [row.event.payload, row.event.hash].map((each) => Buffer.from(each, "base64"));
      try {
        await this.#consumer.handle(published({ ...row.event, payload: payload!, hash: hash! }));
      } catch (error) {
        await this.#db.query(
          "update stuck_event set error = $2, attempts = attempts + 1, at = now() where id = $1",
          [row.id, wordsOf(error)],
        );
        this.#log.error(
          { err: error, consumer: this.#consumer.name, event: nameOf(row.event) },
          "still stuck",
        );
        return done;
      }
      await this.#db.query("delete from stuck_event where id = $1", [row.id]);
    }
  }
}

const nameOf = (event: { stream: string; version: number }): string => `${event.stream}@${event.version}`;

/** PostgreSQL keeps no zero byte in a text. */
const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll("\0", "");

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export const handles = (consumer: Consumer, event: StoredEvent): boolean =>
  consumer.types.includes(event.type as EventType);

export const listStuck = (db: Database): Promise<StuckEvent[]> =>
  db.query<StuckEvent>(
    `select consumer, event_id as "eventId", case_id as "caseId", type, error, attempts, at
       from stuck_event order by id limit 500`,
  );
