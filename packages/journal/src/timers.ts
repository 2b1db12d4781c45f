// Deadlines: rows derived from states. A due one becomes a command, exactly once, also with several processes: its key
// names stream, timer and time, and the commit that applies it removes the row. A sweep passes each due timer once: one that
// cannot be applied, or not yet, holds up no other.
import type { Database } from "@onething/postgres/database";
import type { Applied } from "./batch.ts";
import { type AnyKind, streamOf } from "./kind.ts";

export interface TimerOptions {
  db: Database;
  kinds: readonly AnyKind[];
  now: () => Date;
  submit: (
    kind: AnyKind,
    id: string,
    command: { type: string },
    by: { actor: string; key: string },
  ) => Promise<Applied>;
  log: { error(fields: object, message: string): void } | undefined;
}

interface TimerRow {
  stream: string;
  name: string;
  kind: string;
  root_id: string;
  due: string;
}

/** Some full flushes; more would make people's commands wait behind them. */
const batch = 600;
const idleMs = 250;
const notYet: Pick<TimerRow, "due" | "stream" | "name"> = { due: "-infinity", stream: "", name: "" };

export class Timers {
  readonly #options: TimerOptions;
  #stopped = true;
  #loop: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: TimerOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.sweep().catch((error: unknown) => {
        this.#options.log?.error({ err: error }, "timers could not be read");
      });
      if (!this.#stopped) await this.#pause(idleMs);
    }
  }

  /** Fires what is due now, the oldest first. The next batch is read while one is being applied. */
  async sweep(): Promise<void> {
    let due = await this.#due(notYet);
    while (due.length > 0) {
      const next = due.length === batch && !this.#stopped ? this.#due(due.at(-1)!) : [];
      const [rows] = await Promise.all([next, ...due.map((row) => this.#fireOne(row))]);
      due = rows;
    }
  }

  #due({ due, stream, name }: typeof notYet): Promise<TimerRow[]> {
    const { db, now } = this.#options;
    return db.query<TimerRow>(
      `select stream, name, kind, root_id, due from timer
        where due <= $1 and (due, stream, name) > ($2, $3, $4) order by due, stream, name limit $5`,
      [now().toISOString(), due, stream, name, batch],
      "journal_timers",
    );
  }

  async #fireOne(row: TimerRow): Promise<void> {
    const { kinds, submit, log } = this.#options;
    const kind = kinds.find((each) => each.name === row.kind);
    if (!kind?.onTimer) return;
    try {
      const key = `${streamOf(kind, row.root_id)}#${row.name}#${row.due}`;
      await submit(kind, row.root_id, kind.onTimer(row.name, row.due), { actor: "timer", key });
    } catch (error) {
      log?.error({ err: error, stream: row.stream, timer: row.name }, "a timer could not be applied");
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}
