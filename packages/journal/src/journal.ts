// The write side of every service: commands in, events out, one commit for everything. See README.md.
import { randomUUID } from "node:crypto";
import type { Database } from "@onething/postgres/database";
import type { Applied } from "./batch.ts";
import { RootCache } from "./cache.ts";
import type { StoredEvent } from "./chain.ts";
import { requestHash } from "./flush.ts";
import { type AnyKind, caseOf, type DomainEvent, hash32, type Json, type Kind, streamOf } from "./kind.ts";
import { type Flushed, Lane } from "./lane.ts";
import { history, type Position, type RecordedEvent, read } from "./reading.ts";
import { stateColumns, wholeState } from "./state.ts";
import { type TimerOptions, Timers } from "./timers.ts";
import { commandSpan, runningTrace } from "./trace.ts";
import { type Violation, verify } from "./verify.ts";

export type { StoredEvent } from "./chain.ts";
export type { AnyKind, Decision, DomainEvent, EventCodecs, Happened, Json, Kind } from "./kind.ts";
export { streamOf } from "./kind.ts";
export { decode, eventColumns, type Position, positionOf, type RecordedEvent, start } from "./reading.ts";
export { stateColumns, wholeState } from "./state.ts";
export type { Violation } from "./verify.ts";

/** The journal's tables; first entry of a service's migration directories. */
export const journalMigrations = new URL("../migrations/", import.meta.url);

export interface Submission {
  /** Who: `<role>:<subject>`, `consumer:<name>` or `timer`. Never personal data. */
  actor: string;
  /** Idempotency key, scoped by actor. A repeat with the same body answers as the first time. */
  key?: string;
  /** The request the key stands for, in plain; only a keyed hash of it is kept. Default: the command itself. */
  body?: unknown;
  /** W3C `traceparent`. Default: of what is being done now. */
  trace?: string;
}

export interface Submitted<S> {
  id: string;
  version: number;
  /** State after the command; of a repeat: the state now, or null if the key belonged to another root. */
  state: S;
  answer: Json;
  repeated: boolean;
}

export interface Journal {
  readonly db: Database;
  readonly kinds: readonly AnyKind[];
  /** Resolves once the command is durable. Errors: what `decide` refuses with; `exhausted` (queue full); `unavailable`. */
  submit<S, C extends { type: string }, E extends DomainEvent>(
    kind: Kind<S, C, E>,
    id: string,
    command: C,
    by: Submission,
  ): Promise<Submitted<S>>;
  load<S>(
    kind: Pick<AnyKind, "table" | "apart"> & { evolve(state: S | null, event: never): S },
    id: string,
  ): Promise<{ state: S; version: number } | null>;
  /** Decoded events of one root, oldest first; only those after a version, where one is given. */
  history(kind: { name: string }, id: string, after?: number): Promise<RecordedEvent[]>;
  /**
   * The next events after a position, in an order that no late transaction can get behind. With `types`, events of other
   * types come without payload: a reader passes them by.
   */
  read(after: Position, limit: number, types?: readonly string[]): Promise<StoredEvent[]>;
  /** Checks chains, folds, timers and waits; yields what is wrong, nothing if all is well. */
  verify(now?: Date): AsyncIterable<Violation>;
  /** Called after each commit of this process, with the roots that its commands meant (some may be as they were). */
  onCommit(listener: (ids: readonly string[]) => void): () => void;
  start(): void;
  /** Lets what was accepted finish, then stops. */
  stop(): Promise<void>;
  drain(): Promise<void>;
  /** Commands queued and not yet in a flush. */
  depth(): number;
}

export interface JournalOptions {
  db: Database;
  kinds: readonly object[];
  /** Keys the hashes of requests: without it nobody can guess a request from its stored hash. */
  hashKey: Buffer;
  /** Flushes in flight at once. One where several services share a process: fewer and fuller flushes do more. */
  lanes?: number;
  /** Commands a lane holds before it refuses more. */
  maxQueued?: number;
  /** Commands in one flush. */
  maxFlush?: number;
  now?: () => Date;
  log?: { error(fields: object, message: string): void };
  meters?: {
    count(name: string, n?: number): void;
    observe?(
      name: "onething_journal_flush_commands" | "onething_journal_commit_seconds",
      value: number,
    ): void;
  };
}

/** States kept in memory, to save reading them again. */
const cachedRoots = 500;

export function createJournal(options: JournalOptions): Journal {
  const { db, hashKey, lanes: width = 1, maxQueued = 2000, maxFlush = 200, meters } = options;
  const now = options.now ?? (() => new Date());
  const kinds = options.kinds as readonly AnyKind[];
  const listeners = new Set<(ids: readonly string[]) => void>();
  const onFlushed = (flushed: Flushed) => {
    meters?.count("commands", flushed.commands);
    meters?.observe?.("onething_journal_flush_commands", flushed.commands);
    meters?.observe?.("onething_journal_commit_seconds", flushed.seconds);
    if (!flushed.committed) return;
    meters?.count("commits");
    meters?.count("events", flushed.events);
    for (const listener of listeners) listener(flushed.ids);
  };
  const cache = new RootCache(cachedRoots);
  const lanes = Array.from(
    { length: width },
    () => new Lane({ db, now, cache, maxFlush, maxQueued, onFlushed }),
  );

  const submit = (
    kind: AnyKind,
    id: string,
    command: { type: string },
    by: Submission,
    forgetful = false,
  ): Promise<Applied> => {
    const body = by.body === undefined ? [kind.name, command] : by.body;
    const stream = streamOf(kind, id);
    const lane = lanes[(hash32(stream) >>> 0) % width]!;
    const work = () =>
      lane.submit({
        kind,
        id,
        command,
        actor: by.actor,
        key: by.key ?? `once-${randomUUID()}`,
        requestHash: requestHash(hashKey, body),
        trace: by.trace || runningTrace(),
        forgetful,
      });
    return commandSpan(`${kind.name} ${command.type}`, stream, work, ({ state }) => caseOf(kind, id, state));
  };
  const fire: TimerOptions["submit"] = (kind, id, command, by) => submit(kind, id, command, by, true);
  const timers = new Timers({ db, kinds, now, submit: fire, log: options.log });
  const drain = async () => {
    for (const lane of lanes) await lane.drain();
  };

  return {
    db,
    kinds,
    submit: (kind, id, command, by) =>
      submit(kind as unknown as AnyKind, id, command, by) as Promise<Submitted<never>>,
    load: async (kind, id) => {
      const [row] = await db.query<{ state: unknown; version: number }>(
        `select version, ${stateColumns(kind)} from ${kind.table} where id = $1`,
        [id],
        `journal_get_${kind.table}`,
      );
      return row ? { state: wholeState(kind, row) as never, version: row.version } : null;
    },
    history: (kind, id, after) => history(db, kinds, streamOf(kind, id), after),
    read: (after, limit, types) => read(db, after, limit, types),
    verify: (at) => verify(db, kinds, at ?? now()),
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => timers.start(),
    stop: async () => {
      await timers.stop();
      await drain();
    },
    drain,
    depth: () => lanes.reduce((sum, lane) => sum + lane.depth, 0),
  };
}
