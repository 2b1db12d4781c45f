// Files at pieces of work against their bytes: the approvals' events say which there are, the store keeps what is in them.
import type { Database } from "@onething/postgres/database";
import type { Contradiction } from "./verify-case.ts";

/** Each looks at one moment: bytes are there before their attachment is on record, and marked as such behind it. */
export async function verifyAttachments(db: Database): Promise<Contradiction[]> {
  return [...(await withoutBytes(db)), ...(await withoutAttachment(db))];
}

const withoutBytes = (db: Database): Promise<Contradiction[]> =>
  db.query(
    `select 'approval/' || id as stream,
            'attachment ' || attachment || ' has ' || kept || ' of its ' || bytes || ' bytes' as what
       from (select a.id, f ->> 'id' as attachment, (f ->> 'bytes')::int as bytes,
                    (select coalesce(sum(p.bytes), 0) from attachment_part p where p.upload_id = f ->> 'id') as kept
               from approval a cross join jsonb_array_elements(a.state -> 'attachments') f) files
      where kept <> bytes order by id, attachment`,
  );

const withoutAttachment = (db: Database): Promise<Contradiction[]> =>
  db.query(
    `select 'approval/' || u.approval_id as stream,
            'bytes of attachment ' || u.id || ' are kept, which is not on record' as what
       from attachment_upload u
      where u.attached and not exists (select from approval a where a.id = u.approval_id
        and a.state -> 'attachments' @> jsonb_build_array(jsonb_build_object('id', u.id)))
      order by u.approval_id, u.id`,
  );

/** What the platform throws away after a day, while it runs; the rest of the second is its own to be late in. */
const tooLateMs = 48 * 3_600_000;

/** Beside a running platform: uploads that should have gone long ago. */
export const leftLying = (db: Database, now: Date): Promise<Contradiction[]> =>
  db.query(
    `select 'approval/' || approval_id as stream, 'upload ' || id || ' never became whole, and was not thrown away' as what
       from attachment_upload where not attached and arrived_at < $1 order by approval_id, id`,
    [new Date(now.getTime() - tooLateMs)],
  );
