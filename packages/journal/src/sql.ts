// The SQL of a flush. Names of root tables come from kinds, which are code, never from a caller.
import type { Client } from "@onething/postgres/database";
import type { Batch, ChangedRoot, Command, KeyRow, Root } from "./flush.ts";
import { keyOf } from "./flush.ts";
import { type AnyKind, streamOf } from "./kind.ts";
import { splitState, stateColumns, wholeState } from "./state.ts";

export async function loadRoots(client: Client, commands: readonly Command[]): Promise<Map<string, Root>> {
  const wanted = new Map<AnyKind, Set<string>>();
  for (const { kind, id } of commands) wanted.set(kind, (wanted.get(kind) ?? new Set()).add(id));
  const found = await Promise.all(
    [...wanted].map(async ([kind, ids]) => {
      const rows = await client.query<Root & { id: string; frozen?: unknown }>(
        `select id, version, hash, ${stateColumns(kind)} from ${kind.table} where id = any($1::text[])`,
        [[...ids]],
        `journal_load_${kind.table}`,
      );
      return rows.map(({ id, version, hash, ...row }) => {
        const root: Root = { version, hash, state: wholeState(row) };
        return [streamOf(kind, id), root] as const;
      });
    }),
  );
  return new Map(found.flat());
}

export async function loadKeys(client: Client, commands: readonly Command[]): Promise<Map<string, KeyRow>> {
  const rows = await client.query<KeyRow & { actor: string; key: string }>(
    `select k.actor, k.key, k.request_hash as "requestHash", k.stream, k.version, k.answer
       from unnest($1::text[], $2::text[]) w(actor, key) join command_key k using (actor, key)`,
    [commands.map((c) => c.actor), commands.map((c) => c.key)],
    "journal_keys",
  );
  return new Map(rows.map((row) => [keyOf(row.actor, row.key), row]));
}

const writeAll = (kind: AnyKind) => `
  with events as (
    insert into event (stream, version, type, schema_version, case_id, actor, at, trace, payload, hash)
    select * from unnest($1::text[], $2::int[], $3::text[], $4::smallint[], $5::text[], $6::text[],
                         $7::timestamptz[], $8::text[], $9::bytea[], $10::bytea[])
  ), keys as (
    insert into command_key (actor, key, request_hash, stream, version, answer, at)
    select a, k, r, s, v, j::jsonb, t
      from unnest($11::text[], $12::text[], $13::bytea[], $14::text[], $15::int[], $16::text[], $17::timestamptz[])
        as w(a, k, r, s, v, j, t)
  ), gone as (
    delete from timer using unnest($18::text[], $19::text[]) w(s, n) where stream = w.s and name = w.n
  ), due as (
    insert into timer (stream, name, kind, root_id, due)
    select * from unnest($20::text[], $21::text[], $22::text[], $23::text[], $24::timestamptz[])
    on conflict (stream, name) do update set due = excluded.due
  ) ${writeRoots(kind, 25)}`;

/** Roots travel as one JSON text: in an array of texts every quote of a state would be escaped here and unescaped there. */
function writeRoots({ table, frozen }: AnyKind, parameter: number): string {
  const [column, type, keep] = frozen
    ? [", frozen", ", frozen jsonb", `, frozen = coalesce(excluded.frozen, ${table}.frozen)`]
    : ["", "", ""];
  return `
  insert into ${table} (id, version, hash, state${column})
  select id, version, decode(hash, 'base64'), state${column}
    from jsonb_to_recordset($${parameter}::jsonb) as w(id text, version int, hash text, state jsonb${type})
  on conflict (id) do update
    set version = excluded.version, hash = excluded.hash, state = excluded.state${keep}`;
}

/** Sends a batch: one statement, and one more for each further kind of root that the flush has touched. */
export function write(client: Client, batch: Batch): Promise<unknown>[] {
  const { events, keys, timersSet, timersGone } = batch;
  const byKind = new Map<AnyKind, ChangedRoot[]>();
  for (const changed of batch.roots.values()) {
    const rows = byKind.get(changed.kind);
    if (rows) rows.push(changed);
    else byKind.set(changed.kind, [changed]);
  }
  const [first, ...others] = [...byKind];
  if (!first) return [writeKeys(client, batch)];
  const all = client.query(
    writeAll(first[0]),
    [
      events.map((e) => e.stream),
      events.map((e) => e.version),
      events.map((e) => e.type),
      events.map((e) => e.schema),
      events.map((e) => e.caseId),
      events.map((e) => e.actor),
      events.map((e) => e.at),
      events.map((e) => e.trace),
      events.map((e) => e.payload),
      events.map((e) => e.hash),
      ...keyColumns(keys),
      timersGone.map((t) => t.stream),
      timersGone.map((t) => t.name),
      timersSet.map((t) => t.stream),
      timersSet.map((t) => t.name),
      timersSet.map((t) => t.kind),
      timersSet.map((t) => t.id),
      timersSet.map((t) => t.due),
      rootsAsJson(first[1]),
    ],
    `journal_write_${first[0].table}`,
  );
  const more = others.map(([kind, roots]) =>
    client.query(writeRoots(kind, 1), [rootsAsJson(roots)], `journal_roots_${kind.table}`),
  );
  return [all, ...more];
}

/** Commands that changed nothing leave only their keys. */
function writeKeys(client: Client, batch: Batch): Promise<unknown> {
  return client.query(
    `insert into command_key (actor, key, request_hash, stream, version, answer, at)
     select a, k, r, s, v, j::jsonb, t
       from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::int[], $6::text[], $7::timestamptz[])
         as w(a, k, r, s, v, j, t)`,
    keyColumns(batch.keys),
    "journal_write_keys",
  );
}

const keyColumns = (keys: Batch["keys"]): unknown[] => [
  keys.map((k) => k.actor),
  keys.map((k) => k.key),
  keys.map((k) => k.requestHash),
  keys.map((k) => k.stream),
  keys.map((k) => k.version),
  keys.map((k) => JSON.stringify(k.answer)),
  keys.map((k) => k.at),
];

const rootsAsJson = (roots: ChangedRoot[]): string =>
  JSON.stringify(
    roots.map(({ kind, id, root: { version, hash, state }, before }) => ({
      id,
      version,
      hash: Buffer.from(hash).toString("base64"),
      ...splitState(kind, state, before),
    })),
  );
