// One flush: many commands, one transaction, a constant number of round trips.
//
//   begin, locks of all roots, sorted          before anything assigns a transaction id: then ids follow versions
//   load roots (one a kind) and keys       1   statements of their own, so their snapshots are younger than the locks
//   decide in memory, in order             0
//   write everything, commit           1   one JSON text a table, payloads and hashes as bytes beside it
//
// Statements on one line of the count are sent together; one that fails makes the rest fail, and COMMIT roll back.
import { hash } from "node:crypto";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, OnethingError } from "@onething/kernel/errors";
import type { Client } from "@onething/postgres/database";
import {
  type Batch,
  type Command,
  type KeyRow,
  keyOf,
  type NewEvent,
  type Outcome,
  type Root,
} from "./batch.ts";
import type { RootCache } from "./cache.ts";
import { chainHash, chainStart } from "./chain.ts";
import { caseOf, hash32, streamOf } from "./kind.ts";
import { loadKeys, loadRoots, write } from "./sql.ts";

export interface FlushCounts {
  events: number;
  committed: boolean;
}

/**
 * Every statement of a flush finds few rows by key. Connections keep plans, and one made while a table was small reads
 * all of it for ever; so no other plan than by index is allowed.
 */
const plans = `set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off;
  set local plan_cache_mode = force_generic_plan`;

/**
 * Runs the commands in one transaction and answers each. Throws only when the transaction as a whole failed; then
 * nothing of it is kept, unless the connection broke in COMMIT: a repeat finds out, by the commands' keys.
 */
export async function flush(
  client: Client,
  schema: string,
  commands: readonly Command[],
  now: () => Date,
  cache: RootCache,
): Promise<{ outcomes: Outcome[]; counts: FlushCounts }> {
  try {
    const [, roots, keys] = await together(
      client.simple(`begin; ${plans}; ${lockStatement(schema, commands)}`),
      loadRoots(client, commands, cache),
      loadKeys(client, commands),
    );
    const at = now();
    const batch: Batch = {
      at: at.toISOString(),
      events: [],
      roots: new Map(),
      keys: [],
      timersSet: [],
      timersGone: [],
    };
    const outcomes = commands.map((command) => apply(command, roots, keys, batch, at));
    if (batch.keys.length === 0) {
      await client.simple("rollback");
      return { outcomes, counts: { events: 0, committed: false } };
    }
    moveTimers(batch);
    await together(...write(client, batch), client.simple("commit"));
    for (const [stream, { root }] of batch.roots) cache.put(stream, root);
    return { outcomes, counts: { events: batch.events.length, committed: true } };
  } catch (error) {
    await client.simple("rollback").catch(() => undefined);
    throw error;
  }
}

/** Waits for all, so that nothing is in flight when one has failed; throws the first that did. */
async function together<T extends unknown[]>(...sent: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(sent);
  return Promise.all(sent) as Promise<T>;
}

/** Decides one command against the state that the commands before it in this flush have made. */
function apply(
  command: Command,
  roots: Map<string, Root>,
  keys: Map<string, KeyRow>,
  batch: Batch,
  now: Date,
): Outcome {
  const { kind, id, actor, key, requestHash } = command;
  const stream = streamOf(kind, id);
  try {
    const seen = keys.get(keyOf(actor, key));
    if (seen) return repeat(command, seen, roots);
    const root = roots.get(stream) ?? { version: 0, hash: chainStart, state: null };
    const decision = kind.decide(root.state, command.command, now, root.version);
    const { at } = batch;
    const events: NewEvent[] = [];
    const next = decision.events.reduce<Root>((current, event) => {
      const state = kind.evolve(current.state, { ...event, at, actor });
      const stored = record(command, event, current, state, at);
      events.push(stored);
      return { version: stored.version, hash: stored.hash, state };
    }, root);
    // Nothing of a command enters the batch before all of it is known to be sound.
    if (events.length > 0) {
      roots.set(stream, next);
      const changed = batch.roots.get(stream);
      const before = changed ? changed.before : root.state;
      batch.roots.set(stream, { kind, id, root: next, before });
      batch.events.push(...events);
    }
    const row: KeyRow = { requestHash, stream, version: next.version, answer: decision.answer ?? null };
    if (command.forgetful && events.length === 0) return applied(row, next.state, true);
    keys.set(keyOf(actor, key), row);
    batch.keys.push({ ...row, actor, key });
    return applied(row, next.state, false);
  } catch (error) {
    return { ok: false, error };
  }
}

function repeat(command: Command, seen: KeyRow, roots: Map<string, Root>): Outcome {
  if (!command.requestHash.equals(seen.requestHash))
    throw conflict(
      "idempotency.other_body",
      "这个幂等键已用于另一个请求，请换一个新的键再提交",
      "This idempotency key was used for another request; send the new request with a new key",
    );
  return applied(seen, roots.get(seen.stream)?.state ?? null, true);
}

function applied({ stream, version, answer }: KeyRow, state: unknown, repeated: boolean): Outcome {
  const id = stream.slice(stream.indexOf("/") + 1);
  return { ok: true, value: { id, version, state, answer: answer ?? { id, version }, repeated } };
}

function record(
  command: Command,
  event: { type: string; data: object },
  root: Root,
  state: unknown,
  at: string,
): NewEvent {
  const { kind } = command;
  const entry = kind.codecs[event.type];
  if (!entry) throw new OnethingError("invalid", "event.unknown", unknownEvent(event.type));
  const unsigned = {
    stream: streamOf(kind, command.id),
    version: root.version + 1,
    type: event.type,
    schema: entry.schema,
    caseId: caseOf(kind, command.id, state),
    actor: command.actor,
    at,
    trace: command.trace,
    payload: entry.codec.encode(event.data as never).finish(),
  };
  return { ...unsigned, hash: chainHash(root.hash, unsigned) };
}

const unknownEvent = (type: string) => ({
  zh: `事件 ${type} 未登记`,
  en: `event ${type} is not in the kind's codecs`,
});

/** Timers follow from states: only the difference between before and after is written. */
function moveTimers(batch: Batch): void {
  for (const [stream, { kind, id, root, before }] of batch.roots) {
    if (!kind.timers) continue;
    const had = new Map((before ? kind.timers(before) : []).map((timer) => [timer.name, timer.at]));
    for (const { name, at } of kind.timers(root.state)) {
      if (had.get(name) !== at) batch.timersSet.push({ stream, name, kind: kind.name, id, due: at });
      had.delete(name);
    }
    for (const name of had.keys()) batch.timersGone.push({ stream, name });
  }
}

export const requestHash = (secret: Buffer, body: unknown): Buffer =>
  hash("sha256", Buffer.concat([secret, Buffer.from(canonicalJson(body))]), "buffer");

/**
 * Advisory locks of the roots, in sorted order so that two flushes cannot block each other. Two roots may share a lock:
 * they wait for each other a moment, and nothing else comes of it.
 */
function lockStatement(schema: string, commands: readonly Command[]): string {
  const locks = new Set(commands.map(({ kind, id }) => hash32(streamOf(kind, id))));
  const sorted = [...locks].sort((a, b) => a - b);
  return `select pg_advisory_xact_lock(${hash32(schema)}, k) from unnest('{${sorted}}'::int[]) k`;
}
