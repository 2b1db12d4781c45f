import { afterAll, beforeAll, expect, test } from "vitest";
import { anyone, createRoute, json, routes, z } from "./http.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { createMeters } from "./meters.ts";
import { log } from "./rpc.fixture.ts";

const meters = createMeters("case-window");
let server: HttpServer;

beforeAll(async () => {
  const api = routes({ log, authenticate: () => Promise.reject(new Error("nobody")) });
  api.openapi(
    createRoute({
      ...{ method: "get", path: "/api/v1/things/{id}", summary: "x", tags: [], security: anyone },
      responses: { 200: json(z.object({}), "x") },
    }),
    (c) => c.json({}, 200),
  );
  server = await createHttpServer({
    ...{ apps: [api], port: 0, host: "127.0.0.1", title: "t", log, meters, metrics: meters },
  });
});
afterAll(() => server.stop(100));

const scrape = async (headers = {}) => fetch(`${server.url}/metrics`, { headers });

test("Prometheus reads what was answered, by template and status, never an address", async () => {
  await fetch(`${server.url}/api/v1/things/430999199403210021`);
  await fetch(`${server.url}/nothing/here`);
  const text = await (await scrape()).text();
  expect(text).toContain(
    'onething_http_requests_total{method="GET",route="/api/v1/things/:id",status="200",service="case-window"} 1',
  );
  expect(text).toContain('route="unknown",status="404"');
  expect(text).toMatch(/onething_http_request_seconds_bucket\{.*route="\/api\/v1\/things\/:id"/);
  expect(text).not.toContain("430999");
});

test("a gauge is asked when somebody looks; one that cannot answer is absent, not zero", async () => {
  let depth: number | undefined = 7;
  meters.gauge({
    name: "onething_test_depth",
    help: "x",
    look: async () => {
      if (depth === undefined) throw new Error("no database");
      return [{ value: depth }];
    },
  });
  expect(await (await scrape()).text()).toContain('onething_test_depth{service="case-window"} 7');
  depth = undefined;
  expect(await (await scrape()).text()).not.toContain("onething_test_depth{");
});

test("a gauge with labels says what there is now, and no more of what is gone", async () => {
  let waiting: Record<string, number> = { one: 3, two: 0 };
  meters.gauge({
    ...{ name: "onething_test_waiting", help: "x", labels: ["consumer"] },
    look: async () => Object.entries(waiting).map(([consumer, value]) => ({ labels: { consumer }, value })),
  });
  const said = async () => {
    const answer = await scrape();
    expect(answer.status).toBe(200);
    return (await answer.text()).match(/^onething_test_waiting\b.*$/gm) ?? [];
  };
  expect(await said()).toEqual([
    'onething_test_waiting{consumer="one",service="case-window"} 3',
    'onething_test_waiting{consumer="two",service="case-window"} 0',
  ]);
  waiting = { two: 1 };
  expect(await said()).toEqual(['onething_test_waiting{consumer="two",service="case-window"} 1']);
  waiting = {};
  expect(await said()).toEqual([]);
});

test("through a proxy there is nothing to read", async () => {
  expect((await scrape({ "x-forwarded-for": "203.0.113.9" })).status).toBe(404);
});
