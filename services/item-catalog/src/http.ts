// The HTTP door: guides and plans, open to whoever is signed in.
import {
  type Api,
  bearer,
  createRoute,
  json,
  jsonBody,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import type { ServiceDeps } from "@onething/service/types";
import { BundleView, GuideView, PlanView } from "./http-schemas.ts";
import type { InForce } from "./snapshot.ts";
import { getBundle } from "./verbs/get-bundle.ts";
import { listBundles } from "./verbs/list-bundles.ts";
import { plan } from "./verbs/plan.ts";

const version = z.coerce.number().int().min(0).default(0).describe("版本；0 为最新 · 0: the newest");
const code = z.object({ code: z.string().min(1).max(64) });
const Asked = z
  .object({
    answers: z
      .record(z.string().max(64), z.string().max(500))
      .default({})
      .describe("问题编号到回答 · question id to answer"),
    version: z.int().min(0).default(0),
  })
  .openapi("PlanRequest");
const tags = ["事项 · Catalogue"];
const security = bearer();

export function catalogRoutes(deps: Pick<ServiceDeps, "authenticate" | "log">, inForce: InForce): Api {
  const api = routes(deps);
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/bundles",
      summary: "可办的一件事 · Bundles that can be asked for",
      tags,
      security,
      responses: { 200: json(z.object({ bundles: z.array(BundleView) }), "一件事目录 · Bundles") },
    }),
    async (c) => c.json({ bundles: listBundles(inForce.snapshot) }, 200),
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/bundles/{code}",
      summary: "办事指南 · Guide of a bundle",
      tags,
      security,
      request: { params: code, query: z.object({ version }) },
      responses: { 200: json(GuideView, "办事指南 · Guide"), ...problemResponses(400, 404) },
    }),
    async (c) =>
      c.json(getBundle(inForce.snapshot, c.req.valid("param").code, c.req.valid("query").version), 200),
  );
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/bundles/{code}/plan",
      summary: "按回答算出办理方案 · Plan for these answers",
      tags,
      security,
      request: { params: code, body: jsonBody(Asked) },
      responses: { 200: json(PlanView, "办理方案 · Plan"), ...problemResponses(400, 404) },
    }),
    async (c) =>
      c.json(plan(inForce.snapshot, { bundle: c.req.valid("param").code, ...c.req.valid("json") }), 200),
  );
  return api;
}
