// Papers of approvals: listed and read by whom they are for, by the windows that took the case in, and by their department.
import { paperName } from "@onething/documents/kinds";
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  json,
  problemResponses,
  z,
} from "@onething/service/http";
import { groupedCode } from "./domain/paper.ts";
import { checkRoute, paperTags, paperViews } from "./http-check.ts";
import type { ListedPaper } from "./paper-store.ts";
import type { Deps } from "./verbs/deps.ts";
import { listPapers, readPaper } from "./verbs/read-paper.ts";

const readers = { tags: paperTags, security: bearer("citizen", "clerk", "officer") };

const PaperView = z
  .object({
    ...paperViews,
    id: z.string(),
    caseId: z.string(),
    item: z.string(),
    itemName: paperViews.name,
    issuedAt: z.string(),
    checkCode: z.string(),
  })
  .openapi("Paper");

const list = createRoute({
  method: "get",
  path: "/api/v1/papers",
  summary:
    "一个办件的文书 · Papers of a case: for its readers, for clerks of a case that a window took in, for officers those of their department",
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
  checkRoute(api, deps);
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
