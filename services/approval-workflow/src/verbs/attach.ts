// A file is attached to a piece of work: taken in part by part as it comes, each sealed and kept, and on record once it is whole
// and what its sender said it is. Whatever was cut goes on where it was; what turns out to be another file is thrown away.
import { createHash } from "node:crypto";
import { conflict, invalid } from "@onething/kernel/errors";
import { beginUpload, dropUpload, keepPart, markAttached } from "../attachment-store.ts";
import {
  type Attached,
  attachmentId,
  checkedDeclaration,
  type Declared,
  mustBeginRight,
  sameFile,
  tooMany,
} from "../domain/attachment.ts";
import { type Official, obstacle } from "../domain/obstacles.ts";
import { unknownWork } from "../domain/words.ts";
import { workById } from "../store.ts";
import type { Asked } from "./act.ts";
import { bytesOf, type Kept, partBytes, sealedPart } from "./attachment-bytes.ts";
import type { Deps } from "./deps.ts";

export interface Chunk {
  offset: number;
  data: Uint8Array;
}

/** A message of the door: some of them in flight are not much memory. */
const mostChunkBytes = 1024 * 1024;

export async function attach(
  deps: Deps,
  by: Official,
  { id, key }: Asked,
  given: Declared,
  chunks: AsyncIterable<Chunk>,
): Promise<Attached> {
  const { db, now } = deps;
  const work = (await workById(db, by.department, id))?.state;
  if (!work) throw unknownWork();
  const declared = checkedDeclaration(given);
  const file: Kept = { id: attachmentId(id, by.actor, key), caseId: work.caseId, bytes: declared.bytes };
  const there = work.attachments?.find((each) => each.id === file.id);
  if (there) return mustBeSame(there, declared);
  const refusal = obstacle(work, "attach", by, now());
  if (refusal) throw refusal;
  const upload = await beginUpload(db, { ...file, approvalId: id }, declared, now());
  if (!upload) throw tooMany();
  mustBeSame(upload.declared, declared);
  await takeIn(deps, file, declared, upload.received, chunks);
  await mustBeWhole(deps, by, file, declared);
  return putOnRecord(deps, by, id, { id: file.id, ...declared });
}

function mustBeSame<D extends Declared>(there: D, declared: Declared): D {
  if (sameFile(there, declared)) return there;
  throw conflict(
    "idempotency.other_body",
    "这个幂等键已用于另一个附件；请为新的附件使用新的键",
    "This idempotency key was used for another file; send the new one with a new key",
  );
}

async function takeIn(
  { db, keyring, now }: Deps,
  file: Kept,
  declared: Declared,
  received: number,
  chunks: AsyncIterable<Chunk>,
): Promise<void> {
  let n = Math.floor(received / partBytes);
  for await (const part of parts(chunks, received, declared.bytes)) {
    if (n === 0) mustBeginRight(declared, part);
    const sealer = await keyring.sealer(`case/${file.caseId}`);
    await keepPart(
      db,
      { id: file.id, n, bytes: part.length, sealed: sealedPart(sealer, file, n, part) },
      now(),
    );
    n++;
  }
}

/** Cuts what comes into parts of one size, from a byte on; what has come before is passed over. Each holds until the next. */
async function* parts(chunks: AsyncIterable<Chunk>, from: number, total: number): AsyncGenerator<Buffer> {
  const part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  let at = from;
  for await (const { offset, data } of chunks) {
    if (data.length > mostChunkBytes) throw chunkTooLarge();
    if (offset < 0 || offset > at) throw gap(at);
    let fresh = data.subarray(Math.min(at - offset, data.length));
    at += fresh.length;
    if (at > total) throw tooLong(total);
    while (fresh.length > 0) {
      const piece = fresh.subarray(0, partBytes - filled);
      part.set(piece, filled);
      filled += piece.length;
      fresh = fresh.subarray(piece.length);
      if (filled === partBytes) yield part;
      filled %= partBytes;
    }
  }
  if (at < total) throw incomplete(at - filled, total);
  if (filled > 0) yield part.subarray(0, filled);
}

/** Read back, so that what is on record can be opened. */
async function mustBeWhole(deps: Deps, by: Official, file: Kept, { sha256 }: Declared): Promise<void> {
  const hash = createHash("sha256");
  for await (const part of bytesOf(deps, by.actor, file)) hash.update(part);
  if (hash.digest("hex") === sha256) return;
  await dropUpload(deps.db, file.id);
  throw otherBytes();
}

async function putOnRecord(
  { db, journal, kind, log }: Deps,
  by: Official,
  work: string,
  file: Omit<Attached, "by" | "at">,
): Promise<Attached> {
  const { actor } = by;
  const once = { actor, key: `attach:${file.id}`, body: file };
  const { state } = await journal.submit(kind, work, { type: "attach", by, file }, once);
  await markAttached(db, file.id);
  log.info({ actor, approval: work, attachment: file.id, bytes: file.bytes }, "file attached");
  return state.attachments!.find(({ id }) => id === file.id)!;
}

const otherBytes = () =>
  invalid(
    "attachment.other_bytes",
    "收到的内容与所报的 SHA-256 不符，已经丢弃，请从头重新上传",
    "What came is not of the SHA-256 that was said; it was thrown away, send the file again from its beginning",
  );
const tooLong = (total: number) =>
  invalid(
    "attachment.too_long",
    `附件超过所报的 ${total} 字节`,
    `The file goes on behind the ${total} bytes that were said`,
  );
const incomplete = (received: number, total: number) =>
  invalid(
    "attachment.incomplete",
    `附件没有传完：已收到 ${total} 字节中的 ${received} 字节，请从那里继续`,
    `The file is not whole: ${received} of ${total} bytes are here; go on from there`,
  );
const gap = (at: number) =>
  invalid("attachment.gap", `请从第 ${at} 字节继续`, `The next chunk begins at byte ${at}, or earlier`);
const chunkTooLarge = () =>
  invalid("attachment.chunk_too_large", "每块不超过 1 MiB", "A chunk has at most 1 MiB");
