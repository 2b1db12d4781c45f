// Every SQL statement of this service's reads. Writing is the journal's.

import type { HolderAccessed } from "@onething/contracts/licence/v1/events";
import type { RecordedEvent } from "@onething/journal/journal";
import { decode, eventColumns, type StoredEvent, streamOf } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Held } from "./domain/grant.ts";
import type { HolderState } from "./domain/holder.ts";
import type { LicenceState } from "./domain/licence.ts";
import { type Revocation, revocationId } from "./domain/revocation.ts";
import { holderKind, revocationKind } from "./kinds.ts";

export interface LicenceRow {
  id: string;
  state: LicenceState;
}

/** A licence counts while nothing ends it: not cancelled, not expired on that day, not followed by a new version. */
export const heldSql = `
  select l.id, l.state
    from unnest($1::text[], $2::text[], $3::text[]) as asked (holder_id, evidence, to_holder_id)
    join licence l on l.holder_id = asked.holder_id and l.evidence = asked.evidence and l.status = 'valid'
   where (asked.to_holder_id = '' or l.to_holder_id = asked.to_holder_id)
     and (l.valid_until = '' or l.valid_until >= $4)
     and not exists (select from licence newer where newer.replaces = l.identifier)
   order by l.holder_id, l.evidence, l.issued_at desc, l.identifier`;

/** All that several people hold of many types, in one query. `day` is a civil date of the city. */
export const held = (db: Database, asked: readonly Held[], day: string): Promise<LicenceRow[]> =>
  db.query<LicenceRow>(
    heldSql,
    [asked.map((a) => a.holderId), asked.map((a) => a.evidence), asked.map((a) => a.toHolderId), day],
    "licence_held",
  );

/** What a grant may replace or end: also what has expired, but nothing that was issued by the same grant. */
export const endable = (db: Database, of: Held, except: readonly string[]): Promise<LicenceRow[]> =>
  db.query<LicenceRow>(
    `select id, state from licence l
      where holder_id = $1 and evidence = $2 and ($3 = '' or to_holder_id = $3) and status = 'valid'
        and id <> all($4::text[]) and not exists (select from licence newer where newer.replaces = l.identifier)
      order by issued_at desc, identifier`,
    [of.holderId, of.evidence, of.toHolderId, except],
    "licence_endable",
  );

/** Who may read a licence; what is not theirs is not found. */
export type Reader = { holder: string } | { issuer: string } | "anyone";

export async function readable(
  db: Database,
  identifier: string,
  reader: Reader,
): Promise<LicenceRow | undefined> {
  const who = reader === "anyone" ? {} : reader;
  const [row] = await db.query<LicenceRow>(
    `select id, state from licence
      where identifier = $1 and ($2::text is null or holder_id = $2) and ($3::text is null or issuer = $3)`,
    [identifier, "holder" in who ? who.holder : null, "issuer" in who ? who.issuer : null],
    "licence_readable",
  );
  return row;
}

/** A person's licences, newest first, from after a cursor on. */
export const wallet = (
  db: Database,
  holderId: string,
  after: { issuedAt: string; identifier: string } | undefined,
  limit: number,
): Promise<LicenceRow[]> =>
  db.query<LicenceRow>(
    `select id, state from licence
      where holder_id = $1 and ($2::text is null or (issued_at, identifier) < ($2, $3))
      order by issued_at desc, identifier desc limit $4`,
    [holderId, after?.issuedAt ?? null, after?.identifier ?? null, limit],
    "licence_wallet",
  );

/** What an item of a case has issued. */
export const issuedFor = (db: Database, caseId: string, item: string): Promise<LicenceRow[]> =>
  db.query<LicenceRow>(
    `select id, state from licence
      where state ->> 'caseId' = $1 and state ->> 'item' = $2 and state ->> 'caseId' <> '' order by id`,
    [caseId, item],
    "licence_issued_for",
  );

/** What an item of a case has replaced or taken away. */
export const endedBy = (db: Database, caseId: string, item: string): Promise<LicenceRow[]> =>
  db.query<LicenceRow>(
    `select id, state from licence
      where state -> 'cancelled' ->> 'caseId' = $1 and state -> 'cancelled' ->> 'item' = $2
        and state -> 'cancelled' ->> 'caseId' <> '' order by id`,
    [caseId, item],
    "licence_ended_by",
  );

/** The mark of a grant that was taken back. */
export async function revocationOf(
  db: Database,
  caseId: string,
  item: string,
): Promise<Revocation | undefined> {
  const [row] = await db.query<{ state: Revocation }>(
    `select state from ${revocationKind.table} where id = $1`,
    [revocationId(caseId, item)],
    "revocation_of",
  );
  return row?.state;
}

export async function holdsAny(db: Database, holderId: string): Promise<boolean> {
  const rows = await db.query("select from licence where holder_id = $1 limit 1", [holderId], "holds_any");
  return rows.length > 0;
}

export async function holderOfNumber(db: Database, numberHash: string): Promise<HolderState | undefined> {
  const rows = await db.query<{ state: HolderState }>(
    "select state from holder where number_hash = $1",
    [numberHash],
    "holder_of_number",
  );
  return rows[0]?.state;
}

export async function holdersOf(db: Database, personIds: readonly string[]): Promise<HolderState[]> {
  const rows = await db.query<{ state: HolderState }>(
    "select state from holder where id = any($1::text[]) order by id",
    [personIds],
    "holders_of",
  );
  return rows.map((row) => row.state);
}

/** Looks at what a person holds, newest first, older than a version of the person's stream. */
export async function looksAt(
  db: Database,
  personId: string,
  before: number,
  limit: number,
): Promise<RecordedEvent[]> {
  const rows = await db.query<StoredEvent>(
    `select ${eventColumns} from event
      where stream = $1 and version < $2 and type = 'holder.accessed' order by version desc limit $3`,
    [streamOf(holderKind, personId), before, limit],
    "looks_at",
  );
  return rows.map((row) => decode(row, [holderKind as never]));
}

const looksAtOnce = 500;

/** Cases other than its own in which a licence was shown to somebody. */
export async function casesShown(
  db: Database,
  { holderId, identifier, caseId }: Pick<LicenceState, "holderId" | "identifier" | "caseId">,
): Promise<string[]> {
  const cases = new Set<string>();
  for (let before = 2 ** 31 - 1; before > 0; ) {
    const looks = await looksAt(db, holderId, before, looksAtOnce);
    for (const { data } of looks as { data: HolderAccessed }[])
      if (data.identifiers.includes(identifier)) cases.add(data.caseId);
    before = looks.length === looksAtOnce ? looks.at(-1)!.version : 0;
  }
  return [...cases].filter((each) => each && each !== caseId).sort();
}
