// The HTTP door of a service. A route is declared with zod, says who may call it (`security`), and throws what it refuses:
//
//   const api = routes(deps);
//   api.openapi(
//     createRoute({
//       method: "post", path: "/api/v1/cases", summary: "开始办理 · Start a case", tags: ["cases"],
//       security: bearer("citizen", "clerk"),
//       request: { body: jsonBody(NewCase) },
//       responses: { 201: json(CaseView, "已建立 · Created"), ...problemResponses(400, 409) },
//     }),
//     async (c) => c.json(await start(authenticated(c), c.req.valid("json"), idempotencyKey(c)), 201),
//   );
//
// Deny by default: a route without `security` does not start, one with it is answered only to the roles it names, and every
// POST of a signed-in caller needs an Idempotency-Key. Paths are written in full.
import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { forbidden, invalid, unauthenticated } from "@onething/kernel/errors";
import type { Context, MiddlewareHandler } from "hono";
import { fieldProblems } from "./field-words.ts";
import type { Api, HttpEnv } from "./http-env.ts";
import { answer, problemResponses } from "./problem.ts";
import { bearerToken } from "./tokens.ts";
import type { Caller, Role, ServiceDeps } from "./types.ts";

export { createRoute, z } from "@hono/zod-openapi";
export { eventStream, lastEventId, type Messages, stillHere, streamed } from "./event-stream.ts";
export { words } from "./field-words.ts";
export type { Api, HttpEnv } from "./http-env.ts";
export { languageOf, Problem, problem, problemResponses } from "./problem.ts";

/** Who may call a route: a bearer token of one of these roles (of any, when none is named). */
export const bearer = (...allowed: Role[]): Array<Record<string, string[]>> => [{ bearer: allowed }];
/** A route that needs no token (sign-in, guides). */
export const anyone: Array<Record<string, string[]>> = [];

/** A JSON request body, which must be there. */
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  content: { "application/json": { schema } },
  required: true as const,
});
/** A JSON answer. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

const idempotencyParameter = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: true,
  description:
    "同一请求重发时用同一个值，只办一次 · The same value for a repeat of the same request: it is done once",
  schema: { type: "string" as const, minLength: 8, maxLength: 200 },
};

type Deps = Pick<ServiceDeps, "authenticate" | "log">;

export function routes(deps: Deps): Api {
  const api: Api = new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const value = "data" in result ? result.data : undefined;
      throw invalid(
        "request.invalid",
        "请求内容有误，请按提示修改",
        "Some fields are not right; see each of them",
        {
          fields: fieldProblems(result.error, value),
        },
      );
    },
  });
  api.onError((error, c) => answer(deps.log, error, c));
  const declare = api.openapi;
  api.openapi = ((route, handler, hook) => {
    const { security, request, middleware } = route;
    if (security === undefined) throw new Error(`${route.method} ${route.path} does not say who may call it`);
    const allowed = security[0]?.bearer as Role[] | undefined;
    const keyed = allowed !== undefined && route.method === "post";
    const guarded = {
      ...route,
      ...(keyed ? { parameters: [idempotencyParameter, ...(route.parameters ?? [])] } : {}),
      request: request?.body ? { ...request, body: { ...request.body, required: true } } : request,
      responses: {
        ...problemResponses(...(allowed ? ([401, 403, 429] as const) : ([429] as const))),
        ...route.responses,
      },
      middleware: [gate(deps, allowed, keyed), ...(middleware ? [middleware].flat() : [])],
    };
    return declare(guarded as typeof route, handler, hook);
  }) as typeof declare;
  return api;
}

function gate(deps: Deps, allowed: Role[] | undefined, keyed: boolean): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (allowed !== undefined) {
      const caller = await deps.authenticate(bearerToken(c.req.header("authorization")));
      c.set("caller", caller);
      if (allowed.length > 0) allow(caller, ...allowed);
      if (keyed) idempotencyKey(c);
    }
    await next();
  };
}

/** The caller of a route that asks for a bearer token. */
export function authenticated(c: Context<HttpEnv>): Caller {
  const caller: Caller | undefined = c.get("caller");
  if (!caller) throw unauthenticated("token.missing", "请先登录", "Please sign in first");
  return caller;
}

export function allow(caller: Caller, ...allowed: Role[]): void {
  if (allowed.includes(caller.role)) return;
  throw forbidden("role.not_allowed", "您的身份不能办理此事项", "Your role may not do this", {
    internal: `${caller.role} is none of ${allowed.join(", ")}`,
  });
}

/** The key under which a repeat of this request is recognised. */
export function idempotencyKey(c: Context<HttpEnv>): string {
  const key = c.req.header("idempotency-key");
  if (key !== undefined && /^[\x21-\x7e]{8,200}$/.test(key)) return key;
  throw invalid(
    key === undefined ? "idempotency_key.missing" : "idempotency_key.invalid",
    "请求头 Idempotency-Key 须为 8 至 200 个可见字符，重发同一请求时保持不变",
    "The header Idempotency-Key must have 8 to 200 visible characters, the same when the same request is sent again",
  );
}
