// One HTTP server for the routes of one service or of all of them: documents, liveness, limits, access log.
import { OpenAPIHono } from "@hono/zod-openapi";
import { notFound, unavailable } from "@onething/kernel/errors";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";
import { docsPage } from "./docs.ts";
import type { Api, HttpEnv } from "./http-env.ts";
import { type DoorLimits, limited } from "./http-limits.ts";
import { type Fetch, type Listening, listenHttp } from "./http-listen.ts";
import { maxBodyBytes, type Room, roomIn, tooLarge } from "./http-room.ts";
import type { Log } from "./log.ts";
import type { ServiceMeters } from "./meters.ts";
import { answer, problem } from "./problem.ts";
import { requestIdFrom, requestIdHeader, withRequestId } from "./request-id.ts";
import { inSpan, renameSpan, SpanKind } from "./tracing.ts";
import type { Meters } from "./types.ts";

export interface HttpServer {
  url: string;
  port: number;
  /** From now on others answer these routes, and no more those before. */
  passOn(to: PassedOn): void;
  /** Stops taking requests, lets running ones finish for at most `withinMs`, then cuts them off. */
  stop(withinMs?: number): Promise<void>;
}

export interface HttpServerOptions {
  apps: Api[];
  /** Where to listen: an address, or a port that is open already. */
  port?: number;
  host?: string;
  on?: Listening;
  title: string;
  version?: string;
  log: Log;
  meters: Meters;
  /** What Prometheus reads at /metrics, straight at the process: for whoever comes through a proxy it is not there. */
  metrics?: Pick<ServiceMeters, "expose">;
  /** Only at the door that people come to: those behind it would count everybody twice. */
  limits?: DoorLimits;
  /** What must work before requests are sent here; each throws when it does not. */
  ready?: Record<string, () => Promise<unknown>>;
  passedOn?: PassedOn;
}

/** Routes that others answer, and their contracts: part of the published document like our own. */
export interface PassedOn {
  api: Api;
  documents: readonly Document[];
  /** Asked before a route is called unknown: whether there are others now. Errors: what is answered instead. */
  lookAgain?(): Promise<boolean>;
}

/** An OpenAPI document. */
export type Document = ReturnType<Api["getOpenAPI31Document"]>;

export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const stopping = new AbortController();
  const answerNow: Fetch = (request, env) => app.fetch(request, env);
  let app = compose(options, stopping.signal, answerNow);
  const listening =
    options.on ??
    (await listenHttp({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 }, answerNow));
  listening.answerBy(answerNow);
  return {
    url: listening.url,
    port: listening.port,
    passOn: (passedOn) => {
      app = compose({ ...options, passedOn }, stopping.signal, answerNow);
    },
    stop: (withinMs) => {
      stopping.abort();
      return listening.stop(withinMs);
    },
  };
}

function compose(options: HttpServerOptions, stopping: AbortSignal, answerNow: Fetch): Api {
  const { log, title, version = "1.0.0", passedOn } = options;
  const app: Api = new OpenAPIHono<HttpEnv>();
  app.onError((error, c) => answer(log, error, c));
  app.notFound(async (c) => {
    try {
      if (await passedOn?.lookAgain?.()) return await answerNow(c.req.raw, c.env as object);
      throw unknownRoute();
    } catch (error) {
      return answer(log, error, c);
    }
  });
  let room: Room = () => maxBodyBytes;
  app.use(
    "*",
    access(options, stopping),
    limit((method, path) => room(method, path)),
  );
  if (options.limits) app.use("*", limited(options.limits));
  for (const api of options.apps) app.route("/", api);
  if (passedOn) app.route("/", passedOn.api);
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  const own = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title, version } });
  const document = joined(own, passedOn?.documents ?? []);
  room = roomIn(document);
  const page = docsPage(document);
  app.get("/openapi.json", (c) => c.json(document));
  app.get("/docs", (c) => c.html(page.html, 200, { "content-security-policy": page.policy }));
  const { metrics } = options;
  if (metrics)
    app.get("/metrics", async (c) => {
      if (c.req.header("x-forwarded-for") !== undefined) throw unknownRoute();
      const { text, contentType } = await metrics.expose();
      return c.body(text, 200, { "content-type": contentType });
    });
  app.get("/livez", (c) => c.json({ status: "alive" }));
  let said = "";
  app.get("/readyz", async (c) => {
    const why = await unready(options.ready ?? {}, stopping);
    // Probes come every few seconds: one line when it changes.
    if (why && why !== said) log.warn({ why }, "not ready");
    said = why;
    return why
      ? problem(notReady(why), c)
      : c.json({ status: "ready", checks: Object.keys(options.ready ?? {}) });
  });
  return app;
}

/** One document of several; components of one name are one component. */
function joined(own: Document, others: readonly Document[]): Document {
  const all = [own, ...others];
  const parts = new Set(all.flatMap((each) => Object.keys(each.components ?? {})));
  const components = [...parts].map((part) => [
    part,
    Object.assign({}, ...all.map((each) => (each.components as Record<string, object> | undefined)?.[part])),
  ]);
  return {
    ...own,
    paths: Object.assign({}, ...all.map((each) => each.paths)),
    components: Object.fromEntries(components),
  };
}

const unknownRoute = () =>
  notFound("route.unknown", "没有这个地址，请对照 /docs", "There is no such address; see /docs");

/** Names the request, counts it, and writes one line about it: the route's template, never the address or the body. */
function access(
  { log, meters }: Pick<HttpServerOptions, "log" | "meters">,
  stopping: AbortSignal,
): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const requestId = requestIdFrom(c.req.header(requestIdHeader));
    const started = performance.now();
    c.set("requestId", requestId);
    c.set("stopping", stopping);
    meters.count("httpRequests");
    // Set before the handler, so that it may say otherwise and the answer is built once.
    c.header(requestIdHeader, requestId);
    c.header("x-content-type-options", "nosniff");
    c.header("cache-control", "no-store");
    const span = { kind: SpanKind.SERVER, parent: c.req.header("traceparent") };
    await inSpan(c.req.method, span, async () => {
      await withRequestId(requestId, next);
      const ms = performance.now() - started;
      const [method, route, { status }] = [c.req.method, templateOf(c), c.res];
      renameSpan(`${method} ${route}`, { "http.response.status_code": status });
      meters.total("onething_http_requests_total", { method, route, status: String(status) });
      meters.observe("onething_http_request_seconds", ms / 1000, { method, route });
      log.info({ requestId, method, route, status, ms: Math.round(ms) }, "request");
    });
  };
}

function templateOf(c: Context): string {
  const template = routePath(c, -1);
  return template === "/*" ? "unknown" : template;
}

/** Where the length is announced, Node holds the sender to it; only bodies without one are counted while they come in. */
function limit(room: Room): MiddlewareHandler<HttpEnv> {
  const refuse = (most = maxBodyBytes): never => {
    throw tooLarge(most);
  };
  const counted = bodyLimit({ maxSize: maxBodyBytes, onError: () => refuse() });
  return async (c, next) => {
    const most = room(c.req.method, c.req.path);
    const streamed = c.req.header("transfer-encoding") !== undefined;
    // Who takes more than others reads it as it comes, and counts.
    if (streamed && most === maxBodyBytes) return counted(c, next);
    if (!streamed && Number(c.req.header("content-length") ?? 0) > most) refuse(most);
    await next();
  };
}

/** What does not work yet, or any more; "" when all does. */
async function unready(checks: NonNullable<HttpServerOptions["ready"]>, stopping: AbortSignal) {
  const failed = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check();
        return [];
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  if (stopping.aborted) failed.push(["stopping"]);
  return failed.flat().join("; ");
}

const notReady = (internal: string) =>
  unavailable("server.not_ready", "系统尚未就绪，请稍后再试", "Not ready yet; try again in a moment", {
    internal,
  });
