import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { eventStream, type Messages, passedOn, stillHere } from "./event-stream.ts";
import type { HttpEnv } from "./http-env.ts";
import { createHttpServer } from "./http-server.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";

const lines: string[] = [];
const log = createLog({ service: "test", to: { write: (line) => void lines.push(line) } });

async function serve(open: (ending: AbortSignal) => Messages, withinMs?: number) {
  const app = new OpenAPIHono<HttpEnv>();
  app.get("/stream", (c) => eventStream(c, log, open, withinMs));
  const where = { port: 0, host: "127.0.0.1", title: "test" };
  const server = await createHttpServer({ ...where, apps: [app], log, meters: createMeters() });
  return {
    server,
    answer: await fetch(`${server.url}/stream`),
    [Symbol.asyncDispose]: () => server.stop(200),
  };
}

const message = (id: number) => ({ id, event: "timeline", data: { zh: `第 ${id} 条`, en: `no. ${id}` } });

test("messages come with id and name, signs of life as comments, and the stream ends with them", async () => {
  await using it = await serve(async function* () {
    yield message(3);
    yield stillHere;
    yield message(5);
  });
  expect(it.answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(await it.answer.text()).toBe(
    [
      "retry: 2000\n",
      'id: 3\nevent: timeline\ndata: {"zh":"第 3 条","en":"no. 3"}\n',
      ": still here\n",
      'id: 5\nevent: timeline\ndata: {"zh":"第 5 条","en":"no. 5"}\n',
      "",
    ].join("\n"),
  );
});

/** Says that it began, waits for its end, and notes it. */
function waiting() {
  const seen = { begun: 0, ended: 0 };
  const open = async function* (ending: AbortSignal): Messages {
    try {
      yield message(1);
      seen.begun++;
      await new Promise((resolve) => ending.addEventListener("abort", resolve));
    } finally {
      seen.ended++;
    }
  };
  return { seen, open };
}

test("a stop of the server ends its streams in good order and at once", async () => {
  const { seen, open } = waiting();
  await using it = await serve(open);
  const text = it.answer.text();
  const began = performance.now();
  await it.server.stop(10_000);
  expect(await text).toContain("id: 1");
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(seen.ended).toBe(1);
});

test("a reader who leaves is noticed", async () => {
  const { seen, open } = waiting();
  await using it = await serve(open);
  const reader = it.answer.body!.getReader();
  await reader.read();
  await reader.cancel();
  await expect.poll(() => seen.ended).toBe(1);
});

test("a stream ends after its longest time, also one whose reader takes nothing", async () => {
  const seen = { ended: false };
  await using it = await serve(async function* (ending) {
    try {
      while (!ending.aborted) yield { id: 1, event: "timeline", data: { text: "x".repeat(100_000) } };
    } finally {
      seen.ended = true;
    }
  }, 300);
  await expect.poll(() => seen.ended, { timeout: 5_000 }).toBe(true);
  await it.answer.body?.cancel();
});

test("what fails on the way ends the stream and is logged, without a word of it to the reader", async () => {
  lines.length = 0;
  await using it = await serve(async function* () {
    yield message(1);
    throw new Error("relation case_file does not exist");
  });
  const text = await it.answer.text();
  expect(text).toContain("id: 1");
  expect(text).not.toContain("relation");
  expect(lines.join("")).toContain("relation case_file does not exist");
});

test("a server that passes a stream on ends it when it stops, and leaves the one that sends it", async () => {
  const { seen, open } = waiting();
  await using behind = await serve(open);
  const app = new OpenAPIHono<HttpEnv>();
  app.get("/stream", async (c) => passedOn(await fetch(`${behind.server.url}/stream`), c));
  const where = { port: 0, host: "127.0.0.1", title: "front" };
  const front = await createHttpServer({ ...where, apps: [app], log, meters: createMeters() });
  const text = (await fetch(`${front.url}/stream`)).text();
  await expect.poll(() => seen.begun).toBe(2);
  const began = performance.now();
  await front.stop(10_000);
  expect(await text).toContain("id: 1");
  expect(performance.now() - began).toBeLessThan(2_000);
  await expect.poll(() => seen.ended).toBe(1);
});
