import { conflict, exhausted, notFound } from "@onething/kernel/errors";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  type Api,
  allow,
  anyone,
  authenticated,
  bearer,
  createHttpServer,
  createRoute,
  type HttpServer,
  json,
  jsonBody,
  type Problem,
  problemResponses,
  routes,
  words,
  z,
} from "./http.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { currentRequestId } from "./request-id.ts";
import { createIssuer, createVerifier, type Issuer } from "./tokens.ts";
import type { Authenticate, Caller, Meters } from "./types.ts";

const lines: string[] = [];
const log = createLog({ service: "test", to: { write: (line) => void lines.push(line) } });
const mother: Caller = { sub: "mother", role: "citizen", personId: "p1" };
let issuer: Issuer;
let authenticate: Authenticate;
let server: HttpServer;
let meters: Meters;

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
  return api;
}

beforeAll(async () => {
  issuer = await createIssuer({ issuer: "https://test" });
  authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "https://test" });
});
afterEach(async () => {
  await server.stop(200);
  lines.length = 0;
});

async function start(ready?: Record<string, () => Promise<unknown>>): Promise<void> {
  meters = createMeters();
  const apps = [caseRoutes(), publicRoutes()];
  server = await createHttpServer({
    apps,
    port: 0,
    host: "127.0.0.1",
    title: "一件事一次办",
    log,
    meters,
    ready,
  });
}

async function call(path: string, init: RequestInit & { as?: Caller } = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.as) headers.set("authorization", `Bearer ${await issuer.sign(init.as, 60)}`);
  return fetch(`${server.url}${path}`, { ...init, headers });
}

const post = (body: unknown, headers: Record<string, string> = {}, as: Caller | undefined = mother) =>
  call("/api/v1/cases", {
    method: "POST",
    as,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": "key-00000001", ...headers },
  });

async function problemOf(response: Response): Promise<Problem> {
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

test("a signed-in caller of an allowed role is answered, everybody else is told why not", async () => {
  await start();
  const made = await post({ bundle: "birth", people: [] });
  expect([made.status, await made.json()]).toEqual([201, { id: "birth", by: "mother" }]);
  expect(made.headers.get("cache-control")).toBe("no-store");

  const unknown = await call("/api/v1/cases", { method: "POST" });
  expect(await problemOf(unknown)).toMatchObject({
    status: 401,
    code: "unauthenticated",
    reason: "token.missing",
  });
  expect(unknown.headers.get("www-authenticate")).toBe("Bearer");
  const officer = await post({}, {}, { sub: "o", role: "officer" });
  expect(await problemOf(officer)).toMatchObject({ status: 403, reason: "role.not_allowed" });
  const forged = await call("/api/v1/cases/c123", { headers: { authorization: "Bearer nonsense" } });
  expect(await problemOf(forged)).toMatchObject({ status: 401, reason: "token.invalid" });
  const inside = await call("/api/v1/cases/staff", { as: mother });
  expect(await problemOf(inside)).toMatchObject({ status: 403, reason: "role.not_allowed" });
});

test("a route that does not say who may call it does not start", () => {
  const api = routes({ authenticate, log });
  const silent = createRoute({ method: "get", path: "/x", responses: { 200: json(z.object({}), "x") } });
  expect(() => api.openapi(silent, (c) => c.json({}, 200))).toThrow("does not say who may call");
});

test("every field that is wrong is named with words in both languages, and its value is not repeated", async () => {
  await start();
  const people = [{ role: 5, number: "4309991990" }, { number: "430999199001010019" }];
  const problem = await problemOf(await post({ bundle: "b", people, extra: 1 }));
  expect(problem).toMatchObject({ status: 400, code: "invalid", reason: "request.invalid" });
  expect(problem.fields).toEqual(
    expect.arrayContaining([
      { field: "bundle", zh: "长度不能少于 2 个字符", en: "must have at least 2 characters" },
      { field: "people.0.role", zh: "应为文字", en: "must be text" },
      { field: "people.0.number", zh: "号码须为 18 位", en: "must have 18 characters" },
      { field: "people.1.role", zh: "必填", en: "is required" },
      { field: "", zh: "不认识的字段：extra", en: "has unknown fields: extra" },
    ]),
  );
  expect(JSON.stringify(problem)).not.toContain("4309991990");
  const crowd = await problemOf(await post({ bundle: "birth", people: [1, 2, 3] }));
  expect(crowd.fields).toContainEqual({
    field: "people",
    zh: "不能超过 2 项",
    en: "must have at most 2 entries",
  });
  const query = await problemOf(await call("/api/v1/cases/c123?full=maybe", { as: mother }));
  expect(query.fields).toEqual([{ field: "full", zh: "只能是：yes、no", en: "must be one of: yes, no" }]);
});

test("broken JSON, another format, an empty body and a body too large each have their own answer", async () => {
  await start();
  expect(await problemOf(await post('{"bundle":'))).toMatchObject({
    status: 400,
    reason: "request.bad_json",
  });
  const form = await post("bundle=birth", { "content-type": "text/plain" });
  expect(await problemOf(form)).toMatchObject({ status: 415, reason: "request.not_json" });
  const empty = await call("/api/v1/sign-in", { method: "POST" });
  expect((await problemOf(empty)).fields).toEqual([{ field: "account", zh: "必填", en: "is required" }]);
  const large = JSON.stringify({ bundle: "x".repeat(1_100_000) });
  expect(await problemOf(await post(large))).toMatchObject({ status: 413, reason: "request.too_large" });
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 20; i += 1) controller.enqueue(Buffer.alloc(100_000, "x"));
      controller.close();
    },
  });
  const streamed = await fetch(`${server.url}/api/v1/sign-in`, {
    method: "POST",
    body: chunks,
    duplex: "half",
    headers: { "content-type": "application/json" },
  } as RequestInit);
  expect(await problemOf(streamed)).toMatchObject({ status: 413, reason: "request.too_large" });
});

test("a POST without a usable Idempotency-Key is refused before anything is done", async () => {
  await start();
  for (const key of ["short", "with space here", "x".repeat(201)])
    expect(await problemOf(await post({}, { "idempotency-key": key }))).toMatchObject({
      reason: "idempotency_key.invalid",
    });
  const none = await call("/api/v1/cases", { method: "POST", as: mother });
  expect(await problemOf(none)).toMatchObject({ status: 400, reason: "idempotency_key.missing" });
});

test("refusals have their status, Retry-After where it helps, and the language that was asked for", async () => {
  await start();
  expect(await problemOf(await call("/api/v1/cases/gone", { as: mother }))).toMatchObject({
    status: 404,
    title: "没有找到",
  });
  expect(await problemOf(await call("/api/v1/cases/twice", { as: mother }))).toMatchObject({ status: 409 });
  const busy = await call("/api/v1/cases/busy", { as: mother });
  expect(busy.headers.get("retry-after")).toBe("2");
  expect(await problemOf(busy)).toMatchObject({ status: 429, code: "exhausted" });
  const english = await call("/api/v1/cases/gone", {
    as: mother,
    headers: { "accept-language": "en-GB,zh;q=0.8" },
  });
  expect(english.headers.get("content-language")).toBe("en");
  expect(await problemOf(english)).toMatchObject({ detail: "There is no such case", zh: "没有这个办件" });
  expect(await problemOf(await call("/api/v1/nothing"))).toMatchObject({
    status: 404,
    reason: "route.unknown",
  });
});

test("an error of our own leaves as 500 without its words; the log has them, without the number in them", async () => {
  await start();
  const problem = await problemOf(await call("/api/v1/cases/broken", { as: mother }));
  expect(problem).toMatchObject({ status: 500, code: "internal", reason: "internal" });
  expect(JSON.stringify(problem)).not.toContain("relation");
  const log = lines.join("");
  expect(log).toContain("relation [identity number] does not exist");
  expect(log).not.toContain("430999199001010019");
});

test("requests are counted and logged by template, with the caller's request id", async () => {
  await start();
  const answer = await call("/api/v1/cases/c-4711", {
    as: mother,
    headers: { "x-request-id": "request-0001" },
  });
  expect(await answer.json()).toEqual({ id: "c-4711", by: "request-0001" });
  expect(answer.headers.get("x-request-id")).toBe("request-0001");
  expect(meters.read()).toEqual({ httpRequests: 1 });
  const line = JSON.parse(lines[0] ?? "{}");
  expect(line).toMatchObject({
    method: "GET",
    route: "/api/v1/cases/:id",
    status: 200,
    requestId: "request-0001",
  });
  expect(lines.join("")).not.toContain("c-4711");
  await call("/nowhere/430999199001010019");
  expect(JSON.parse(lines.at(-1) ?? "{}")).toMatchObject({ route: "unknown", status: 404 });
});

test("the OpenAPI document is complete: who may call, the key, bodies, problems", async () => {
  await start();
  const document = (await (await call("/openapi.json")).json()) as OpenApi;
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toEqual(["/api/v1/cases", "/api/v1/cases/{id}", "/api/v1/sign-in"]);
  const create = document.paths["/api/v1/cases"]?.post;
  expect(create?.security).toEqual([{ bearer: ["citizen", "clerk"] }]);
  expect(create?.parameters?.map(({ name }) => name)).toEqual(["Idempotency-Key"]);
  expect(Object.keys(create?.responses ?? {}).sort()).toEqual(["201", "400", "401", "403", "409"]);
  expect(create?.requestBody).toMatchObject({ required: true });
  expect(document.paths["/api/v1/sign-in"]?.post).toMatchObject({
    security: [],
    requestBody: { required: true },
  });
  expect(document.components.securitySchemes).toHaveProperty("bearer");
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(["Problem", "NewCase", "CaseView"]),
  );
});

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      { security: unknown; parameters?: Array<{ name: string }>; responses: object; requestBody: object }
    >
  >;
  components: { securitySchemes: object; schemas: object };
}

test("the documents page stands alone: no script, nothing from outside, every route with roles, fields, problems", async () => {
  await start();
  const response = await call("/docs");
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const html = await response.text();
  expect(html).not.toMatch(/<script|src=|url\(|@import|<link/);
  for (const part of [
    "/api/v1/cases/{id}",
    "群众 citizen",
    "窗口人员 clerk",
    "任何人，无需登录",
    "people[].role",
    "Idempotency-Key",
  ])
    expect(html).toContain(part);
  expect(html).toContain("开始办理 &lt;一件事&gt;");
  expect(html).toContain("与现有情况冲突");
});

test("alive as long as it runs, ready only when all it needs answers", async () => {
  let down = false;
  await start({ database: async () => (down ? Promise.reject(new Error("refused")) : undefined) });
  expect((await call("/livez")).status).toBe(200);
  expect(await (await call("/readyz")).json()).toEqual({ status: "ready", checks: ["database"] });
  down = true;
  expect((await call("/livez")).status).toBe(200);
  expect(await problemOf(await call("/readyz"))).toMatchObject({ status: 503, reason: "server.not_ready" });
});
