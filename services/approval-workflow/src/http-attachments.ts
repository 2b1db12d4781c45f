// Files at pieces of work, for officers without a system, and for whoever reads the case as far as they are for the applicant.
import { invalid } from "@onething/kernel/errors";
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  idempotencyKey,
  json,
  problemResponses,
  z,
} from "@onething/service/http";
import { roomFor } from "@onething/service/http-room";
import type { FilesOfWork } from "./attachment-store.ts";
import { type Attached, mediaTypes, mostBytes } from "./domain/attachment.ts";
import { AttachmentView } from "./http-schemas.ts";
import { attach, type Chunk } from "./verbs/attach.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";
import {
  listAttachments,
  listGiven,
  type OpenedFile,
  readAttachment,
  readGiven,
} from "./verbs/read-attachments.ts";
import { attachmentView } from "./work.ts";

const desk = { tags: ["部门办理 · Desk"], security: bearer("officer") };
const given = { tags: ["文书 · Papers"], security: bearer("citizen", "clerk") };
const Id = z.string().max(100);
const bytes = z.string().openapi({ format: "binary" });
/** Of any of the media that are taken. */
const file = { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: bytes }])) };

const Words = z.object({ zh: z.string(), en: z.string() });
const GivenView = AttachmentView.omit({ by: true, forApplicant: true })
  .extend({ item: z.string(), itemName: Words, department: z.string() })
  .openapi("GivenAttachment");

const post = createRoute({
  ...{ method: "post", path: "/api/v1/work/{id}/attachments", ...roomFor(mostBytes), ...desk },
  summary: "添加附件 · Attach a file; its bytes are the body, with Content-Length",
  request: {
    params: z.object({ id: Id }),
    query: z.object({
      name: z.string().describe("文件名，最多 120 个字符 · file name, at most 120 characters"),
      purpose: z.string().describe("用途 · what it is for"),
      sha256: z.string().describe("整个文件的 SHA-256，十六进制 · of the whole file, hex"),
      forApplicant: z.stringbool().default(false).describe("申请人可以看到 · the applicant may read it"),
    }),
    body: file,
  },
  responses: {
    201: json(AttachmentView, "已添加 · attached"),
    ...problemResponses(400, 404, 409, 413),
  },
});
const list = createRoute({
  ...{ method: "get", path: "/api/v1/work/{id}/attachments", ...desk },
  summary: "一件待办的附件 · Files that lie with a piece of work",
  request: { params: z.object({ id: Id }) },
  responses: {
    200: json(z.object({ attachments: z.array(AttachmentView) }), "附件，旧的在前 · oldest first"),
    ...problemResponses(404),
  },
});
const read = createRoute({
  ...{ method: "get", path: "/api/v1/work/{id}/attachments/{attachment}", ...desk },
  summary: "一个附件 · One of them; the look is recorded",
  request: { params: z.object({ id: Id, attachment: Id }) },
  responses: { 200: { description: "附件 · the file", ...file }, ...problemResponses(404) },
});
const listForReader = createRoute({
  ...{ method: "get", path: "/api/v1/attachments", ...given },
  summary:
    "一个办件中给申请人的附件 · Files of a case that are for the applicant: for its readers, and for clerks of a case that a window took in",
  request: { query: z.object({ case: z.string().min(1).max(100) }) },
  responses: {
    200: json(z.object({ attachments: z.array(GivenView) }), "附件 · the files"),
    ...problemResponses(400),
  },
});
const readForReader = createRoute({
  ...{ method: "get", path: "/api/v1/attachments/{id}", ...given },
  summary: "给申请人的一个附件 · One of them",
  request: { params: z.object({ id: Id }) },
  responses: { 200: { description: "附件 · the file", ...file }, ...problemResponses(404) },
});

export function attachmentRoutes(api: Api, deps: Deps): void {
  const by = (c: Parameters<typeof authenticated>[0]) => officialOf(deps, authenticated(c));
  api.openapi(post, async (c) => {
    const asked = { id: c.req.valid("param").id, key: idempotencyKey(c) };
    const [mediaType = ""] = (c.req.header("content-type") ?? "").split(";");
    const length = Number(c.req.header("content-length") ?? Number.NaN);
    const declared = { ...c.req.valid("query"), mediaType: mediaType.trim().toLowerCase(), bytes: length };
    const attached = await readingAll(c.req.raw.body, async (chunks) =>
      attach(deps, await by(c), asked, declared, chunks),
    );
    return c.json(attachmentView(attached), 201);
  });
  api.openapi(list, async (c) => {
    const attachments = await listAttachments(deps, await by(c), c.req.valid("param").id);
    return c.json({ attachments: attachments.map(attachmentView) }, 200);
  });
  api.openapi(read, async (c) => sent(await readAttachment(deps, await by(c), c.req.valid("param"))));
  api.openapi(listForReader, async (c) => {
    const works = await listGiven(deps, authenticated(c), c.req.valid("query").case);
    return c.json({ attachments: works.flatMap(givenViews) }, 200);
  });
  api.openapi(readForReader, async (c) =>
    sent(await readGiven(deps, authenticated(c), c.req.valid("param").id)),
  );
}

type Body = ReadableStream<Uint8Array> | null;

/**
 * Whoever sends a body reads the answer behind its end: what a refusal or a repeat has no use for is passed over. The line would be cut
 * otherwise, and the answer lost.
 */
async function readingAll<T>(body: Body, use: (chunks: AsyncIterable<Chunk>) => Promise<T>): Promise<T> {
  try {
    return await use(chunksOf(body));
  } finally {
    await passOver(body).catch(() => undefined);
  }
}

async function* chunksOf(body: Body): AsyncGenerator<Chunk> {
  let offset = 0;
  try {
    for await (const data of body?.values({ preventCancel: true }) ?? []) {
      yield { offset, data };
      offset += data.length;
    }
  } catch {
    throw cut();
  }
}

async function passOver(body: Body): Promise<void> {
  const reader = body?.getReader();
  while (reader && !(await reader.read()).done);
}

const cut = () =>
  invalid(
    "attachment.cut",
    "上传中断，请用同一 Idempotency-Key 再传一次，已收到的部分不会丢失",
    "The upload was cut; send it again with the same Idempotency-Key, what has arrived is not lost",
  );

/** As it is read, so that a slow reader holds one part of it here and not the whole. */
const sent = ({ file: { name, mediaType, bytes: length }, bytes: parts }: OpenedFile): Response =>
  new Response(ReadableStream.from(parts), {
    headers: {
      "content-type": mediaType,
      "content-length": String(length),
      "content-disposition": `attachment; filename*=UTF-8''${extended(name)}`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });

/** RFC 8187. */
const extended = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const givenViews = ({ item, name, department, attachments }: FilesOfWork): z.infer<typeof GivenView>[] =>
  attachments.map(({ by, forApplicant, ...each }: Attached) => ({
    ...each,
    item,
    itemName: name,
    department,
  }));
