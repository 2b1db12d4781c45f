// Passing a request on to the service that declares its route, over the service's replicas in turn.
import { unavailable } from "@onething/kernel/errors";
import { passedOn } from "@onething/service/event-stream";
import { type Api, type HttpEnv, routes } from "@onething/service/http";
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
    const send = sender(name, replicas);
    for (const [path, methods] of Object.entries(document.paths ?? {}))
      for (const method of Object.keys(methods))
        api.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), send);
  }
  return api;
}

/** Headers that say something of one connection only, or that the next one sets itself. */
const ownOfConnection = ["host", "connection", "content-length", "transfer-encoding", "accept-encoding"];

function sender(name: string, replicas: readonly string[]) {
  let turn = 0;
  return async (c: Context<HttpEnv>): Promise<Response> => {
    const { pathname, search } = new URL(c.req.url);
    const body = ["GET", "HEAD"].includes(c.req.method) ? undefined : await c.req.arrayBuffer();
    const headers = new Headers(c.req.raw.headers);
    for (const name of ownOfConnection) headers.delete(name);
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
          ...(body && body.byteLength > 0 ? { body } : {}),
        });
        if (!answer.headers.has(startingHeader)) return passedOn(answer, c);
        await answer.body?.cancel();
        lost = new Error(`${name} is starting`);
      } catch (error) {
        lost = error;
        if (c.req.raw.signal.aborted || !mayRepeat(c, error)) break;
      }
    }
    throw unreachable(lost);
  };
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
