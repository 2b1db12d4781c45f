// The check of a paper by the code that stands on it: for anybody who holds one. JSON for programs, a page for people.
import { paperName } from "@onething/documents/kinds";
import { civilDate } from "@onething/kernel/civil-date";
import { OnethingError } from "@onething/kernel/errors";
import { type Api, anyone, createRoute, languageOf, problemResponses, z } from "@onething/service/http";
import { wantsPage } from "@onething/service/web-page";
import { foundPage, unknownPage, type WebPage } from "./check-page.ts";
import type { Deps } from "./verbs/deps.ts";
import { type CheckedOut, checkPaperCode } from "./verbs/read-paper.ts";

export const paperTags = ["文书 · Papers"];
const Words = z.object({ zh: z.string(), en: z.string() });

/** What anybody may know of a paper. */
export const paperViews = {
  kind: z
    .string()
    .describe(
      "receipt · acceptance · supplement · non_acceptance · special_procedure · extension · granted · deemed_grant · refused · delivery · revocation",
    ),
  name: Words.describe("名称 · what it is called"),
  number: z.string().describe("文号 · its number"),
  department: z.object({ code: z.string(), name: Words }),
  sha256: z
    .string()
    .nullable()
    .describe("PDF 的 SHA-256；还没有人读过时为空 · of the PDF; null until it was read for the first time"),
};

const CheckView = z
  .object({
    ...paperViews,
    issuedOn: z.string().describe("落款日期 · the date on it"),
    revoked: z.boolean().describe("所载的准予决定后来被撤销 · the grant that it tells was taken back since"),
  })
  .openapi("PaperCheck");

const page = { schema: z.string().describe("给人看的网页 · the same as a page for people") };
const check = createRoute({
  method: "get",
  path: "/api/v1/check/{code}",
  summary:
    "查验文书：程序得到 JSON，浏览器得到网页 · Check a paper by the code on it: JSON, or a page in a browser",
  tags: paperTags,
  security: anyone,
  request: { params: z.object({ code: z.string().max(100) }) },
  responses: {
    200: {
      description: "本平台出具的文书，没有个人信息 · a paper issued here; no personal data",
      content: { "application/json": { schema: CheckView }, "text/html": page },
    },
    404: {
      description: "没有查到 · unknown",
      content: { ...problemResponses(404)[404].content, "text/html": page },
    },
  },
});

export function checkRoute(api: Api, deps: Deps): void {
  api.openapi(check, async (c) => {
    const { code } = c.req.valid("param");
    c.header("vary", "Accept, Accept-Language");
    if (!wantsPage(c)) return c.json(viewOf(await checkPaperCode(deps, code)), 200);
    const language = languageOf(c.req.header("accept-language"));
    const show = ({ html, policy }: WebPage, status: 200 | 404) =>
      c.html(html, status, {
        "content-security-policy": policy,
        "content-language": language === "zh" ? "zh-CN" : "en",
        "referrer-policy": "no-referrer",
      });
    try {
      return show(foundPage(await checkPaperCode(deps, code), deps.now(), language), 200);
    } catch (error) {
      if (!(error instanceof OnethingError && error.code === "not_found")) throw error;
      return show(unknownPage(code, language), 404);
    }
  });
}

const viewOf = ({ paper, revoked }: CheckedOut): z.infer<typeof CheckView> => ({
  kind: paper.kind,
  name: paperName(paper.kind),
  number: paper.number,
  department: { code: paper.department, name: paper.departmentName },
  issuedOn: civilDate(paper.issuedAt),
  sha256: paper.sha256 || null,
  revoked,
});
