// The desk's door: the same verbs for an officer's browser.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  idempotencyKey,
  json,
  jsonBody,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import type { ServiceDeps } from "@onething/service/types";
import {
  DecisionBody as Decision,
  type DecisionBody,
  DecisionsBody,
  DecisionsView,
  WorkDetailView,
  WorkPage,
  WorkView,
} from "./http-schemas.ts";
import { claim, release } from "./verbs/claim.ts";
import { decide, type Outcome, outcomeMissing } from "./verbs/decide.ts";
import { decideMany, type RowResult } from "./verbs/decide-many.ts";
import type { Deps } from "./verbs/deps.ts";
import { getWork } from "./verbs/get-work.ts";
import { largestPage, listWork } from "./verbs/list-work.ts";
import { officialOf } from "./work.ts";

const desk = { tags: ["部门办理 · Desk"], security: bearer("officer") };
const Id = z.object({ id: z.string() });
const several = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat());
const Query = z.object({
  status: several.describe("缺省为待办与已认领 · default: open and claimed"),
  item: several.describe("事项代码 · item codes"),
  limit: z.coerce.number().int().min(1).max(largestPage).default(50),
  cursor: z.string().default(""),
});

const list = createRoute({
  method: "get",
  path: "/api/v1/work",
  summary: "本部门的待办 · Work of the officer's department",
  ...desk,
  request: { query: Query },
  responses: { 200: json(WorkPage, "一页待办 · A page of work"), ...problemResponses(400) },
});
const read = createRoute({
  method: "get",
  path: "/api/v1/work/{id}",
  summary: "一件待办及其所需材料 · One piece of work with what its item needs; the look is recorded",
  ...desk,
  request: { params: Id },
  responses: { 200: json(WorkDetailView, "待办详情 · The work"), ...problemResponses(404) },
});
const one = (verb: "claim" | "release", summary: string) =>
  createRoute({
    method: "post",
    path: `/api/v1/work/{id}/${verb}`,
    summary,
    ...desk,
    request: { params: Id },
    responses: { 200: json(WorkView, "办理后的状态 · The work after it"), ...problemResponses(404, 409) },
  });
const decision = createRoute({
  method: "post",
  path: "/api/v1/work/{id}/decision",
  summary: "作出决定 · Grant with a result, or refuse with reasons",
  ...desk,
  request: { params: Id, body: jsonBody(Decision) },
  responses: { 200: json(WorkView, "决定后的状态 · The decided work"), ...problemResponses(400, 404, 409) },
});
const decisions = createRoute({
  method: "post",
  path: "/api/v1/work/decisions",
  summary: "批量作出决定，逐条答复 · Many decisions, an answer for each",
  ...desk,
  request: { body: jsonBody(DecisionsBody) },
  responses: { 200: json(DecisionsView, "每条的结果 · A result for each row"), ...problemResponses(400) },
});

export function httpDoor(deps: Deps, runtime: Pick<ServiceDeps, "authenticate" | "log">): Api {
  const api = routes(runtime);
  const by = (c: Parameters<typeof authenticated>[0]) => officialOf(authenticated(c));
  api.openapi(list, async (c) => {
    const { status, item, limit, cursor } = c.req.valid("query");
    return c.json(await listWork(deps, by(c), { statuses: status, items: item, limit, cursor }), 200);
  });
  api.openapi(decisions, async (c) => {
    const key = idempotencyKey(c);
    const rows = c.req.valid("json").decisions.map((row, i) => ({
      id: row.id,
      key: `${key}#${i}`,
      outcome: outcomeOf(row),
    }));
    return c.json({ results: (await decideMany(deps, by(c), rows)).map(resultView) }, 200);
  });
  api.openapi(read, async (c) => c.json(await getWork(deps, by(c), c.req.valid("param").id), 200));
  api.openapi(one("claim", "认领 · Take it"), async (c) =>
    c.json(await claim(deps, by(c), { id: c.req.valid("param").id, key: idempotencyKey(c) }), 200),
  );
  api.openapi(one("release", "退回 · Give it back to the list"), async (c) =>
    c.json(await release(deps, by(c), { id: c.req.valid("param").id, key: idempotencyKey(c) }), 200),
  );
  api.openapi(decision, async (c) => {
    const outcome = outcomeOf(c.req.valid("json"));
    if (!outcome) throw outcomeMissing();
    const { id } = c.req.valid("param");
    return c.json(await decide(deps, by(c), { id, key: idempotencyKey(c), outcome }), 200);
  });
  return api;
}

function outcomeOf({ grant, refuse }: DecisionBody): Outcome | undefined {
  if (grant && !refuse) return { grant };
  return refuse && !grant ? { refuse } : undefined;
}

function resultView(result: RowResult) {
  if ("work" in result) return result;
  const { code, reason, public: text, fields } = result.problem;
  const named = fields.map(({ field, text: { zh, en } }) => ({ field, zh, en }));
  return { id: result.id, problem: { code, reason, ...text, fields: named } };
}
