// The desk's door, delegated authority: given, seen and taken back by the department's own people.
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
import type { Delegation } from "./domain/delegation.ts";
import { account } from "./domain/words.ts";
import { delegate, endDelegation, listDelegations } from "./verbs/delegate.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";

const tags = { tags: ["部门办理 · Desk"], security: bearer("officer") };

const View = z
  .object({
    id: z.string(),
    representative: z.string().describe("首席事务代表的账号 · account of the representative"),
    items: z.array(z.string()).describe("空为全部事项 · none: every item"),
    powers: z.array(z.string()).describe("accept · decide"),
    fromOn: z.string(),
    untilOn: z.string().describe("含当日 · included"),
    by: z.string().describe("授权人的账号 · account that gave it"),
    givenAt: z.string(),
    endedAt: z.string().describe("空为未提前终止 · none: not ended before its time"),
    endedBy: z.string(),
  })
  .openapi("Delegation");

const Terms = z
  .strictObject({
    representative: z.string(),
    items: z.array(z.string()).max(500).default([]),
    powers: z.array(z.string()),
    fromOn: z.string(),
    untilOn: z.string(),
  })
  .openapi("DelegationTerms");

const give = createRoute({
  method: "post",
  path: "/api/v1/delegations",
  summary: "授权首席事务代表 · Delegate the head's authority to the chief affairs representative",
  ...tags,
  request: { body: jsonBody(Terms) },
  responses: { 201: json(View, "授权 · The delegation"), ...problemResponses(400, 403) },
});
const list = createRoute({
  method: "get",
  path: "/api/v1/delegations",
  summary: "本部门的授权记录 · What the department has delegated",
  ...tags,
  responses: { 200: json(z.object({ delegations: z.array(View) }), "授权记录 · On record") },
});
const end = createRoute({
  method: "post",
  path: "/api/v1/delegations/{id}/end",
  summary: "终止授权 · End a delegation before its time",
  ...tags,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(View, "授权 · The delegation"), ...problemResponses(403, 404, 409) },
});

export function delegationRoutes(api: Api, deps: Deps): void {
  const by = (c: Parameters<typeof authenticated>[0]) => officialOf(deps, authenticated(c));
  api.openapi(give, async (c) =>
    c.json(viewOf(await delegate(deps, await by(c), idempotencyKey(c), c.req.valid("json"))), 201),
  );
  api.openapi(list, async (c) =>
    c.json({ delegations: (await listDelegations(deps, await by(c))).map(viewOf) }, 200),
  );
  api.openapi(end, async (c) => {
    const asked = { id: c.req.valid("param").id, key: idempotencyKey(c) };
    return c.json(viewOf(await endDelegation(deps, await by(c), asked)), 200);
  });
}

const viewOf = ({ department: _, endedBy, by, ...rest }: Delegation) => ({
  ...rest,
  ...{ by: account(by), endedBy: endedBy && account(endedBy) },
});
