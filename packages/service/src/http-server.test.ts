import { expect, test } from "vitest";
import { mother, openHall, problemOf } from "./http.fixture.ts";

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

test("broken JSON, another format, an empty body and a body too large each have their own answer", async () => {
  await using hall = await openHall();
  const { server, call, post } = hall;
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

test("a route that says so in the contract takes more, up to what it says; others beside it do not", async () => {
  await using hall = await openHall();
  const { call } = hall;
  const mebibytes = (n: number) => Buffer.alloc(n * 1024 * 1024, "x");
  const post = (path: string, body: Buffer<ArrayBuffer> | ReadableStream) =>
    call(path, {
      ...{ method: "POST", as: mother, body, duplex: "half" },
      headers: { "content-type": "application/pdf", "idempotency-key": "key-00000001" },
    } as RequestInit & { as: typeof mother });
  expect(await (await post("/api/v1/cases/c-4711/scans", mebibytes(3))).json()).toEqual({
    bytes: 3 * 1024 * 1024,
  });
  const large = await problemOf(await post("/api/v1/cases/c-4711/scans", mebibytes(4)));
  expect(large).toMatchObject({ status: 413, reason: "request.too_large" });
  expect([large.zh, large.en]).toEqual(["请求内容不能超过 3 MiB", "A request may not be larger than 3 MiB"]);
  // Of no announced length: read as it comes, and counted by whoever reads.
  const streamed = await post("/api/v1/cases/c-4711/scans", new Blob([mebibytes(2)]).stream());
  expect(await streamed.json()).toEqual({ bytes: 2 * 1024 * 1024 });
  for (const path of ["/api/v1/cases", "/api/v1/cases/c-4711/scans/more", "/api/v1/cases/a/b/scans"])
    expect(await problemOf(await post(path, mebibytes(2)))).toMatchObject({ status: 413 });
});

test("requests are counted and logged by template, with the caller's request id", async () => {
  await using hall = await openHall();
  const { meters, lines, call } = hall;
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
  await using hall = await openHall();
  const { call } = hall;
  const document = (await (await call("/openapi.json")).json()) as OpenApi;
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toEqual([
    ...["/api/v1/cases", "/api/v1/cases/{id}", "/api/v1/sign-in", "/api/v1/cases/{id}/scans"],
  ]);
  const create = document.paths["/api/v1/cases"]?.post;
  expect(create?.security).toEqual([{ bearer: ["citizen", "clerk"] }]);
  expect(create?.parameters?.map(({ name }) => name)).toEqual(["Idempotency-Key"]);
  expect(Object.keys(create?.responses ?? {}).sort()).toEqual(["201", "400", "401", "403", "409", "429"]);
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

test("the documents page stands alone: no script, nothing from outside, every route with roles, fields, problems", async () => {
  await using hall = await openHall();
  const { call } = hall;
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
  await using hall = await openHall({
    database: async () => (down ? Promise.reject(new Error("refused")) : undefined),
  });
  const { call } = hall;
  expect((await call("/livez")).status).toBe(200);
  expect(await (await call("/readyz")).json()).toEqual({ status: "ready", checks: ["database"] });
  down = true;
  expect((await call("/livez")).status).toBe(200);
  expect(await problemOf(await call("/readyz"))).toMatchObject({ status: 503, reason: "server.not_ready" });
});

test("a stop lets a running request finish and takes no new one", async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using hall = await openHall({
    slow: async () => {
      entered.resolve();
      await release.promise;
    },
  });
  const running = hall.call("/readyz");
  await entered.promise;
  const stopped = hall.server.stop();
  await expect(hall.call("/livez")).rejects.toThrow();
  release.resolve();
  expect(await problemOf(await running)).toMatchObject({ status: 503, reason: "server.not_ready" });
  await stopped;
});
