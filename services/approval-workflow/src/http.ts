// The desk's door: the same verbs for an officer's browser.
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid } from "@onething/kernel/errors";
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
import type { Official } from "./domain/obstacles.ts";
import { attachmentRoutes } from "./http-attachments.ts";
import { consultationRoutes } from "./http-consultations.ts";
import { delegationRoutes } from "./http-delegations.ts";
import { paperRoutes } from "./http-papers.ts";
import {
  bodies,
  DecisionBody as Decision,
  type DecisionBody,
  DecisionsBody,
  DecisionsView,
  WorkDetailView,
  WorkPage,
  WorkView,
} from "./http-schemas.ts";
import { supervisionRoutes } from "./http-supervision.ts";
import { accept, correct, decline } from "./verbs/accept.ts";
import type { Asked } from "./verbs/act.ts";
import { deliver, revoke } from "./verbs/after-grant.ts";
import { claim, release } from "./verbs/claim.ts";
import { extend, pause, resume } from "./verbs/clock.ts";
import { decide, type Outcome, outcomeMissing } from "./verbs/decide.ts";
import { decideMany, type RowResult } from "./verbs/decide-many.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";
import { getWork } from "./verbs/get-work.ts";
import { giveLegality, giveSecondLook, refer } from "./verbs/legality.ts";
import { largestPage, listWork } from "./verbs/list-work.ts";
import { requestSupplement } from "./verbs/supplement.ts";

const desk = { tags: ["部门办理 · Desk"], security: bearer("officer") };
const Id = z.object({ id: z.string() });
const IfMatch = z.object({
  "if-match": z
    .string()
    .optional()
    .describe("读取时所得的 ETag · the work's ETag as it was read; refused with 409 once it has moved on"),
});
const several = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat());
const Query = z.object({
  status: several.describe("缺省为在办 · default: what is in hand"),
  item: several.describe("事项代码 · item codes"),
  dueBy: z.string().default("").describe("在此日期或之前到期 · due on this date or before"),
  mine: z.stringbool().default(false).describe("我认领的 · claimed by me"),
  secondLooks: z
    .stringbool()
    .default(false)
    .describe("抽取复核的自动决定 · automatic decisions drawn for a second look"),
  told: z
    .string()
    .default("")
    .describe("已就逾期风险提醒的 · told of as growing late, to officer · chief · supervisor or higher up"),
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
/** A verb of the desk about one piece of work. */
const verbRoute = <B extends z.ZodType>(verb: string, summary: string, body: B) =>
  createRoute({
    method: "post",
    path: `/api/v1/work/{id}/${verb}`,
    summary,
    ...desk,
    request: { params: Id, headers: IfMatch, body: jsonBody(body) },
    responses: {
      200: json(WorkView, "办理后的状态 · The work after it"),
      ...problemResponses(400, 404, 409),
    },
  });
const decision = createRoute({
  method: "post",
  path: "/api/v1/work/{id}/decision",
  summary: "作出决定 · Grant with a result, or refuse with reasons",
  ...desk,
  request: { params: Id, headers: IfMatch, body: jsonBody(Decision) },
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
  const by = (c: Parameters<typeof authenticated>[0]) => officialOf(deps, authenticated(c));
  api.openapi(list, async (c) => {
    const { status: statuses, item: items, ...rest } = c.req.valid("query");
    return c.json(await listWork(deps, await by(c), { statuses, items, ...rest }), 200);
  });
  api.openapi(decisions, async (c) => {
    const key = idempotencyKey(c);
    const rows = c.req.valid("json").decisions.map((row, i) => ({
      id: row.id,
      key: `${key}#${i}`,
      ifVersion: row.ifVersion,
      outcome: outcomeOf(row),
    }));
    return c.json({ results: (await decideMany(deps, await by(c), rows)).map(resultView) }, 200);
  });
  api.openapi(read, async (c) => {
    const detail = await getWork(deps, await by(c), c.req.valid("param").id);
    return c.json(detail, 200, tagOf(detail.work));
  });
  /** Every verb reads its work, its key and its body in the same way. */
  const verb = <B extends z.ZodType>(
    path: string,
    summary: string,
    body: B,
    run: (by: Official, asked: Asked, body: z.infer<B>) => Promise<Work>,
  ) =>
    api.openapi(verbRoute(path, summary, body), async (c) => {
      const which = { id: c.req.param("id") ?? "", ...askedOf(c) };
      const work = await run(await by(c), which, c.req.valid("json" as never) as z.infer<B>);
      return c.json(work, 200, tagOf(work));
    });
  const { nothing } = bodies;
  verb("claim", "认领 · Take it", nothing, (who, it) => claim(deps, who, it));
  verb("release", "退回 · Give it back to the list", nothing, (who, it) => release(deps, who, it));
  verb("accept", "受理 · Accept the application", nothing, (who, it) => accept(deps, who, it));
  verb(
    "correction",
    "当场更正并受理 · Correct on the spot, and accept",
    bodies.correction,
    (who, it, { values }) => correct(deps, who, it, values),
  );
  verb(
    "supplement",
    "一次性告知补正 · One-time notice of everything that is missing",
    bodies.supplement,
    (who, it, { gaps }) => requestSupplement(deps, who, it, gaps),
  );
  verb(
    "declining",
    "不予受理 · Not accepted: not needed, or not this authority",
    bodies.decline,
    (who, it, body) => decline(deps, who, it, { ...body, rightBody: body.rightBody }),
  );
  verb(
    "pause",
    "启动特别程序，停止计时 · Begin a special procedure; the clock stops",
    bodies.pause,
    (who, it, body) => pause(deps, who, it, body),
  );
  verb("resume", "结束特别程序 · End the special procedure", bodies.resume, (who, it, { result }) =>
    resume(deps, who, it, result),
  );
  verb("extension", "延长期限 · Prolong the limit, once", bodies.extend, (who, it, body) =>
    extend(deps, who, it, body),
  );
  verb("referral", "提交法制审核 · Hand it to the legality review", nothing, (who, it) =>
    refer(deps, who, it),
  );
  verb("legality", "出具法制审核意见 · The legality review's opinion", bodies.legality, (who, it, body) =>
    giveLegality(deps, who, it, body),
  );
  verb(
    "second-look",
    "复核自动决定 · Look again at an automatic decision",
    bodies.secondLook,
    (who, it, body) => giveSecondLook(deps, who, it, body),
  );
  verb("delivery", "送达 · The result was handed over", bodies.delivery, (who, it, { how }) =>
    deliver(deps, who, it, how),
  );
  verb("revocation", "撤销 · Take a grant back", bodies.revocation, (who, it, body) =>
    revoke(deps, who, it, body),
  );
  api.openapi(decision, async (c) => {
    const outcome = outcomeOf(c.req.valid("json"));
    if (!outcome) throw outcomeMissing();
    const { id } = c.req.valid("param");
    const work = await decide(deps, await by(c), { id, ...askedOf(c), outcome });
    return c.json(work, 200, tagOf(work));
  });
  attachmentRoutes(api, deps);
  consultationRoutes(api, deps);
  delegationRoutes(api, deps);
  paperRoutes(api, deps);
  supervisionRoutes(api, deps);
  return api;
}

/** A work's version is its tag; who sends it back with an act is refused once the work has moved on. */
const tagOf = (work: Work | undefined): Record<string, string> => (work ? { etag: `"${work.version}"` } : {});

function askedOf(c: Parameters<typeof idempotencyKey>[0]): Omit<Asked, "id"> {
  const tag = c.req.header("if-match") ?? "*";
  const ifVersion = tag === "*" ? 0 : Number(/^"([1-9]\d{0,8})"$/.exec(tag)?.[1]);
  if (!Number.isNaN(ifVersion)) return { key: idempotencyKey(c), ifVersion };
  throw invalid(
    "if_match.invalid",
    '请求头 If-Match 须为读取时所得的 ETag，如 "3"',
    'The header If-Match must be the ETag as it was read, such as "3"',
  );
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
