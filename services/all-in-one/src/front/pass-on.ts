// Passing a request on to the service that declares its route, over the service's replicas in turn.
import { unavailable } from "@onething/kernel/errors";
import { passedOn } from "@onething/service/event-stream";
import { type Api, type HttpEnv, routes } from "@onething/service/http";
import { isRoomy } from "@onething/service/http-room";
import { startingHeader } from "@onething/service/starting";
import { traceparent } from "@onething/service/tracing";
import type { ServiceDeps } from "@onething/service/types";
import type { Context } from "hono";
import { proxy } from "hono/proxy";
import type { Behind } from "./contracts.ts";

/** A route for each that the services declare; what none declares is unknown here already. */
export function passOn(deps: Pick<ServiceDeps, "authenticate" | "log">, services: readonly Behind[]): Api {
  const api = routes(deps);
  for (const { name, replicas, document } of services) {
    const whole = sender(name, replicas);
    const streamed = sender(name, replicas, true);
    for (const [path, methods] of Object.entries(document.paths ?? {}))
      for (const [method, operation] of Object.entries(methods as Record<string, object>)) {
        const send = isRoomy(operation) ? streamed : whole;
        api.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), send);
      }
  }
  return api;
}

/** Headers that say something of one connection only, or that the next one sets itself. */
const ownOfConnection = ["host", "connection", "content-length", "transfer-encoding", "accept-encoding"];

/** A large body is passed on as it comes, and so can be sent only once; others are held, to be sent to the next replica too. */
function sender(name: string, replicas: readonly string[], streamed = false) {
  let turn = 0;
  return async (c: Context<HttpEnv>): Promise<Response> => {
    const { pathname, search } = new URL(c.req.url);
    const headers = new Headers(c.req.raw.headers);
    for (const name of ownOfConnection) headers.delete(name);
    const body = await bodyOf(c, streamed);
    const length = c.req.header("content-length");
    if (streamed && length !== undefined) headers.set("content-length", length);
    headers.set("x-request-id", c.get("requestId"));
    headers.set("traceparent", traceparent());
    const first = turn++;
    let lost: unknown;
    for (let i = 0; i < replicas.length; i++) {
      const url = `http://${replicas[(first + i) % replicas.length]}${pathname}${search}`;
      try {
        const answer = await proxy(url, {
          method: c.req.method,
          headers,
          signal: c.req.raw.signal,
          ...(body && { body, duplex: "half" }),
        });
        if (!answer.headers.has(startingHeader)) return passedOn(answer, c);
        await answer.body?.cancel();
        lost = new Error(`${name} is starting`);
        if (streamed) break;
      } catch (error) {
        lost = error;
        if (streamed || c.req.raw.signal.aborted || !mayRepeat(c, error)) break;
      }
    }
    throw unreachable(lost);
  };
}

async function bodyOf(c: Context<HttpEnv>, streamed: boolean) {
  if (["GET", "HEAD"].includes(c.req.method)) return undefined;
  if (streamed) return c.req.raw.body ?? undefined;
  const body = await c.req.arrayBuffer();
  return body.byteLength > 0 ? body : undefined;
}

/** A request that was not sent, that only reads, or that carries a key under which a repeat is known. */
const mayRepeat = (c: Context<HttpEnv>, error: unknown): boolean =>
  c.req.method === "GET" ||
  c.req.header("idempotency-key") !== undefined ||
  ((error as { cause?: { code?: string } }).cause?.code ?? "") === "ECONNREFUSED";

const unreachable = (cause: unknown) =>
  unavailable(
    "front.unreachable",
    "系统暂时连接不上，请稍后用同样的内容再试一次",
    "The service cannot be reached just now; send the same request again in a moment",
    { cause, retryAfterMs: 2000 },
  );
