import { expect, test } from "vitest";
import { createLimiter, defaultLimits, type Limits, limitsSetting } from "./fleeting/limits.ts";
import { createMemoryFleeting } from "./fleeting/memory.ts";
import { authenticate, mother, openHall, problemOf } from "./http.fixture.ts";
import { networkOf } from "./http-limits.ts";
import type { Caller } from "./types.ts";

const father: Caller = { ...mother, sub: "father" };
const hallWith = (limits: Limits, proxies = 0) => {
  const limiter = createLimiter(createMemoryFleeting(), limits);
  return openHall(undefined, { limiter, authenticate, proxies });
};
const at = "/api/v1/cases/c-4711";

test("a caller who asks too much is told when to come back, in both languages; others are served", async () => {
  await using hall = await hallWith({ citizen: 3 });
  const answers = await Promise.all(Array.from({ length: 5 }, () => hall.call(at, { as: mother })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  const refused = answers.find(({ status }) => status === 429)!;
  expect(refused.headers.get("retry-after")).toBe("20");
  expect(await problemOf(refused)).toMatchObject({
    code: "exhausted",
    reason: "rate.limited",
    zh: "请求过于频繁，请 20 秒后再试",
    en: "Too many requests; try again in 20 seconds",
  });
  expect((await hall.call(at, { as: father })).status).toBe(200);
});

test("without a valid token it is the network address that counts, and no token spends another's limit", async () => {
  await using hall = await hallWith({ anyone: 2, citizen: 1 });
  const forged = { headers: { authorization: "Bearer not.a.token" } };
  expect((await hall.call(at)).status).toBe(401);
  expect((await hall.call(at, forged)).status).toBe(401);
  expect((await hall.call(at, forged)).status).toBe(429);
  expect((await hall.call("/openapi.json")).status).toBe(429);
  expect((await hall.call(at, { as: mother })).status).toBe(200);
});

test("signing in has a limit of its own, and probes have none", async () => {
  await using hall = await hallWith({ anyone: 100, "sign-in": 1 });
  const signIn = () => hall.call("/api/v1/sessions", { method: "POST" });
  expect([(await signIn()).status, (await signIn()).status]).toEqual([404, 429]);
  expect((await hall.call("/docs")).status).toBe(200);
  for (let i = 0; i < 200; i++) expect((await hall.call(i % 2 ? "/livez" : "/readyz")).status).toBe(200);
});

test("the sender's own words about where it is count only as far as our proxies wrote them", async () => {
  const from = (...hops: string[]) => ({ headers: { "x-forwarded-for": hops.join(", ") } });
  await using direct = await hallWith({ anyone: 1 });
  expect((await direct.call(at, from("10.0.0.1"))).status).toBe(401);
  expect((await direct.call(at, from("10.0.0.2"))).status).toBe(429);
  await using behind = await hallWith({ anyone: 1 }, 1);
  expect((await behind.call(at, from("10.0.0.1"))).status).toBe(401);
  expect((await behind.call(at, from("10.0.0.2"))).status).toBe(401);
  expect((await behind.call(at, from("10.9.9.9", "10.0.0.2"))).status).toBe(429);
});

test("people have each their own limit, a department's systems one together, and our services none", async () => {
  const limiter = createLimiter(createMemoryFleeting(), { officer: 1, department: 1 });
  const caller = (role: Caller["role"], sub: string): Caller => ({ role, sub, department: "police" });
  await limiter.caller(caller("officer", "wang"));
  await limiter.caller(caller("officer", "li"));
  await expect(limiter.caller(caller("officer", "li"))).rejects.toMatchObject({ reason: "rate.limited" });
  await limiter.caller(caller("department", "one system"));
  await expect(limiter.caller(caller("department", "another"))).rejects.toMatchObject({ code: "exhausted" });
  for (let i = 0; i < 100; i++) await limiter.caller(caller("service", "case-window"));
});

test("an IPv6 household is one address, and an IPv4 address is the same in either dress", () => {
  expect(networkOf("2001:db8:1:2:aaaa::1")).toBe(networkOf("2001:0db8:1:2::ffff%eth0"));
  expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("::ffff:10.0.0.1")).toBe("10.0.0.1");
});

test("the setting changes what it names, switches all off, and says what is wrong with it", () => {
  expect(limitsSetting.parse("citizen=5, sign-in=7")).toEqual({ ...defaultLimits, citizen: 5, "sign-in": 7 });
  expect(limitsSetting.parse("off")).toEqual({});
  for (const wrong of ["citizen", "citizen=0", "citizen=-1", "king=5", "citizen=5;clerk=6"])
    expect(limitsSetting.safeParse(wrong).success, wrong).toBe(false);
});
