// The SQL of a flush. Names of root tables come from kinds, which are code, never from a caller.
import type { Client } from "@onething/postgres/database";
import { type Batch, type ChangedRoot, type Command, type KeyRow, keyOf, type Root } from "./batch.ts";
import type { RootCache } from "./cache.ts";
import { hashBytes } from "./chain.ts";
import { type AnyKind, streamOf } from "./kind.ts";
import { apartColumns, splitState, wholeState } from "./state.ts";

/** Loads the roots that commands are about; a state that the cache holds unchanged, by its hash, is not sent again. */
export async function loadRoots(
  client: Client,
  commands: readonly Command[],
  cache: RootCache,
): Promise<Map<string, Root>> {
  const wanted = new Map<AnyKind, Set<string>>();
  for (const { kind, id } of commands) wanted.set(kind, (wanted.get(kind) ?? new Set()).add(id));
  const found = await Promise.all([...wanted].map(([kind, ids]) => loadKind(client, kind, [...ids], cache)));
  return new Map(found.flat());
}

async function loadKind(client: Client, kind: AnyKind, ids: string[], cache: RootCache) {
  // Held here while the query runs: the cache may let go of one for another's sake.
  const known = new Map(ids.map((id) => [id, cache.get(streamOf(kind, id))]));
  const columns = ["state", ...(kind.apart ?? [])].map(
    (name) => `case when k.hash is distinct from r.hash then r."${name}" end as "${name}"`,
  );
  const rows = await client.query<{ id: string; version: number; hash: Buffer; state: unknown }>(
    `select r.id, r.version, r.hash, ${columns.join(", ")}
       from unnest($1::text[], $2::bytea[]) k(id, hash) join ${kind.table} r on r.id = k.id`,
    [ids, ids.map((id) => known.get(id)?.hash ?? null)],
    `journal_load_${kind.table}`,
  );
  return rows.map(({ id, version, hash, ...row }) => {
    const stream = streamOf(kind, id);
    const root = row.state === null ? known.get(id)! : { version, hash, state: wholeState(kind, row) };
    cache.put(stream, root);
    return [stream, root] as const;
  });
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

/**
 * Payloads and hashes travel as one binary value each, cut here: in an array every byte would be two hex digits, made there
 * and read here.
 */
const writeAll = (kind: AnyKind) => `
  with events as (
    insert into event (stream, version, type, schema_version, case_id, actor, at, trace, payload, hash)
    select stream, version, type, schema_version, case_id, actor, at, trace,
           substring($11::bytea from start for length), ${hashAt("$12", "n")}
      from unnest($1::text[], $2::int[], $3::text[], $4::smallint[], $5::text[], $6::text[],
                  $7::timestamptz[], $8::text[], $9::int[], $10::int[]) with ordinality
        as w(stream, version, type, schema_version, case_id, actor, at, trace, start, length, n)
     order by n
  ), keys as (${writeKeysSql(13)}
  ), gone as (
    delete from timer using unnest($20::text[], $21::text[]) w(s, n) where stream = w.s and name = w.n
  ), due as (
    insert into timer (stream, name, kind, root_id, due)
    select * from unnest($22::text[], $23::text[], $24::text[], $25::text[], $26::timestamptz[])
    on conflict (stream, name) do update set due = excluded.due
  ) ${writeRoots(kind, 27)}`;

const hashAt = (blob: string, n: string): string =>
  `substring(${blob}::bytea from ((${n} - 1) * ${hashBytes} + 1)::int for ${hashBytes})`;

function writeKeysSql(p: number): string {
  return `
    insert into command_key (actor, key, request_hash, stream, version, answer, at)
    select a, k, ${hashAt(`$${p + 6}`, "n")}, s, v, j::jsonb, t
      from unnest($${p}::text[], $${p + 1}::text[], $${p + 2}::text[], $${p + 3}::int[], $${p + 4}::text[],
                  $${p + 5}::timestamptz[]) with ordinality as w(a, k, s, v, j, t, n)`;
}

/** Roots travel as one JSON text: in an array of texts every quote of a state would be escaped here and unescaped there. */
function writeRoots(kind: AnyKind, parameter: number): string {
  const { names, types, keep } = apartColumns(kind);
  return `
  insert into ${kind.table} (id, version, hash, state${names})
  select id, version, decode(hash, 'base64'), state${names}
    from jsonb_to_recordset($${parameter}::jsonb) as w(id text, version int, hash text, state jsonb${types})
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
      ...payloadColumns(events),
      Buffer.concat(events.map((e) => e.hash)),
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
const writeKeys = (client: Client, batch: Batch): Promise<unknown> =>
  client.query(writeKeysSql(1), keyColumns(batch.keys), "journal_write_keys");

const keyColumns = (keys: Batch["keys"]): unknown[] => [
  keys.map((k) => k.actor),
  keys.map((k) => k.key),
  keys.map((k) => k.stream),
  keys.map((k) => k.version),
  keys.map((k) => JSON.stringify(k.answer)),
  keys.map((k) => k.at),
  Buffer.concat(keys.map((k) => k.requestHash)),
];

/** Where each payload starts (from 1) and how long it is, and all of them. */
function payloadColumns(events: Batch["events"]): unknown[] {
  let start = 1;
  const starts = events.map(({ payload }) => {
    const at = start;
    start += payload.length;
    return at;
  });
  return [starts, events.map((e) => e.payload.length), Buffer.concat(events.map((e) => e.payload))];
}

const rootsAsJson = (roots: ChangedRoot[]): string =>
  JSON.stringify(
    roots.map(({ kind, id, root: { version, hash, state }, before }) => ({
      id,
      version,
      hash: Buffer.from(hash).toString("base64"),
      ...splitState(kind, state, before),
    })),
  );
