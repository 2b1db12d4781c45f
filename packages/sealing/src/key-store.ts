// All SQL of the keyring. Whatever gives out a key records it in the same statement: no access without its row.

import type { Client, Database } from "@onething/postgres/database";

export interface KeyRow {
  id: string;
  owner: string;
  /** Null once destroyed. */
  wrapped: Buffer | null;
  master_version: number | null;
}

export interface Candidate {
  id: string;
  owner: string;
  wrapped: Buffer;
  masterVersion: number;
}

export interface Audit {
  actor: string;
  purpose: string;
}

const CREATE = `
  with candidate as (
    select * from unnest($1::text[], $2::text[], $3::bytea[], $4::integer[]) as c (id, owner, wrapped, version)
  ), made as (
    insert into data_key (id, owner, wrapped, master_version)
    select id, owner, wrapped, version from candidate order by owner
    on conflict (owner) do nothing
    returning id, owner, wrapped, master_version
  ), found as (
    select d.id, d.owner, d.wrapped, d.master_version from data_key d join candidate c on c.owner = d.owner
  ), audited as (
    insert into keyring_access (key_id, action, actor, purpose)
    select id, 'seal', $5, $6 from found where wrapped is not null
  )
  select * from made union all select * from found`;

/**
 * The keys of these owners, made where there was none. Sorted, so that two bulks never wait for each other in a circle.
 * An owner whose key another process made while we did is not seen by this statement: ask again with `ofOwners`.
 */
export function createKeys(db: Database, candidates: Candidate[], audit: Audit): Promise<KeyRow[]> {
  const values = [
    candidates.map(({ id }) => id),
    candidates.map(({ owner }) => owner),
    candidates.map(({ wrapped }) => wrapped),
    candidates.map(({ masterVersion }) => masterVersion),
    audit.actor,
    audit.purpose,
  ];
  return db.query<KeyRow>(CREATE, values, "keyring_create");
}

const OF_OWNERS = `
  with found as (
    select id, owner, wrapped, master_version from data_key where owner = any($1::text[])
  ), audited as (
    insert into keyring_access (key_id, action, actor, purpose)
    select id, 'seal', $2, $3 from found where wrapped is not null
  )
  select * from found`;

export function keysOfOwners(db: Database, owners: string[], audit: Audit): Promise<KeyRow[]> {
  return db.query<KeyRow>(OF_OWNERS, [owners, audit.actor, audit.purpose], "keyring_of_owners");
}

const FETCH = `
  with wanted as (
    select distinct * from unnest($1::text[], $2::text[], $3::text[]) as w (id, actor, purpose)
  ), audited as (
    insert into keyring_access (key_id, action, actor, purpose)
    select w.id, 'open', w.actor, w.purpose from wanted w join data_key d on d.id = w.id where d.wrapped is not null
  )
  select id, owner, wrapped, master_version from data_key where id = any($1::text[])`;

export function fetchKeys(db: Database, wanted: Array<Audit & { id: string }>): Promise<KeyRow[]> {
  const values = [
    wanted.map(({ id }) => id),
    wanted.map(({ actor }) => actor),
    wanted.map(({ purpose }) => purpose),
  ];
  return db.query<KeyRow>(FETCH, values, "keyring_fetch");
}

const NEWEST = `
  with newest as (
    select id, owner, wrapped, master_version from data_key where wrapped is not null order by id desc limit 1
  ), audited as (
    insert into keyring_access (key_id, action, actor, purpose) select id, 'check', $1, $2 from newest
  )
  select * from newest`;

export async function newestKey(db: Database, audit: Audit): Promise<KeyRow | undefined> {
  return (await db.query<KeyRow>(NEWEST, [audit.actor, audit.purpose]))[0];
}

export async function hasKeys(db: Database): Promise<boolean> {
  const [row] = await db.query<{ any: boolean }>("select exists (select from data_key) as any");
  return row!.any;
}

const DESTROY = `
  with gone as (
    update data_key set wrapped = null, master_version = null, destroyed_at = now()
    where owner = $1 and destroyed_at is null
    returning id
  )
  insert into keyring_access (key_id, action, actor, purpose) select id, 'destroy', $2, $3 from gone`;

export async function destroyKey(db: Database, owner: string, audit: Audit): Promise<void> {
  await db.query(DESTROY, [owner, audit.actor, audit.purpose]);
}

// ---- Rotation: not an access, nobody is given a key ----

export function keysNotUnder(client: Client, version: number, limit: number): Promise<KeyRow[]> {
  return client.query<KeyRow>(
    `select id, owner, wrapped, master_version from data_key
     where wrapped is not null and master_version <> $1 order by id limit $2`,
    [version, limit],
  );
}

export function keysUnder(client: Client, version: number, limit: number): Promise<KeyRow[]> {
  return client.query<KeyRow>(
    `select id, owner, wrapped, master_version from data_key
     where wrapped is not null and master_version = $1 limit $2`,
    [version, limit],
  );
}

/** A key that was destroyed meanwhile stays destroyed. */
export async function rewrapKeys(client: Client, keys: Candidate[]): Promise<void> {
  await client.query(
    `update data_key d set wrapped = k.wrapped, master_version = k.version
     from unnest($1::text[], $2::bytea[], $3::integer[]) as k (id, wrapped, version)
     where d.id = k.id and d.wrapped is not null`,
    [
      keys.map(({ id }) => id),
      keys.map(({ wrapped }) => wrapped),
      keys.map(({ masterVersion }) => masterVersion),
    ],
  );
}

export async function versionsInUse(client: Client): Promise<Set<number>> {
  const rows = await client.query<{ version: number }>(
    "select distinct master_version as version from data_key where wrapped is not null",
  );
  return new Set(rows.map(({ version }) => version));
}

// ---- Who holds which version of the master key ----

export interface Reader {
  id: string;
  name: string;
  /** `fingerprint` of each version. */
  versions: string[];
  wraps: number;
}

const TELL = `
  with told as (
    insert into master_reader (id, name, versions, wraps) values ($1, $2, $3, $4)
    on conflict (id) do update set versions = excluded.versions, wraps = excluded.wraps, at = now()
  )
  select max(master_version) as newest from data_key where wrapped is not null`;

/** Tells what this process holds, and answers with the newest version that any data key is wrapped under. */
export async function tellReader(db: Database, { id, name, versions, wraps }: Reader): Promise<number> {
  const rows = await db.query<{ newest: number | null }>(TELL, [id, name, versions, wraps], "keyring_tell");
  return rows[0]?.newest ?? 0;
}

export async function forgetReader(db: Database, id: string): Promise<void> {
  await db.query("delete from master_reader where id = $1", [id]);
}

export function liveReaders(client: Client): Promise<Reader[]> {
  return client.query<Reader>(
    "select id, name, versions, wraps from master_reader where at > now() - interval '1 minute' order by name",
  );
}

export async function forgetGoneReaders(client: Client): Promise<void> {
  await client.query("delete from master_reader where at < now() - interval '1 hour'");
}
