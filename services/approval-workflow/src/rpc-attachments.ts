// Files at the departments' door: in chunks, each way.
import {
  type AttachmentHeader,
  AttachmentServiceDefinition,
  type AttachRequest,
} from "@onething/contracts/approval/v1/attachments";
import { invalid } from "@onething/kernel/errors";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import { attach, type Chunk } from "./verbs/attach.ts";
import { checkedKey } from "./verbs/decide.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";
import { findUpload, listAttachments, readAttachment } from "./verbs/read-attachments.ts";
import { attachmentView } from "./work.ts";

export function attachmentDoor(deps: Deps): RpcDoor {
  return rpc(
    AttachmentServiceDefinition,
    {
      attach: async (messages, { caller }) => {
        const by = await officialOf(deps, caller);
        const { header, chunks } = await begun(messages);
        const { id, idempotencyKey, ...declared } = header;
        const asked = { id, key: checkedKey(idempotencyKey) };
        return { attachment: attachmentView(await attach(deps, by, asked, declared, chunks)) };
      },
      findUpload: async ({ id, idempotencyKey }, { caller }) => {
        const asked = { id, key: checkedKey(idempotencyKey) };
        const { received, attached } = await findUpload(deps, await officialOf(deps, caller), asked);
        return { received, attachment: attached && attachmentView(attached) };
      },
      readAttachment: async function* ({ id, attachmentId: attachment, offset }, { caller, signal }) {
        const by = await officialOf(deps, caller);
        const { bytes } = await readAttachment(deps, by, { id, attachment, offset });
        let at = offset;
        for await (const data of bytes) {
          signal.throwIfAborted();
          yield { chunk: { offset: at, data } };
          at += data.length;
        }
      },
      listAttachments: async ({ id }, { caller }) => ({
        attachments: (await listAttachments(deps, await officialOf(deps, caller), id)).map(attachmentView),
      }),
    },
    { allow: ["department", "officer"] },
  );
}

async function begun(
  messages: AsyncIterable<AttachRequest>,
): Promise<{ header: AttachmentHeader; chunks: AsyncIterable<Chunk> }> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  const part = first.done ? undefined : first.value.part;
  if (part?.$case !== "header")
    throw invalid(
      "attachment.header_missing",
      "第一条消息须为附件的说明（header）",
      "The first message is the header of the file",
    );
  return { header: part.value, chunks: chunksIn({ [Symbol.asyncIterator]: () => iterator }) };
}

async function* chunksIn(messages: AsyncIterable<AttachRequest>): AsyncGenerator<Chunk> {
  for await (const { part } of messages) {
    if (part?.$case !== "chunk")
      throw invalid(
        "attachment.chunk_missing",
        "说明之后的每条消息须为一块内容（chunk）",
        "Every message behind the header is a chunk",
      );
    yield part.value;
  }
}
