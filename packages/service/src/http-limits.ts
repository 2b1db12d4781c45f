// Limits at the HTTP door: by caller where a token says who asks, else by the network address that the request came from.
import { isIP, isIPv6 } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import type { Limiter } from "./fleeting/limits.ts";
import type { HttpEnv } from "./http-env.ts";
import { bearerToken } from "./tokens.ts";
import type { Authenticate, Caller } from "./types.ts";

export interface DoorLimits {
  limiter: Limiter;
  authenticate: Authenticate;
  /** Proxies of our own before this door, each of which appends to X-Forwarded-For where it got the request from. */
  proxies?: number;
}

/** Asked by whoever watches over the process, as often as it likes. */
const unlimited = new Set(["/livez", "/readyz", "/metrics"]);
const signInRoute = "POST /api/v1/sessions";

export function limited({ limiter, authenticate, proxies = 0 }: DoorLimits): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (unlimited.has(c.req.path)) return next();
    const caller = await callerOf(c, authenticate);
    if (caller) await limiter.caller(caller);
    else await limiter.stranger(addressOf(c, proxies));
    if (`${c.req.method} ${c.req.path}` === signInRoute) await limiter.signIn(addressOf(c, proxies));
    await next();
  };
}

/** A token that cannot be checked is no token here; the route says what is wrong with it. */
async function callerOf(c: Context<HttpEnv>, authenticate: Authenticate): Promise<Caller | undefined> {
  const token = bearerToken(c.req.header("authorization"));
  return token === undefined ? undefined : authenticate(token).catch(() => undefined);
}

function addressOf(c: Context<HttpEnv>, proxies: number): string {
  const forwarded = (c.req.header("x-forwarded-for") ?? "").split(",").map((each) => each.trim());
  // Whatever stands further left is what the sender says of itself.
  const told = proxies > 0 ? forwarded.at(-proxies) : undefined;
  return networkOf(told && isIP(told) ? told : (getConnInfo(c).remote.address ?? "unknown"));
}

/** Of IPv6 the network: one household has more addresses than could be counted. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const plain = address.replace(/%.*$/, "");
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (four) return four[1]!;
  const [head = "", tail] = plain
    .toLowerCase()
    .split("::")
    .map((half) => half.split(":").filter(Boolean)) as [string[], string[] | undefined];
  const zeros = tail ? Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0") : [];
  return `${[...head, ...zeros, ...(tail ?? [])]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
