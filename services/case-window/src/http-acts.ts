// What the applicant, or the window, does with a case that has been submitted.
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
import type { Caller } from "@onething/service/types";
import type { Deps } from "./deps.ts";
import type { CaseState } from "./domain/case.ts";
import { SupplementBody } from "./notice-view.ts";
import { goOn } from "./verbs/go-on.ts";
import { supplement } from "./verbs/supplement.ts";
import { withdraw } from "./verbs/withdraw.ts";

const params = z.object({ id: z.uuid() });
const Withdrawn = z.object({ id: z.string(), status: z.string() }).openapi("WithdrawnCase");
const Continued = z.object({ id: z.string(), status: z.string() }).openapi("ContinuedCase");
const Supplemented = z
  .object({ id: z.string(), item: z.string(), status: z.string() })
  .openapi("SupplementedItem");
const common = { tags: ["办件 · Cases"], security: bearer("citizen", "clerk") };

export function actRoutes(
  api: Api,
  deps: Deps,
  caseOf: (caller: Caller, id: string) => Promise<CaseState>,
): void {
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases/{id}/items/{item}/supplement",
      summary: "补正 · Answer a department's notice, every gap at once",
      ...common,
      request: { params: params.extend({ item: z.string().max(64) }), body: jsonBody(SupplementBody) },
      responses: {
        200: json(Supplemented, "已送交部门 · With the department again"),
        ...problemResponses(400, 403, 404, 409, 429, 503),
      },
    }),
    async (c) => {
      const { id, item } = c.req.valid("param");
      const caller = authenticated(c);
      const state = await caseOf(caller, id);
      const input = { item, ...c.req.valid("json") };
      return c.json(await supplement(deps, caller, idempotencyKey(c), state, input), 200);
    },
  );

  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases/{id}/continue",
      summary: "继续办理 · Go on with what a refusal has stopped",
      ...common,
      request: { params },
      responses: { 200: json(Continued, "已继续 · Going on"), ...problemResponses(403, 404, 409, 429, 503) },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(await goOn(deps, authenticated(c), idempotencyKey(c), state), 200);
    },
  );

  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases/{id}/withdraw",
      summary: "撤回申请 · Withdraw before a decision",
      ...common,
      request: { params },
      responses: { 200: json(Withdrawn, "已收到 · Received"), ...problemResponses(403, 404, 409, 429, 503) },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(await withdraw(deps, authenticated(c), idempotencyKey(c), state), 200);
    },
  );
}
