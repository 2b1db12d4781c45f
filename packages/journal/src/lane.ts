// A lane: a bounded queue with at most one flush in flight. The next flush starts when the last returns, so an idle
// lane answers at once and a busy one shares its fsync among hundreds of commands.
import { exhausted, unavailable } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import type { Applied, Command, Outcome } from "./batch.ts";
import type { RootCache } from "./cache.ts";
import { flush } from "./flush.ts";

export interface LaneOptions {
  db: Database;
  now: () => Date;
  cache: RootCache;
  maxFlush: number;
  maxQueued: number;
  onFlushed: (flushed: Flushed) => void;
}

export interface Flushed {
  events: number;
  commands: number;
  committed: boolean;
  /** From the loan of a connection to the answer. */
  seconds: number;
  /** Roots that the commands meant, once a command. */
  ids: readonly string[];
}

interface Waiting {
  command: Command;
  resolve: (applied: Applied) => void;
  reject: (error: unknown) => void;
}

/** How often a flush is tried again when the connection breaks, and the pause before each try, in milliseconds. */
const pauses = [20, 100, 400, 1000, 2000];

export class Lane {
  readonly #options: LaneOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get depth(): number {
    return this.#queue.length;
  }

  /** Resolves after COMMIT. Errors: `exhausted` when the queue is full; whatever the kind's `decide` refuses with. */
  submit(command: Command): Promise<Applied> {
    if (this.#queue.length >= this.#options.maxQueued)
      return Promise.reject(
        exhausted("journal.queue_full", "系统繁忙，请稍后再试", "The system is busy; try again shortly", {
          retryAfterMs: 1000,
        }),
      );
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop lets everything that arrived together share the first flush.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#settle(this.#queue.splice(0, this.#options.maxFlush));
    // In the same breath as the look at the queue: a command that comes a moment later starts a run of its own.
    this.#running = undefined;
  }

  /** Answers every command of a flush; a flush that fails is halved until the poisoned command stands alone. */
  async #settle(flight: Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#attempt(flight.map((waiting) => waiting.command));
      flight.forEach((waiting, i) => {
        const outcome = outcomes[i];
        if (outcome?.ok) waiting.resolve(outcome.value);
        else waiting.reject(outcome?.error ?? new Error("flush answered nothing"));
      });
    } catch (error) {
      if (flight.length === 1 || isBroken(error)) {
        for (const waiting of flight) waiting.reject(isBroken(error) ? unreachable(error) : error);
        return;
      }
      const half = Math.ceil(flight.length / 2);
      await this.#settle(flight.slice(0, half));
      await this.#settle(flight.slice(half));
    }
  }

  /** A broken connection is tried again, also when COMMIT may have gone through: every command has a key. */
  async #attempt(commands: Command[]): Promise<Outcome[]> {
    const { db, now, cache, onFlushed } = this.#options;
    for (let tries = 0; ; tries++) {
      try {
        return await db.withClient(async (client) => {
          const began = performance.now();
          const { outcomes, counts } = await flush(client, db.schema, commands, now, cache);
          const seconds = (performance.now() - began) / 1000;
          onFlushed({ ...counts, seconds, commands: commands.length, ids: commands.map(({ id }) => id) });
          return outcomes;
        });
      } catch (error) {
        const again = isBroken(error) ? pauses[tries] : keyRace(error) && tries === 0 ? 0 : undefined;
        if (again === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, again));
      }
    }
  }
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

/** A lost connection (the postgres package says `unavailable`), a serialization failure or a broken deadlock. */
const isBroken = (error: unknown): boolean => /^(unavailable|40001|40P01)$/.test(codeOf(error));

/** Two lanes saw one idempotency key at the same moment: the second finds it on its next try. */
const keyRace = (error: unknown): boolean => codeOf(error) === "23505";

const unreachable = (cause: unknown) =>
  unavailable(
    "journal.database_unavailable",
    "数据库暂时不可用，暂时无法确认您的操作是否已保存，请稍后用同样的内容再试一次",
    "The database is unavailable; it is not known whether your request was kept. Send it again with the same key",
    { cause, retryAfterMs: 2000 },
  );
