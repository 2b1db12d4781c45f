// Papers of approvals: listed and read by whom they are for and by their department, checked by anybody who holds one.
import { paperName } from "@onething/documents/kinds";
import { civilDate } from "@onething/kernel/civil-date";
import {
  type Api,
  anyone,
  authenticated,
  bearer,
  createRoute,
  json,
  problemResponses,
  z,
} from "@onething/service/http";
import { groupedCode } from "./domain/paper.ts";
import type { ListedPaper } from "./paper-store.ts";
import type { Deps } from "./verbs/deps.ts";
import { checkPaperCode, listPapers, readPaper } from "./verbs/read-paper.ts";

const Words = z.object({ zh: z.string(), en: z.string() });
const tags = ["文书 · Papers"];
const readers = { tags, security: bearer("citizen", "officer") };

const kind = z
  .string()
  .describe(
    "receipt · acceptance · supplement · non_acceptance · special_procedure · extension · granted · refused · delivery",
  );
const sha256 = z
  .string()
  .nullable()
  .describe("PDF 的 SHA-256；还没有人读过时为空 · of the PDF; null until it was read for the first time");

const PaperView = z
  .object({
    id: z.string(),
    kind,
    name: Words.describe("文书名称 · what it is called"),
    number: z.string().describe("文号 · its number"),
    caseId: z.string(),
    item: z.string(),
    itemName: Words,
    department: z.object({ code: z.string(), name: Words }),
    issuedAt: z.string(),
    checkCode: z.string(),
    sha256,
  })
  .openapi("Paper");

const CheckView = z
  .object({
    kind,
    name: Words,
    number: z.string(),
    department: z.object({ code: z.string(), name: Words }),
    issuedOn: z.string().describe("落款日期 · the date on it"),
    sha256,
    revoked: z.boolean().describe("所载的准予决定后来被撤销 · the grant that it tells was taken back since"),
  })
  .openapi("PaperCheck");

const list = createRoute({
  method: "get",
  path: "/api/v1/papers",
  summary: "一个办件的文书 · Papers of a case: for its readers, and for officers those of their department",
  ...readers,
  request: { query: z.object({ case: z.string().min(1).max(100) }) },
  responses: {
    200: json(z.object({ papers: z.array(PaperView) }), "文书，旧的在前 · papers, oldest first"),
    ...problemResponses(400),
  },
});
const read = createRoute({
  method: "get",
  path: "/api/v1/papers/{id}",
  summary: "一份文书（PDF） · One paper as PDF; the look is recorded",
  ...readers,
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: {
    200: {
      description: "文书 · the paper",
      content: { "application/pdf": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problemResponses(404),
  },
});
const check = createRoute({
  method: "get",
  path: "/api/v1/check/{code}",
  summary: "查验文书 · Check a paper by the code on it; no personal data",
  tags,
  security: anyone,
  request: { params: z.object({ code: z.string().max(100) }) },
  responses: {
    200: json(CheckView, "本平台出具的文书 · a paper issued here"),
    ...problemResponses(404),
  },
});

export function paperRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const papers = await listPapers(deps, authenticated(c), c.req.valid("query").case);
    return c.json({ papers: papers.map(viewOf) }, 200);
  });
  api.openapi(read, async (c) => {
    const { paper, pdf } = await readPaper(deps, authenticated(c), c.req.valid("param").id);
    return c.body(pdf, 200, {
      "content-type": "application/pdf",
      "content-disposition": `inline; filename*=UTF-8''${encodeURIComponent(paper.number)}.pdf`,
      "cache-control": "no-store",
    });
  });
  api.openapi(check, async (c) => {
    const { paper, revoked } = await checkPaperCode(deps, c.req.valid("param").code);
    const { kind, name, number, department, sha256, issuedAt } = viewOf(paper);
    return c.json({ kind, name, number, department, issuedOn: civilDate(issuedAt), sha256, revoked }, 200);
  });
}

const viewOf = (paper: ListedPaper): z.infer<typeof PaperView> => ({
  id: paper.id,
  kind: paper.kind,
  name: paperName(paper.kind),
  number: paper.number,
  caseId: paper.caseId,
  item: paper.item,
  itemName: paper.name,
  department: { code: paper.department, name: paper.departmentName },
  issuedAt: paper.issuedAt,
  checkCode: groupedCode(paper.checkCode),
  sha256: paper.sha256 || null,
});
