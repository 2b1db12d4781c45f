// The hall of the HTTP tests: a few routes that show each thing a route may declare, on a real server.
import { conflict, exhausted, notFound } from "@onething/kernel/errors";
import { expect } from "vitest";
import {
  type Api,
  allow,
  anyone,
  authenticated,
  bearer,
  createRoute,
  json,
  jsonBody,
  type Problem,
  problemResponses,
  routes,
  words,
  z,
} from "./http.ts";
import type { DoorLimits } from "./http-limits.ts";
import { roomFor } from "./http-room.ts";
import { createHttpServer } from "./http-server.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { currentRequestId } from "./request-id.ts";
import { createIssuer, createVerifier } from "./tokens.ts";
import type { Caller } from "./types.ts";

const lines: string[] = [];
const log = createLog({ service: "test", to: { write: (line) => void lines.push(line) } });
const issuer = await createIssuer({ issuer: "https://test" });
export const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "https://test" });
export const mother: Caller = { sub: "mother", role: "citizen", personId: "p1" };

const NewCase = z
  .strictObject({
    bundle: z.string().min(2).max(40).describe("事项代码 · bundle code"),
    people: z
      .array(
        z.object({
          role: z.string(),
          number: z
            .string()
            .refine((n) => n.length === 18, words("号码须为 18 位", "must have 18 characters")),
        }),
      )
      .max(2),
    urgent: z.boolean().optional(),
  })
  .openapi("NewCase");
const CaseView = z.object({ id: z.string(), by: z.string() }).openapi("CaseView");
const caseParams = z.object({ id: z.string().min(4).describe("办件编号 · case id") });

function caseRoutes(): Api {
  const api = routes({ authenticate, log });
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases",
      summary: "开始办理 <一件事>",
      tags: ["办件 cases"],
      security: bearer("citizen", "clerk"),
      request: { body: jsonBody(NewCase) },
      responses: { 201: json(CaseView, "已建立 · Created"), ...problemResponses(400, 409) },
    }),
    (c) => c.json({ id: c.req.valid("json").bundle, by: authenticated(c).sub }, 201),
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}",
      tags: ["办件 cases"],
      security: bearer(),
      request: { params: caseParams, query: z.object({ full: z.enum(["yes", "no"]).optional() }) },
      responses: { 200: json(CaseView, "办件 · The case"), ...problemResponses(400, 404, 429) },
    }),
    (c) => {
      const { id } = c.req.valid("param");
      if (id === "gone") throw notFound("case.unknown", "没有这个办件", "There is no such case");
      if (id === "busy")
        throw exhausted("journal.full", "请稍后再试", "Try again later", { retryAfterMs: 1200 });
      if (id === "twice") throw conflict("case.already_submitted", "已提交", "Already submitted");
      if (id === "broken") throw new Error("relation 430999199001010019 does not exist");
      if (id === "staff") allow(authenticated(c), "clerk");
      return c.json({ id, by: String(currentRequestId()) }, 200);
    },
  );
  return api;
}

function publicRoutes(): Api {
  const api = routes({ authenticate, log });
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/sign-in",
      tags: ["登录 sign-in"],
      security: anyone,
      request: { body: { content: { "application/json": { schema: z.object({ account: z.string() }) } } } },
      responses: { 200: json(z.object({ ok: z.literal(true) }), "已登录") },
    }),
    (c) => c.json({ ok: true as const }, 200),
  );
  api.openapi(
    createRoute({
      ...{ method: "post", path: "/api/v1/cases/{id}/scans", ...roomFor(3 * 1024 * 1024) },
      tags: ["办件 cases"],
      security: bearer(),
      request: {
        params: caseParams,
        body: { content: { "application/pdf": { schema: z.string().openapi({ format: "binary" }) } } },
      },
      responses: { 200: json(z.object({ bytes: z.int() }), "收到 · received") },
    }),
    async (c) => {
      let bytes = 0;
      for await (const chunk of c.req.raw.body ?? []) bytes += chunk.length;
      return c.json({ bytes }, 200);
    },
  );
  return api;
}

/** A real server on a port of its own, what it logged and counted, and a way to call it as somebody. */
export async function openHall(ready?: Record<string, () => Promise<unknown>>, limits?: DoorLimits) {
  lines.length = 0;
  const meters = createMeters();
  const apps = [caseRoutes(), publicRoutes()];
  const title = "一件事一次办";
  const where = { port: 0, host: "127.0.0.1" };
  const server = await createHttpServer({ ...where, apps, title, log, meters, ready, limits });
  const call = async (path: string, init: RequestInit & { as?: Caller } = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (init.as) headers.set("authorization", `Bearer ${await issuer.sign(init.as, 60)}`);
    return fetch(`${server.url}${path}`, { ...init, headers });
  };
  const post = (body: unknown, headers: Record<string, string> = {}, as = mother) =>
    call("/api/v1/cases", {
      method: "POST",
      as,
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", "idempotency-key": "key-00000001", ...headers },
    });
  return { server, meters, lines, call, post, [Symbol.asyncDispose]: () => server.stop(200) };
}

/** The problem document of a refusal, with what every one of them must have. */
export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({
    status: response.status,
    type: `https://onething.example/problems/${problem.reason}`,
  });
  expect(problem.requestId).toBe(response.headers.get("x-request-id"));
  for (const text of [problem.zh, problem.en, problem.title, problem.detail]) expect(text).not.toBe("");
  return problem;
}
