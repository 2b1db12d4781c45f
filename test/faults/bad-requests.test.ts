// What no program should send, at the HTTP door: each has its status, its reason and its words, and changes nothing.
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { readable } from "./filing.ts";

let city: City;
let token: string;
beforeAll(async () => {
  city = await startCity();
  const personId = city.platform.sample.people.get("mother")!;
  token = await city.platform.issuer.sign({ sub: "mother", role: "citizen", personId }, 600);
});
afterAll(() => city.close());

const key = "a-key-of-this-test";
const body = JSON.stringify({ bundle: "birth" });

async function send(init: {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | ReadableStream;
}) {
  const response = await fetch(`${city.platform.url}${init.path ?? "/api/v1/cases"}`, {
    method: init.method ?? "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": key,
      ...init.headers,
    },
    ...(init.body ? { body: init.body, duplex: "half" } : {}),
  } as RequestInit);
  const problem = (await response.json()) as Record<string, string>;
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(problem.requestId).toBe(response.headers.get("x-request-id"));
  expect(problem.status).toBe(response.status);
  return { status: response.status, reason: problem.reason, problem, headers: response.headers };
}

async function cases(): Promise<unknown[]> {
  const response = await fetch(`${city.platform.url}/api/v1/cases`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await response.json()) as { cases: unknown[] }).cases;
}

const large = JSON.stringify({ bundle: "x".repeat(1_100_000) });
const stream = () =>
  new ReadableStream({
    start(controller) {
      for (let i = 0; i < 12; i++) controller.enqueue(Buffer.alloc(100_000, "x"));
      controller.close();
    },
  });

test.each([
  [
    "a body too large",
    { body: large },
    413,
    "request.too_large",
    /不能超过 1 MiB/,
    /not be larger than 1 MiB/,
  ],
  ["the same in chunks", { body: stream() }, 413, "request.too_large", /不能超过/, /not be larger/],
  [
    "broken JSON",
    { body: '{"bundle": "birth"' },
    400,
    "request.bad_json",
    /不是有效的 JSON/,
    /not valid JSON/,
  ],
  ["an empty body", {}, 400, "request.bad_json", /不是有效的 JSON/, /not valid JSON/],
  ["JSON of another shape", { body: '["birth"]' }, 400, "request.invalid", /按提示修改/, /see each of them/],
  ["a wrong type", { body: '{"bundle": 7}' }, 400, "request.invalid", /按提示修改/, /see each of them/],
  [
    "another format",
    { body: "bundle=birth", headers: { "content-type": "text/plain" } },
    415,
    "request.not_json",
    /须为 application\/json/,
    /must be application\/json/,
  ],
  [
    "a short key",
    { body, headers: { "idempotency-key": "short" } },
    400,
    "idempotency_key.invalid",
    /8 至 200/,
    /8 to 200/,
  ],
  [
    "a key of other characters",
    { body, headers: { "idempotency-key": "a key with spaces" } },
    400,
    "idempotency_key.invalid",
    /8 至 200/,
    /8 to 200/,
  ],
  [
    "a key too long",
    { body, headers: { "idempotency-key": "k".repeat(201) } },
    400,
    "idempotency_key.invalid",
    /至 200/,
    /to 200/,
  ],
  ["an unknown route", { path: "/api/v1/weddings", body }, 404, "route.unknown", /对照 \/docs/, /see \/docs/],
  ["another method", { method: "DELETE" }, 404, "route.unknown", /对照 \/docs/, /see \/docs/],
  [
    "an id that is none",
    { method: "GET", path: "/api/v1/cases/17" },
    400,
    "request.invalid",
    /提示/,
    /fields/,
  ],
  [
    "a page of no size",
    { method: "GET", path: "/api/v1/cases?limit=0" },
    400,
    "request.invalid",
    /提示/,
    /fields/,
  ],
  [
    "a cursor of another list",
    { method: "GET", path: "/api/v1/cases?cursor=next" },
    400,
    "request.invalid",
    /提示/,
    /fields/,
  ],
  [
    "a cursor of licences",
    { method: "GET", path: "/api/v1/licences?cursor=x" },
    400,
    "request.cursor",
    /请从第一页/,
    /start again from the first page/,
  ],
] as const)("%s is refused in words and opens no case", async (_, init, status, reason, zh, en) => {
  const answer = await send(init);
  expect([answer.status, answer.reason]).toEqual([status, reason]);
  readable(answer.problem, zh, en);
  expect(await cases()).toEqual([]);
});

test("a missing key is refused, and the words say what one is for", async () => {
  const response = await fetch(`${city.platform.url}/api/v1/cases`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
  });
  const problem = (await response.json()) as { reason: string; zh: string; en: string };
  expect([response.status, problem.reason]).toEqual([400, "idempotency_key.missing"]);
  readable(problem, /重发同一请求时保持不变/, /the same when the same request is sent again/);
});

test("the words come in the language asked for", async () => {
  const say = async (language: string) => {
    const { problem, headers } = await send({ body: "{", headers: { "accept-language": language } });
    return [headers.get("content-language"), problem.detail];
  };
  expect(await say("en-GB,zh;q=0.5")).toEqual(["en", "The request body is not valid JSON"]);
  expect(await say("fr")).toEqual(["zh-CN", "请求内容不是有效的 JSON"]);
});

describe("raw HTTP", () => {
  /** What fetch would not send. */
  const raw = (headers: Record<string, string>, payload: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(city.platform.url);
      const call = request({ hostname, port, method: "POST", path: "/api/v1/cases", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      call.once("error", reject);
      call.end(payload);
    });

  test("a body without a content type is refused, and the door stays open", async () => {
    expect(await raw({ authorization: `Bearer ${token}`, "idempotency-key": key }, body)).toBe(415);
    expect(await cases()).toEqual([]);
  });
});
