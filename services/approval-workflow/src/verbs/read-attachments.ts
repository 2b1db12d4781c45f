// Files at pieces of work, listed and read: by officers of the department, who leave a trace with the people whose data the work
// holds, and by whoever reads the case (at the window too, where one took it in), as far as they are for the applicant.
import { invalid, notFound } from "@onething/kernel/errors";
import { windowClerks } from "@onething/kernel/readers";
import { actorOf, type Caller } from "@onething/service/types";
import { type FilesOfWork, filesBeside, filesOfCase, receivedOf } from "../attachment-store.ts";
import type { Approval } from "../domain/approval.ts";
import { type Attached, attachmentId } from "../domain/attachment.ts";
import { type Official, ownCase } from "../domain/obstacles.ts";
import { unknownWork } from "../domain/words.ts";
import { workById } from "../store.ts";
import { shownAttachments } from "../work.ts";
import type { Asked } from "./act.ts";
import { bytesOf } from "./attachment-bytes.ts";
import type { Deps } from "./deps.ts";
import { recordLook } from "./look.ts";

export interface OpenedFile {
  file: Attached;
  /** From the offset that was asked for. */
  bytes: AsyncIterable<Buffer>;
}

async function workOf({ db }: Deps, by: Official, id: string): Promise<Approval> {
  const found = await workById(db, by.department, id);
  if (!found) throw unknownWork();
  const party = ownCase(found.state, by);
  if (party) throw party;
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
  await recordLook(deps, by, file.id, { type: "view_attachment", of: work });
  return opened(deps, by.actor, work.caseId, file, offset);
}

/** Whose reader somebody is: a citizen their own, a clerk the windows'. */
const readsAs = ({ role, personId = "" }: Caller): string => (role === "clerk" ? windowClerks : personId);

/** What of a case is for the applicant, and the item that it lies with. */
export async function listGiven({ db }: Deps, caller: Caller, caseId: string): Promise<FilesOfWork[]> {
  const found = await filesOfCase(db, readsAs(caller), caseId);
  return found.map((work) => ({ ...work, attachments: work.attachments.filter(forApplicant) }));
}

export async function readGiven(deps: Deps, caller: Caller, id: string): Promise<OpenedFile> {
  const work = await filesBeside(deps.db, readsAs(caller), id);
  const file = work?.attachments.find((each) => each.id === id && each.forApplicant);
  if (!work || !file) throw unknownAttachment();
  const actor = actorOf(caller);
  const of = caller.role === "clerk" && (await workById(deps.db, work.department, work.id))?.state;
  if (of) await recordLook(deps, { actor, atWindow: true }, id, { type: "view_attachment", of });
  return opened(deps, actor, work.caseId, file);
}

const forApplicant = (file: Attached): boolean => file.forApplicant;

function opened(deps: Deps, actor: string, caseId: string, file: Attached, offset = 0): OpenedFile {
  const { id, bytes } = file;
  deps.log.info({ actor, attachment: id, case: caseId }, "attachment read");
  return { file, bytes: bytesOf(deps, actor, { id, caseId, bytes }, offset) };
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
