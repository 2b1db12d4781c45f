// Every SQL statement about files: what is on its way, their bytes, and what of them is for an applicant.
import type { Text } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import { type Attached, type Declared, mostFiles } from "./domain/attachment.ts";

export interface Upload {
  declared: Declared;
  /** Bytes that have come in, from the first on without a gap. */
  received: number;
}

/** Begins it, or goes on with it. Nothing: the work has all the files it may have, those on their way among them. */
export async function beginUpload(
  db: Database,
  { id, approvalId, caseId }: { id: string; approvalId: string; caseId: string },
  declared: Declared,
  at: Date,
): Promise<Upload | undefined> {
  const [row] = await db.query<Upload>(
    `insert into attachment_upload as u (id, approval_id, case_id, declared, arrived_at)
     select $1, $2, $3, $4, $5
      where (select count(*) from attachment_upload o where approval_id = $2 and id <> $1
               and exists (select from attachment_part where upload_id = o.id)) < $6
     on conflict (id) do update set arrived_at = excluded.arrived_at
     returning declared, (select coalesce(sum(bytes), 0)::int from attachment_part where upload_id = u.id) as received`,
    [id, approvalId, caseId, JSON.stringify(declared), at, mostFiles],
    "attachment_begin",
  );
  return row;
}

export async function receivedOf(db: Database, id: string): Promise<number> {
  const [row] = await db.query<{ received: number }>(
    "select coalesce(sum(bytes), 0)::int as received from attachment_part where upload_id = $1",
    [id],
    "attachment_received",
  );
  return row?.received ?? 0;
}

/** The same part again changes nothing, and one of an upload that was thrown away meanwhile is not kept. */
export async function keepPart(
  db: Database,
  { id, n, bytes, sealed }: { id: string; n: number; bytes: number; sealed: string },
  at: Date,
): Promise<void> {
  await db.query(
    `with upload as (update attachment_upload set arrived_at = $5 where id = $1 returning id)
     insert into attachment_part (upload_id, n, bytes, sealed) select id, $2, $3, $4 from upload on conflict do nothing`,
    [id, n, bytes, sealed, at],
    "attachment_part_keep",
  );
}

export async function partOf(db: Database, id: string, n: number): Promise<string | undefined> {
  const [row] = await db.query<{ sealed: string }>(
    "select sealed from attachment_part where upload_id = $1 and n = $2",
    [id, n],
    "attachment_part",
  );
  return row?.sealed;
}

export async function markAttached(db: Database, id: string): Promise<void> {
  await db.query("update attachment_upload set attached = true where id = $1", [id], "attachment_mark");
}

const isAttached = `exists (select from approval a where a.id = u.approval_id
  and a.state -> 'attachments' @> jsonb_build_array(jsonb_build_object('id', u.id)))`;

/** Throws an upload away; what is attached stays. */
export async function dropUpload(db: Database, id: string): Promise<void> {
  await db.query(
    `delete from attachment_upload u where u.id = $1 and not u.attached and not ${isAttached}`,
    [id],
    "attachment_drop",
  );
}

/** Throws away what nothing more has come of since an instant; answers with how many. Marks what was only not marked. */
export async function dropStale(db: Database, before: Date): Promise<number> {
  const gone = await db.query(
    `with stale as (
       select u.id, ${isAttached} as attached from attachment_upload u
        where not u.attached and u.arrived_at < $1 for update skip locked),
     marked as (update attachment_upload u set attached = true from stale s where s.id = u.id and s.attached)
     delete from attachment_upload u using stale s where s.id = u.id and not s.attached returning u.id`,
    [before],
    "attachment_sweep",
  );
  return gone.length;
}

/** The files of one piece of work, with what it is. */
export interface FilesOfWork {
  id: string;
  caseId: string;
  item: string;
  name: Text;
  department: string;
  attachments: Attached[];
}

const files = `a.id, a.case_id as "caseId", a.item, a.state -> 'item' -> 'name' as name, a.department,
  a.state -> 'attachments' as attachments`;

/** Of a case among whose readers somebody is; nobody has the empty name. */
export const filesOfCase = (db: Database, reader: string, caseId: string): Promise<FilesOfWork[]> =>
  db.query(
    `select ${files} from approval a where a.id in (select approval_id from attachment_upload where case_id = $1)
        and a.state ? 'attachments' and a.state -> 'readers' ? nullif($2, '') order by a.opened_at, a.id`,
    [caseId, reader],
    "attachments_of_case",
  );

/** Of the work that a file lies with. */
export async function filesBeside(
  db: Database,
  reader: string,
  id: string,
): Promise<FilesOfWork | undefined> {
  const [row] = await db.query<FilesOfWork>(
    `select ${files} from attachment_upload u join approval a on a.id = u.approval_id
      where u.id = $1 and a.state ? 'attachments' and a.state -> 'readers' ? nullif($2, '')`,
    [id, reader],
    "attachments_beside",
  );
  return row;
}
