// Verify: folds every stream, checks every chain, and finds what waits for nothing. Reads one snapshot, so it may run
// beside a running platform.
import { canonicalJson } from "@onething/kernel/canonical-json";
import type { Client, Database } from "@onething/postgres/database";
import { chainHash, chainStart, type StoredEvent } from "./chain.ts";
import { type AnyKind, streamOf } from "./kind.ts";
import { decode, eventColumns } from "./reading.ts";
import { stateColumns, wholeState } from "./state.ts";

export interface Violation {
  /** What it is about: a stream, a timer or a stuck event. */
  stream: string;
  what: string;
}

interface Fold {
  version: number;
  hash: Uint8Array;
  state: unknown;
  broken: string | undefined;
}

interface RootRow {
  id: string;
  version: number;
  hash: Uint8Array;
  state: unknown;
}

const page = 1000;

export async function* verify(db: Database, kinds: readonly AnyKind[], now: Date): AsyncGenerator<Violation> {
  const found = await db.withClient(async (client) => {
    await client.simple("begin isolation level repeatable read read only");
    try {
      return await check(client, kinds, now);
    } finally {
      await client.simple("rollback");
    }
  });
  yield* found;
}

async function check(client: Client, kinds: readonly AnyKind[], now: Date): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const kind of kinds) {
    for await (const [stream, fold] of folds(client, kind))
      found.push(...(await compare(client, kind, stream, fold, now)));
    found.push(...(await withoutEvents(client, kind)));
  }
  found.push(...(await strangers(client, kinds)), ...(await stuck(client)));
  return found;
}

async function withoutEvents(client: Client, kind: AnyKind): Promise<Violation[]> {
  const rows = await client.query<{ id: string }>(
    `select id from ${kind.table} root
      where not exists (select from event where stream = $1::text || root.id) limit 100`,
    [`${kind.name}/`],
  );
  return rows.map(({ id }) => ({ stream: streamOf(kind, id), what: "state without any event" }));
}

/** Folds the streams of a kind one after another, in the order of their ids. */
export async function* folds(client: Client, kind: AnyKind): AsyncGenerator<[string, Fold]> {
  let last = { stream: `${kind.name}/`, version: 0 };
  let current: [string, Fold] | undefined;
  for (;;) {
    const rows = await client.query<StoredEvent>(
      `select ${eventColumns} from event
        where (stream, version) > ($1::text, $2::int) and stream < $3 order by stream, version limit ${page}`,
      [last.stream, last.version, `${kind.name}0`],
    );
    for (const row of rows) {
      if (current && current[0] !== row.stream) yield current;
      if (current?.[0] !== row.stream)
        current = [row.stream, { version: 0, hash: chainStart, state: null, broken: undefined }];
      step(kind, current![1], row);
    }
    const end = rows.at(-1);
    if (!end || rows.length < page) break;
    last = end;
  }
  if (current) yield current;
}

function step(kind: AnyKind, fold: Fold, row: StoredEvent): void {
  if (fold.broken) return;
  if (row.version !== fold.version + 1) {
    fold.broken = `version ${fold.version + 1} is missing`;
    return;
  }
  if (!chainHash(fold.hash, row).equals(row.hash)) {
    fold.broken = `hash of version ${row.version} (${row.type}) does not fit: the event was changed after it was written`;
    return;
  }
  try {
    const event = decode(row, [kind]);
    fold.state = kind.evolve(fold.state, {
      type: event.type,
      data: event.data,
      at: row.at,
      actor: row.actor,
    });
    fold.version = row.version;
    fold.hash = row.hash;
  } catch (error) {
    fold.broken = `version ${row.version} (${row.type}) cannot be folded: ${error instanceof Error ? error.message : error}`;
  }
}

async function compare(
  client: Client,
  kind: AnyKind,
  stream: string,
  fold: Fold,
  now: Date,
): Promise<Violation[]> {
  if (fold.broken) return [{ stream, what: fold.broken }];
  const [root] = await client.query<RootRow>(
    `select id, version, hash, ${stateColumns(kind)} from ${kind.table} where id = $1`,
    [stream.slice(kind.name.length + 1)],
    `journal_verify_${kind.table}`,
  );
  if (!root) return [{ stream, what: "events without a state" }];
  const state = wholeState(kind, root);
  if (root.version !== fold.version || !Buffer.from(root.hash).equals(fold.hash))
    return [{ stream, what: `state is at version ${root.version}, events end at ${fold.version}` }];
  if (canonicalJson(state) !== canonicalJson(fold.state))
    return [{ stream, what: "stored state differs from the fold of its events" }];
  const found = await compareTimers(client, kind, stream, state);
  const waits = kind.unfinished?.(state, now);
  return waits ? [...found, { stream, what: waits }] : found;
}

async function compareTimers(
  client: Client,
  kind: AnyKind,
  stream: string,
  state: unknown,
): Promise<Violation[]> {
  if (!kind.timers) return [];
  const rows = await client.query<{ name: string; due: string }>(
    "select name, due from timer where stream = $1",
    [stream],
    "journal_verify_timers",
  );
  const print = (timers: { name: string; at: string }[]) =>
    timers
      .map(({ name, at }) => `${name} at ${at}`)
      .sort()
      .join(", ");
  const stored = print(rows.map(({ name, due }) => ({ name, at: due })));
  const wanted = print(kind.timers(state));
  return stored === wanted ? [] : [{ stream, what: `timers are [${stored}], its state wants [${wanted}]` }];
}

async function strangers(client: Client, kinds: readonly AnyKind[]): Promise<Violation[]> {
  const rows = await client.query<{ stream: string }>(
    "select distinct stream from event where split_part(stream, '/', 1) <> all($1::text[]) limit 20",
    [kinds.map((kind) => kind.name)],
  );
  return rows.map(({ stream }) => ({ stream, what: "events of a kind this service does not know" }));
}

async function stuck(client: Client): Promise<Violation[]> {
  const rows = await client.query<{ consumer: string; event_id: string; error: string }>(
    "select consumer, event_id, error from stuck_event order by at limit 100",
  );
  return rows.map((row) => ({
    stream: row.event_id,
    what: `stuck before ${row.consumer}: ${row.error}; mend it and replay`,
  }));
}
