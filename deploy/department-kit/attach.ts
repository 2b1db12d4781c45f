// An example of how a department's system attaches a file to a piece of work: in chunks, and, when the line or either side breaks
// down, going on with the byte that has not arrived yet. `attach.ts --work ID --file survey.pdf --purpose 现场勘验 [--for-applicant]`
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parseArgs } from "node:util";
import {
  type Attachment,
  AttachmentHeader,
  AttachmentServiceDefinition,
  type AttachRequest,
} from "@onething/contracts/approval/v1/attachments";
import { createClientFactory } from "nice-grpc";
import { deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { connect, connection } from "./connect.ts";

const { values: told } = parseArgs({
  options: {
    ...connection,
    work: { type: "string", default: "" },
    file: { type: "string", default: "" },
    purpose: { type: "string", default: "" },
    "for-applicant": { type: "boolean", default: false },
  },
});

const { channel, patiently } = connect(told);
const files = createClientFactory().use(deadlineMiddleware).create(AttachmentServiceDefinition, channel);

const mediaTypes: Record<string, string> = {
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".ofd": "application/ofd",
};
/** At most 1 MiB. */
const chunkBytes = 256 * 1024;
/** For all of a file: the door gives up a line on which nothing comes for 30 s, so this is only for the slow ones. */
const uploadDeadlineMs = 30 * 60_000;

async function headerOf(path: string): Promise<AttachmentHeader> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part);
  const sha256 = hash.digest("hex");
  return AttachmentHeader.fromPartial({
    ...{ id: told.work, name: basename(path), mediaType: mediaTypes[extname(path).toLowerCase()] },
    ...{ bytes: (await stat(path)).size, sha256, purpose: told.purpose, forApplicant: told["for-applicant"] },
    // Of the work and the bytes alone: sent again, also after a crash, it is known as the same.
    idempotencyKey: `${told.work}:file:${sha256.slice(0, 16)}`,
  });
}

async function* chunksOf(
  path: string,
  header: AttachmentHeader,
  from: number,
): AsyncGenerator<AttachRequest> {
  yield { part: { $case: "header", value: header } };
  let offset = from;
  for await (const data of createReadStream(path, { start: from, highWaterMark: chunkBytes })) {
    yield { part: { $case: "chunk", value: { offset, data } } };
    offset += data.length;
  }
}

/** Each attempt asks first how far the one before it has come. */
async function attach(path: string): Promise<Attachment | undefined> {
  const header = await headerOf(path);
  const { id, idempotencyKey } = header;
  return patiently(async (options) => {
    const { received, attachment } = await files.findUpload({ id, idempotencyKey }, options);
    if (attachment) return attachment;
    console.log(`from byte ${received} of ${header.bytes}`);
    const until = { ...options, deadline: uploadDeadlineMs };
    return (await files.attach(chunksOf(path, header, received), until)).attachment;
  });
}

const attachment = await attach(told.file);
console.log(`attached: ${attachment?.id} ${attachment?.name}`);
channel.close();
