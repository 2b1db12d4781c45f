// One trace through HTTP, gRPC, a journal and what its events set off.
import { randomUUID } from "node:crypto";
import { AskResponse } from "@onething/contracts/register/v1/register";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, expect, test } from "vitest";
import { anyone, createRoute, json, routes, z } from "./http.ts";
import { createHttpServer } from "./http-server.ts";
import { createMeters } from "./meters.ts";
import { closers, lines, log, start } from "./rpc.fixture.ts";
import { inSpan, startTracing, traced, traceparent } from "./tracing.ts";

const spans = new InMemorySpanExporter();
const stop = startTracing({ service: "test", processors: [new SimpleSpanProcessor(spans)] });
afterAll(stop);
afterEach(() => spans.reset());

test("a request is followed through the HTTP door, the gRPC door behind it and the event it leaves behind", async () => {
  let left = "";
  const { ask } = await start(async () => {
    left = traceparent();
    log.info("asked");
    return AskResponse.create();
  });
  const api = routes({ log, authenticate: () => Promise.reject(new Error("nobody")) });
  const client = ask();
  api.openapi(
    createRoute({
      ...{ method: "get", path: "/api/v1/things/{id}", summary: "x", tags: [], security: anyone },
      responses: { 200: json(z.object({}), "x") },
    }),
    async (c) => {
      await client.ask({});
      return c.json({}, 200);
    },
  );
  const server = await createHttpServer({
    ...{ apps: [api], port: 0, host: "127.0.0.1", title: "t", log, meters: createMeters() },
  });
  closers.push(() => server.stop(100));
  const id = randomUUID().replaceAll("-", "");
  const answer = await fetch(`${server.url}/api/v1/things/7`, {
    headers: { traceparent: `00-${id}-00f067aa0ba902b7-01` },
  });
  expect(answer.status).toBe(200);

  const consumer = traced({
    name: "reader",
    topics: [],
    types: [],
    handle: () => inSpan("effect", {}, async () => {}),
  });
  const event = { type: "case.closed", trace: left, caseId: "c1", stream: "case/c1" };
  await consumer.handle(event as never);
  const names = spans.getFinishedSpans().map((span) => [span.name, span.spanContext().traceId]);
  expect(names).toEqual([
    ["onething.register.v1.RegisterService/Ask", id],
    ["GET /api/v1/things/:id", id],
    ["effect", id],
    ["reader case.closed", id],
  ]);
  expect(lines.find((line) => line.includes('"asked"'))).toContain(id);
  const [line] = lines.filter((each) => each.includes('"/api/v1/things/:id"'));
  expect(JSON.parse(line!)).toMatchObject({ msg: "request", traceId: id });
  const read = spans.getFinishedSpans().find((span) => span.name === "reader case.closed");
  expect(read?.attributes).toEqual({ "onething.case_id": "c1", "onething.stream": "case/c1" });
});

test("a failure marks the span by its kind, and its words stay out of the trace", async () => {
  const work = inSpan("work", {}, () => Promise.reject(new TypeError("430999199403210021")));
  await expect(work).rejects.toThrow(TypeError);
  const [span] = spans.getFinishedSpans();
  expect(span?.status).toEqual({ code: 2, message: "TypeError" });
  expect(JSON.stringify([span?.status, span?.events, span?.attributes])).not.toContain("4309");
});
