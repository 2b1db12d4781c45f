// Files at pieces of work and their bytes, whichever of them is missing.
import { kinds, migrations, schema } from "@onething/approval-workflow/service";
import { ApprovalAttached } from "@onething/contracts/approval/v1/desk_events";
import { ApprovalOpened } from "@onething/contracts/approval/v1/events";
import { createJournal, type Journal } from "@onething/journal/journal";
import { testDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leftLying, verifyAttachments } from "./verify-attachments.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let journal: Journal;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32) });
  await onRecord("a1", [
    { attachmentId: "f1", bytes: 300 },
    { attachmentId: "f2", bytes: 10 },
  ]);
  await onRecord("a2", []);
});
afterAll(async () => {
  await journal?.stop();
  await database?.close();
});
beforeEach(async () => {
  await sql("delete from attachment_upload");
  for (const [id, ...parts] of [["f1", 200, 100] as const, ["f2", 10] as const]) {
    await sql(
      "insert into attachment_upload (id, approval_id, case_id, declared, arrived_at, attached) values ($1, 'a1', 'c', '{}', now(), true)",
      id,
    );
    for (const [n, bytes] of parts.entries())
      await sql(
        "insert into attachment_part (upload_id, n, bytes, sealed) values ($1, $2, $3, '')",
        id,
        n,
        bytes,
      );
  }
});

const sql = (text: string, ...values: unknown[]) => database.db.query(text, values);

/** An approval with files, past all that the law asks of one. */
async function onRecord(id: string, files: Partial<ApprovalAttached>[]): Promise<void> {
  const opened = ApprovalOpened.fromPartial({
    id,
    caseId: "c",
    item: { code: "X", department: { code: "d" } },
  });
  const events = [
    { type: "approval.opened" as const, data: opened },
    ...files.map((file) => ({
      type: "approval.attached" as const,
      data: ApprovalAttached.fromPartial(file),
    })),
  ];
  const lawless = { ...kinds[0], decide: () => ({ events }) };
  await journal.submit(lawless, id, { type: "cancel" }, { actor: "test" });
}
const found = async () =>
  (await verifyAttachments(database.db)).map(({ stream, what }) => `${stream}: ${what}`);

test("files that are whole are left in peace, and so is what is on its way", async () => {
  await sql("update attachment_upload set attached = false where id = 'f2'");
  await sql(
    "insert into attachment_upload (id, approval_id, case_id, declared, arrived_at) values ('f3', 'a2', 'c', '{}', now() - interval '2 hours')",
  );
  await sql("insert into attachment_part (upload_id, n, bytes, sealed) values ('f3', 0, 5, '')");
  expect(await found()).toEqual([]);
  expect(await leftLying(database.db, new Date())).toEqual([]);
});

test("a file without its bytes is named, be it one part or all", async () => {
  await sql("delete from attachment_part where upload_id = 'f1' and n = 1");
  await sql("delete from attachment_upload where id = 'f2'");
  expect(await found()).toEqual([
    "approval/a1: attachment f1 has 200 of its 300 bytes",
    "approval/a1: attachment f2 has 0 of its 10 bytes",
  ]);
});

test("bytes of a file that is not on record are named", async () => {
  await sql("update attachment_upload set approval_id = 'a2' where id = 'f1'");
  await sql("update attachment_upload set approval_id = 'nobody' where id = 'f2'");
  expect(await found()).toEqual([
    "approval/a2: bytes of attachment f1 are kept, which is not on record",
    "approval/nobody: bytes of attachment f2 are kept, which is not on record",
  ]);
});

test("what the platform should have thrown away is named beside a running one", async () => {
  await sql(
    "update attachment_upload set attached = false, arrived_at = now() - interval '3 days' where id = 'f2'",
  );
  expect(await leftLying(database.db, new Date())).toEqual([
    { stream: "approval/a1", what: "upload f2 never became whole, and was not thrown away" },
  ]);
});
