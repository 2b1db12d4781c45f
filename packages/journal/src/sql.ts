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
    (name) => `case when decode(k.hash, 'base64') is distinct from r.hash then r."${name}" end as "${name}"`,
  );
  const rows = await client.query<{ id: string; version: number; hash: Buffer; state: unknown }>(
    `select r.id, r.version, r.hash, ${columns.join(", ")}
       from json_to_recordset($1::json) k(id text, hash text) join ${kind.table} r on r.id = k.id`,
    [JSON.stringify(ids.map((id) => ({ id, hash: base64(known.get(id)?.hash) })))],
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
       from json_to_recordset($1::json) w(actor text, key text) join command_key k using (actor, key)`,
    [JSON.stringify(commands.map(({ actor, key }) => ({ actor, key })))],
    "journal_keys",
  );
  return new Map(rows.map((row) => [keyOf(row.actor, row.key), row]));
}

/**
 * Rows travel as one JSON text each table: an array of texts has every quote in them escaped here and unescaped there.
 * Payloads and hashes travel as one binary value, cut here, for in JSON every byte would be two hex digits.
 */
const writeAll = (kind: AnyKind) => `
  with events as (
    insert into event (stream, version, type, schema_version, case_id, actor, at, trace, payload, hash)
    select stream, version, type, schema, "caseId", actor, $9::timestamptz, trace,
           substring($3::bytea from start for length), ${hashAt("$4", "n")}
      from rows from (json_to_recordset($2::json) as (stream text, version int, type text, schema smallint,
             "caseId" text, actor text, trace text, start int, length int)) with ordinality
        as w(stream, version, type, schema, "caseId", actor, trace, start, length, n)
     order by n
  ), keys as (${writeKeysSql(5, 9)}
  ), gone as (
    delete from timer using json_to_recordset($7::json) as w(stream text, name text)
     where timer.stream = w.stream and timer.name = w.name
  ), due as (
    insert into timer (stream, name, kind, root_id, due)
    select stream, name, kind, id, due
      from json_to_recordset($8::json) as w(stream text, name text, kind text, id text, due timestamptz)
    on conflict (stream, name) do update set due = excluded.due
  ) ${writeRoots(kind, 1)}`;

const hashAt = (blob: string, n: string): string =>
  `substring(${blob}::bytea from ((${n} - 1) * ${hashBytes} + 1)::int for ${hashBytes})`;

function writeKeysSql(p: number, at: number): string {
  return `
    insert into command_key (actor, key, request_hash, stream, version, answer, at)
    select actor, key, ${hashAt(`$${p + 1}`, "n")}, stream, version, answer, $${at}::timestamptz
      from rows from (json_to_recordset($${p}::json)
             as (actor text, key text, stream text, version int, answer jsonb)) with ordinality
        as w(actor, key, stream, version, answer, n)`;
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
  const { at, events, keys, timersSet, timersGone } = batch;
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
      rootsAsJson(first[1]),
      ...eventRows(events),
      ...keyRows(keys),
      JSON.stringify(timersGone),
      JSON.stringify(timersSet),
      at,
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
  client.query(writeKeysSql(1, 3), [...keyRows(batch.keys), batch.at], "journal_write_keys");

const keyRows = (keys: Batch["keys"]): unknown[] => [
  JSON.stringify(keys.map(({ requestHash: _, ...row }) => row)),
  Buffer.concat(keys.map((row) => row.requestHash)),
];

/** Rows, payloads and hashes. A row says where its payload starts, from 1, and how long it is. */
function eventRows(events: Batch["events"]): unknown[] {
  let start = 1;
  const rows = events.map(({ payload, hash: _hash, at: _at, ...row }) => {
    const at = start;
    start += payload.length;
    return { ...row, start: at, length: payload.length };
  });
  return [
    JSON.stringify(rows),
    Buffer.concat(events.map((e) => e.payload)),
    Buffer.concat(events.map((e) => e.hash)),
  ];
}

const rootsAsJson = (roots: ChangedRoot[]): string =>
  JSON.stringify(
    roots.map(({ kind, id, root: { version, hash, state }, before }) => ({
      id,
      version,
      hash: base64(hash),
      ...splitState(kind, state, before),
    })),
  );

const base64 = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
