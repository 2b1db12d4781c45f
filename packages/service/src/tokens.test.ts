import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bearerToken, createIssuer, createTokenSource, createVerifier } from "./tokens.ts";
import { actorOf, type Caller } from "./types.ts";

const clerk: Caller = { sub: "w1", role: "clerk", name: "窗口一", window: "A03", department: "hall" };
const issuer = "https://onething.test";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokens-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("who signs in is who the door sees", async () => {
  const signing = await createIssuer({ issuer });
  const authenticate = createVerifier({ jwks: signing.jwks(), issuer });
  const token = await signing.sign(clerk, 60);
  expect(await authenticate(token)).toEqual(clerk);
  expect(await authenticate(token)).toBe(await authenticate(token));
  expect(actorOf(clerk)).toBe("clerk:w1");
  expect(JSON.stringify(signing.jwks())).not.toContain('"d":');
});

test("a token stops counting when it expires, also one that is remembered", async () => {
  let now = new Date("2026-03-01T00:00:00.000Z");
  const clock = () => now;
  const signing = await createIssuer({ issuer, now: clock });
  const authenticate = createVerifier({ jwks: signing.jwks(), issuer, now: clock });
  const token = await signing.sign(clerk, 60);
  await authenticate(token);
  now = new Date(now.getTime() + 59_000);
  await authenticate(token);
  now = new Date(now.getTime() + 2_000);
  await expect(authenticate(token)).rejects.toMatchObject({
    code: "unauthenticated",
    reason: "token.expired",
  });
});

test("another key, issuer, audience, role or a changed token is nobody", async () => {
  const signing = await createIssuer({ issuer });
  const authenticate = createVerifier({ jwks: signing.jwks(), issuer });
  const nobody = { code: "unauthenticated", reason: "token.invalid" };
  const stranger = await createIssuer({ issuer });
  await expect(authenticate(await stranger.sign(clerk, 60))).rejects.toMatchObject(nobody);
  const token = await signing.sign(clerk, 60);
  const [head, body, signature] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(String(body), "base64url").toString()), role: "operator" };
  const raised = Buffer.from(JSON.stringify(claims)).toString("base64url");
  await expect(authenticate(`${head}.${raised}.${signature}`)).rejects.toMatchObject(nobody);
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  await expect(authenticate(`${none}.${raised}.`)).rejects.toMatchObject(nobody);
  const elsewhere = createVerifier({ jwks: signing.jwks(), issuer: "https://elsewhere" });
  await expect(elsewhere(token)).rejects.toMatchObject(nobody);
  const audience = createVerifier({ jwks: signing.jwks(), issuer, audience: "other" });
  await expect(audience(token)).rejects.toMatchObject(nobody);
  const king = await signing.sign({ sub: "k", role: "king" as "clerk" }, 60);
  await expect(authenticate(king)).rejects.toMatchObject(nobody);
  await expect(authenticate(undefined)).rejects.toMatchObject({ reason: "token.missing" });
});

test("what is remembered is bounded", async () => {
  const signing = await createIssuer({ issuer });
  const authenticate = createVerifier({ jwks: signing.jwks(), issuer, remembered: 1 });
  const [a, b] = [await signing.sign(clerk, 60), await signing.sign({ ...clerk, sub: "w2" }, 60)];
  const first = await authenticate(a);
  await authenticate(b);
  expect(await authenticate(a)).toEqual(first);
  expect(await authenticate(a)).not.toBe(first);
});

test("the key outlives the process, only its owner can read it, and starters at once agree on one", async () => {
  const keyFile = join(folder, "keys", "issuer.json");
  const starters = await Promise.all([1, 2, 3].map(() => createIssuer({ issuer, keyFile })));
  const sets = new Set(starters.map((starter) => JSON.stringify(starter.jwks())));
  expect(sets.size).toBe(1);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "keys"))).toEqual(["issuer.json"]);
});

test("a service's own token is signed once and renewed before it runs out", async () => {
  let now = new Date("2026-03-01T00:00:00.000Z");
  const clock = () => now;
  const signing = await createIssuer({ issuer, now: clock });
  const source = createTokenSource(
    signing,
    { sub: "case-window", role: "service" },
    { ttlSeconds: 120, now: clock },
  );
  const first = await source();
  expect(await source()).toBe(first);
  now = new Date(now.getTime() + 61_000);
  expect(await source()).not.toBe(first);
});

test("only a bearer header holds a token", () => {
  expect(bearerToken("Bearer abc.def")).toBe("abc.def");
  expect(bearerToken("bearer abc")).toBe("abc");
  for (const header of [undefined, "", "Basic abc", "Bearer", "Bearer a b"])
    expect(bearerToken(header)).toBeUndefined();
});
