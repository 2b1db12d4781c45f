// Deadlines: rows derived from states. A due one becomes a command, exactly once, also with several processes: its key
// names stream, timer and time, and the commit that applies it removes the row.
import type { Database } from "@onething/postgres/database";
import type { Applied } from "./batch.ts";
import { type AnyKind, streamOf } from "./kind.ts";

interface TimerOptions {
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

const batch = 500;
const idleMs = 250;

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
      const fired = await this.fire().catch((error: unknown) => {
        this.#options.log?.error({ err: error }, "timers could not be read");
        return 0;
      });
      if (fired < batch) await this.#pause(idleMs);
    }
  }

  /** Fires what is due now; answers with how many. */
  async fire(): Promise<number> {
    const { db, now } = this.#options;
    const due = await db.query<TimerRow>(
      "select stream, name, kind, root_id, due from timer where due <= $1 order by due limit $2",
      [now().toISOString(), batch],
      "journal_timers",
    );
    const done = await Promise.all(due.map((row) => this.#fireOne(row)));
    return done.filter(Boolean).length;
  }

  async #fireOne(row: TimerRow): Promise<boolean> {
    const { kinds, submit, log } = this.#options;
    const kind = kinds.find((each) => each.name === row.kind);
    if (!kind?.onTimer) return false;
    try {
      const key = `${streamOf(kind, row.root_id)}#${row.name}#${row.due}`;
      await submit(kind, row.root_id, kind.onTimer(row.name, row.due), { actor: "timer", key });
      return true;
    } catch (error) {
      log?.error({ err: error, stream: row.stream, timer: row.name }, "a timer could not be applied");
      return false;
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
