// The desk's door, opinions between departments: asked, seen and answered.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  idempotencyKey,
  json,
  jsonBody,
  problemResponses,
  z,
} from "@onething/service/http";
import { ConsultationView, Words } from "./http-schemas.ts";
import { answerConsultation, consult, listConsultations } from "./verbs/consult.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";

const tags = { tags: ["部门办理 · Desk"], security: bearer("officer") };
const Id = z.object({ id: z.string() });

const ask = createRoute({
  method: "post",
  path: "/api/v1/work/{id}/consultations",
  summary:
    "征求其他部门意见，不提供申请人资料 · Ask another department for its opinion; no data of the applicant goes along",
  ...tags,
  request: {
    params: Id,
    body: jsonBody(
      z.strictObject({ department: z.string(), question: Words, days: z.int() }).openapi("Question"),
    ),
  },
  responses: { 201: json(ConsultationView, "征求意见 · The question"), ...problemResponses(400, 404, 409) },
});
const list = createRoute({
  method: "get",
  path: "/api/v1/consultations",
  summary: "其他部门征求本部门的意见 · What other departments have asked this one",
  ...tags,
  responses: { 200: json(z.object({ consultations: z.array(ConsultationView) }), "征求意见 · Questions") },
});
const answer = createRoute({
  method: "post",
  path: "/api/v1/consultations/{id}/answer",
  summary: "答复意见 · Answer with an opinion",
  ...tags,
  request: {
    params: Id,
    body: jsonBody(z.strictObject({ agrees: z.boolean(), opinion: Words }).openapi("Opinion")),
  },
  responses: { 200: json(ConsultationView, "已答复 · Answered"), ...problemResponses(400, 404, 409) },
});

export function consultationRoutes(api: Api, deps: Deps): void {
  const by = (c: Parameters<typeof authenticated>[0]) => officialOf(deps, authenticated(c));
  api.openapi(ask, async (c) => {
    const asked = { id: c.req.valid("param").id, key: idempotencyKey(c) };
    return c.json(await consult(deps, await by(c), asked, c.req.valid("json")), 201);
  });
  api.openapi(list, async (c) => c.json({ consultations: await listConsultations(deps, await by(c)) }, 200));
  api.openapi(answer, async (c) => {
    const asked = { id: c.req.valid("param").id, key: idempotencyKey(c) };
    return c.json(await answerConsultation(deps, await by(c), asked, c.req.valid("json")), 200);
  });
}
