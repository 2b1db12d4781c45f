// Files at pieces of work, listed and read: by officers of the department, who leave a trace with the people whose data the work
// holds, and by whoever reads the case, as far as they are for the applicant.
import { invalid, notFound } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import { type FilesOfWork, filesBeside, filesOfCase, receivedOf } from "../attachment-store.ts";
import type { Approval } from "../domain/approval.ts";
import { type Attached, attachmentId } from "../domain/attachment.ts";
import type { Official } from "../domain/obstacles.ts";
import { viewingId } from "../domain/viewing.ts";
import { unknownWork } from "../domain/words.ts";
import { viewingKind } from "../kind.ts";
import { workById } from "../store.ts";
import { shownAttachments } from "../work.ts";
import type { Asked } from "./act.ts";
import { bytesOf } from "./attachment-bytes.ts";
import type { Deps } from "./deps.ts";

export interface OpenedFile {
  file: Attached;
  /** From the offset that was asked for. */
  bytes: AsyncIterable<Buffer>;
}

async function workOf({ db }: Deps, by: Official, id: string): Promise<Approval> {
  const found = await workById(db, by.department, id);
  if (!found) throw unknownWork();
  return found.state;
}

export const listAttachments = async (deps: Deps, by: Official, id: string): Promise<Attached[]> =>
  shownAttachments(await workOf(deps, by, id));

/** How far the caller's own upload under a key has come. */
export async function findUpload(
  deps: Deps,
  by: Official,
  { id, key }: Asked,
): Promise<{ received: number; attached?: Attached }> {
  const work = await workOf(deps, by, id);
  const file = attachmentId(id, by.actor, key);
  const attached = work.attachments?.find((each) => each.id === file);
  return attached ? { received: attached.bytes, attached } : { received: await receivedOf(deps.db, file) };
}

export async function readAttachment(
  deps: Deps,
  by: Official,
  which: { id: string; attachment: string; offset?: number },
): Promise<OpenedFile> {
  const work = await workOf(deps, by, which.id);
  const file = shownAttachments(work).find(({ id }) => id === which.attachment);
  if (!file) throw unknownAttachment();
  const offset = offsetIn(file, which.offset);
  await recordLook(deps, by.actor, work, file);
  return opened(deps, by.actor, work.caseId, file, offset);
}

/** What of a case is for the applicant, and the item that it lies with. */
export async function listOwn({ db }: Deps, caller: Caller, caseId: string): Promise<FilesOfWork[]> {
  const found = await filesOfCase(db, caller.personId ?? "", caseId);
  return found.map((work) => ({ ...work, attachments: work.attachments.filter(forApplicant) }));
}

export async function readOwn(deps: Deps, caller: Caller, id: string): Promise<OpenedFile> {
  const work = await filesBeside(deps.db, caller.personId ?? "", id);
  const file = work?.attachments.find((each) => each.id === id && each.forApplicant);
  if (!work || !file) throw unknownAttachment();
  return opened(deps, actorOf(caller), work.caseId, file);
}

const forApplicant = (file: Attached): boolean => file.forApplicant;

function opened(deps: Deps, actor: string, caseId: string, file: Attached, offset = 0): OpenedFile {
  const { id, bytes } = file;
  deps.log.info({ actor, attachment: id, case: caseId }, "attachment read");
  return { file, bytes: bytesOf(deps, actor, { id, caseId, bytes }, offset) };
}

/** Whoever goes on reading within the hour is the same reader: one look. */
async function recordLook(
  { journal, now }: Deps,
  actor: string,
  of: Approval,
  file: Attached,
): Promise<void> {
  const id = viewingId(file.id, actor, now());
  const view = { type: "view_attachment", of, by: actor, id } as const;
  await journal.submit(viewingKind, id, view, { actor, key: `view:${id}`, body: { view: id } });
}

function offsetIn({ bytes }: Attached, offset = 0): number {
  if (offset >= 0 && offset <= bytes) return offset;
  throw invalid(
    "attachment.offset_invalid",
    `偏移量须在 0 至 ${bytes} 之间`,
    `The offset lies between 0 and ${bytes}`,
  );
}

const unknownAttachment = () =>
  notFound(
    "attachment.not_found",
    "没有这个附件，或者不是给您看的",
    "There is no such attachment, or it is not for you",
  );
