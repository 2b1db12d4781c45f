// The sample city's accounts and the small built-in issuer. For the sample city only: a real city plugs in its own.
import { hash, timingSafeEqual } from "node:crypto";
import { unauthenticated } from "@onething/kernel/errors";
import {
  type Api,
  anyone,
  createRoute,
  json,
  jsonBody,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import type { Issuer } from "@onething/service/tokens";
import { type Caller, duties, roles, type ServiceDeps } from "@onething/service/types";

export const Account = z.strictObject({
  username: z.string().min(1),
  role: z.enum(roles),
  name: z.object({ zh: z.string(), en: z.string() }),
  /** Key of a person of the city's list. */
  person: z.string().optional(),
  department: z.string().optional(),
  window: z.string().optional(),
  /** Of an officer, besides handling work. */
  duties: z.array(z.enum(duties)).optional(),
  password: z.string().min(4),
});
export type Account = z.infer<typeof Account>;

/** How long a sign-in lasts. */
const hours = 8;

const SignIn = z.object({ username: z.string().max(100), password: z.string().max(200) }).openapi("SignIn");
const Session = z
  .object({
    token: z.string(),
    expiresAt: z.string(),
    role: z.string(),
    name: z.object({ zh: z.string(), en: z.string() }),
  })
  .openapi("Session");

export function accountRoutes(
  deps: Pick<ServiceDeps, "authenticate" | "log" | "now"> & {
    accounts: readonly Account[];
    issuer: Issuer;
    personOf: (key: string) => string | undefined;
  },
): Api {
  const api = routes(deps);
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/sessions",
      summary: "登录示例城市 · Sign in to the sample city",
      tags: ["登录 · Sign-in"],
      security: anyone,
      request: { body: jsonBody(SignIn) },
      responses: { 201: json(Session, "令牌 · A token"), ...problemResponses(400, 401) },
    }),
    async (c) => {
      const { username, password } = c.req.valid("json");
      const account = deps.accounts.find((each) => each.username === username);
      if (!account || !same(password, account.password))
        throw unauthenticated(
          "session.refused",
          "用户名或密码不对，请核对后重试",
          "User name or password is wrong; check and try again",
        );
      const expires = new Date(deps.now().getTime() + hours * 3600_000);
      const token = await deps.issuer.sign(callerOf(account, deps.personOf), hours * 3600);
      return c.json({ token, expiresAt: expires.toISOString(), role: account.role, name: account.name }, 201);
    },
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/.well-known/jwks.json",
      summary: "签发公钥 · The issuer's public keys",
      tags: ["登录 · Sign-in"],
      security: anyone,
      responses: { 200: json(z.object({ keys: z.array(z.record(z.string(), z.unknown())) }), "JWKS") },
    }),
    (c) => c.json(deps.issuer.jwks() as { keys: Record<string, unknown>[] }, 200),
  );
  return api;
}

export function callerOf(account: Account, personOf: (key: string) => string | undefined): Caller {
  const { username, role, person, department, window, duties } = account;
  const personId = person ? personOf(person) : undefined;
  return {
    sub: username,
    role,
    ...(personId ? { personId } : {}),
    ...(department ? { department } : {}),
    ...(window ? { window } : {}),
    ...(duties ? { duties } : {}),
  };
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => hash("sha256", text, "buffer"));
  return timingSafeEqual(a!, b!);
}
