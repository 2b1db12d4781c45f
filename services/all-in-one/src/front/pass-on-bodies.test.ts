// The front before a route that takes large bodies: they go through as they come, with their length, once.
import { anyone, createRoute, json, routes, z } from "@onething/service/http";
import { roomFor } from "@onething/service/http-room";
import { createHttpServer, type Document } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { afterEach, expect, test } from "vitest";
import { passOn } from "./pass-on.ts";

const log = createLog({ service: "test", level: "silent" });
const deps = { authenticate: () => Promise.reject(new Error("nobody signs in here")), log };
const here = { host: "127.0.0.1", port: 0, log };
const MiB = 1024 * 1024;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A front and, behind it, a service that counts what it is sent; who listens is told of the first bytes. */
async function before(replicas?: string[]) {
  const began = Promise.withResolvers<void>();
  const api = routes(deps);
  const path = "/api/v1/things/{id}/scans";
  api.openapi(
    createRoute({
      ...{ method: "put", path, ...roomFor(8 * MiB), security: anyone },
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: json(z.object({ bytes: z.int(), length: z.string() }), "counted") },
    }),
    async (c) => {
      let bytes = 0;
      for await (const chunk of c.req.raw.body ?? []) {
        bytes += chunk.length;
        began.resolve();
      }
      return c.json({ bytes, length: c.req.header("content-length") ?? "" }, 200);
    },
  );
  const behind = await createHttpServer({ ...here, apps: [api], title: "behind", meters: createMeters() });
  stops.push(() => behind.stop(200));
  const document = (await (await fetch(`${behind.url}/openapi.json`)).json()) as Document;
  const of = [{ name: "things", replicas: replicas ?? [new URL(behind.url).host], document }];
  const passedOn = { api: passOn(deps, of), documents: [document] };
  const front = await createHttpServer({
    ...here,
    apps: [],
    title: "front",
    meters: createMeters(),
    passedOn,
  });
  stops.push(() => front.stop(200));
  const put = (body: Buffer<ArrayBuffer> | ReadableStream, headers: Record<string, string> = {}) =>
    fetch(`${front.url}/api/v1/things/7/scans`, {
      method: "PUT",
      body,
      headers,
      duplex: "half",
    } as RequestInit);
  return { put, began: began.promise };
}

test("a body larger than 1 MiB goes through whole, with its length, up to what the contract of the route says", async () => {
  const { put } = await before();
  expect(await (await put(Buffer.alloc(5 * MiB))).json()).toEqual({
    bytes: 5 * MiB,
    length: String(5 * MiB),
  });
  const refused = await put(Buffer.alloc(9 * MiB));
  expect([refused.status, ((await refused.json()) as { reason: string }).reason]).toEqual([
    413,
    "request.too_large",
  ]);
});

test("it is not held: the service has its beginning before the sender has come to its end", async () => {
  const { put, began } = await before();
  async function* parts() {
    yield Buffer.alloc(MiB);
    await began;
    yield Buffer.alloc(MiB);
  }
  const answer = await put(ReadableStream.from(parts()), { "content-length": String(2 * MiB) });
  expect(await answer.json()).toEqual({ bytes: 2 * MiB, length: String(2 * MiB) });
});

test("where nobody takes it, its sender is told to send it again", async () => {
  const { put } = await before(["127.0.0.1:1"]);
  const answer = await put(Buffer.alloc(2 * MiB));
  expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([
    503,
    "front.unreachable",
  ]);
});
