import { expect, test } from "vitest";
import { authenticate, mother, openHall, problemOf } from "./http.fixture.ts";
import { createRoute, json, routes, z } from "./http.ts";
import { createLog } from "./log.ts";

const log = createLog({ service: "test", level: "silent" });

test("a signed-in caller of an allowed role is answered, everybody else is told why not", async () => {
  await using hall = await openHall();
  const { call, post } = hall;
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
  await using hall = await openHall();
  const { call, post } = hall;
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

test("a POST without a usable Idempotency-Key is refused before anything is done", async () => {
  await using hall = await openHall();
  const { call, post } = hall;
  for (const key of ["short", "with space here", "x".repeat(201)])
    expect(await problemOf(await post({}, { "idempotency-key": key }))).toMatchObject({
      reason: "idempotency_key.invalid",
    });
  const none = await call("/api/v1/cases", { method: "POST", as: mother });
  expect(await problemOf(none)).toMatchObject({ status: 400, reason: "idempotency_key.missing" });
});

test("refusals have their status, Retry-After where it helps, and the language that was asked for", async () => {
  await using hall = await openHall();
  const { call } = hall;
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
  await using hall = await openHall();
  const { lines, call } = hall;
  const problem = await problemOf(await call("/api/v1/cases/broken", { as: mother }));
  expect(problem).toMatchObject({ status: 500, code: "internal", reason: "internal" });
  expect(JSON.stringify(problem)).not.toContain("relation");
  const log = lines.join("");
  expect(log).toContain("relation [identity number] does not exist");
  expect(log).not.toContain("430999199001010019");
});
