// For tests: files of any size that begin as they must, and ways to send them whole or in part.
import { createHash } from "node:crypto";
import type { AttachmentHeader, AttachRequest } from "@onething/contracts/approval/v1/attachments";
import { OnethingError } from "@onething/kernel/errors";
import { expect } from "vitest";
import { type Desk, li, type Person, police } from "./service.fixture.ts";
import { partBytes } from "./verbs/attachment-bytes.ts";

export const MiB = 1024 * 1024;
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Begins like a PDF; the rest differs from byte to byte, so that no part can stand in for another. */
export function pdfOf(bytes: number): Buffer<ArrayBuffer> {
  const file = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) file.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at);
  file.write("%PDF-1.7\n现场勘验记录\n");
  return file;
}

export const headerOf = (id: string, file: Uint8Array, more: Partial<AttachmentHeader> = {}) => ({
  ...{ id, idempotencyKey: "survey-of-today", name: "勘验报告.pdf", mediaType: "application/pdf" },
  ...{ bytes: file.length, sha256: sha256(file), purpose: "现场勘验", forApplicant: false, ...more },
});

interface Sending {
  from?: number;
  size?: number;
  cut?: { at: number; arrived(): Promise<unknown> };
}

/** In chunks from an offset on; with `cut` the line is lost before that byte, once the door has what was sent before. */
export async function* messages(
  header: AttachmentHeader,
  file: Uint8Array,
  { from = 0, size = 400_000, cut }: Sending = {},
): AsyncGenerator<AttachRequest> {
  yield { part: { $case: "header", value: header } };
  for (let offset = from; offset < file.length; offset += size) {
    if (cut && offset >= cut.at) {
      await cut.arrived();
      throw new Error("the line is cut");
    }
    yield {
      part: { $case: "chunk", value: { offset, data: Buffer.from(file.subarray(offset, offset + size)) } },
    };
  }
}

/** Attached at once by a system. */
export async function attached(
  desk: Desk,
  person: Person,
  id: string,
  file: Uint8Array,
  more: Partial<AttachmentHeader> = {},
) {
  const { attachment } = await desk.files(person).attach(messages(headerOf(id, file, more), file));
  return attachment!;
}

export async function readBack(desk: Desk, person: Person, id: string, attachmentId: string, offset = 0) {
  const parts: Uint8Array[] = [];
  for await (const { chunk } of desk.files(person).readAttachment({ id, attachmentId, offset }))
    parts.push(chunk!.data);
  return Buffer.concat(parts);
}

export interface Posted {
  id: string;
  name: string;
  reason: string;
  fields: { field: string }[];
}

/** Over HTTP, as an officer's browser or curl sends it. */
export async function post(
  desk: Desk,
  id: string,
  file: Uint8Array<ArrayBuffer>,
  more: { query?: Record<string, string>; headers?: Record<string, string>; person?: Person } = {},
) {
  const query = { name: "勘验报告.pdf", purpose: "现场勘验", sha256: sha256(file), ...more.query };
  const headers = {
    ...{ "content-type": "application/pdf", "idempotency-key": "survey-of-today", ...more.headers },
  };
  const path = `/api/v1/work/${id}/attachments?${new URLSearchParams(query)}`;
  const answer = await desk.fetch(path, more.person ?? li, { method: "POST", headers, body: file });
  return { status: answer.status, body: (await answer.json()) as Posted };
}

/** Sends until the line is lost, which is after so many bytes have arrived; answers with how many that were. */
export async function cutAfter(
  desk: Desk,
  bytes: number,
  header: AttachmentHeader,
  file: Uint8Array,
): Promise<number> {
  const files = desk.files(police);
  const { id, idempotencyKey } = header;
  const received = async () => (await files.findUpload({ id, idempotencyKey })).received;
  const arrived = () => expect.poll(received).toBeGreaterThanOrEqual(bytes);
  const cut = { at: bytes + partBytes, arrived };
  await expect(files.attach(messages(header, file, { size: 100_000, cut }))).rejects.toThrow();
  return received();
}

/** Code and reason of what must be refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OnethingError)) throw error ?? new Error("nothing was refused");
  return `${error.code} ${error.reason}`;
}
