// The front before replicas of which some are only starting.

import { listenHttp } from "@onething/service/http-listen";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startingHeader } from "@onething/service/starting";
import { afterEach, expect, test } from "vitest";
import { learn, passOn } from "./pass-on.ts";

const log = createLog({ service: "test", level: "silent" });
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const here = { host: "127.0.0.1", port: 0 };
const document = {
  openapi: "3.1.0",
  info: { title: "t", version: "1" },
  paths: { "/api/v1/things": { get: { responses: {} }, post: { responses: {} } } },
};

/** A replica that serves once it is told to. */
async function replica() {
  let serves = false;
  const asked: string[] = [];
  const { port, stop } = await listenHttp(here, (request) => {
    const { pathname } = new URL(request.url);
    if (!serves) return new Response(null, { status: 503, headers: { [startingHeader]: "1" } });
    if (pathname === "/openapi.json") return Response.json(document);
    asked.push(request.method);
    return Response.json({ by: port });
  });
  stops.push(() => stop(200));
  return {
    address: `127.0.0.1:${port}`,
    port,
    asked,
    serve: (now: boolean) => {
      serves = now;
    },
  };
}

test("nobody is sent to a replica that is starting, and while all of them are, that is what is said", async () => {
  const [one, other] = [await replica(), await replica()];
  const peers = { things: `${one.address},${other.address}` };
  await expect(learn(peers)).rejects.toMatchObject({ code: "unavailable", reason: "front.waits" });
  other.serve(true);
  const behind = await learn(peers);
  const deps = { authenticate: () => Promise.reject(new Error("nobody signs in here")), log };
  const front = await createHttpServer({
    ...{ ...here, apps: [], title: "front", log, meters: createMeters() },
    passedOn: { api: passOn(deps, behind), documents: behind.map((each) => each.document) },
  });
  stops.push(() => front.stop(200));
  // Also what must not be repeated: the one that is starting did nothing with it.
  const send = (method: string) => fetch(`${front.url}/api/v1/things`, { method });
  for (const method of ["GET", "POST", "GET", "POST"])
    expect(await (await send(method)).json()).toEqual({ by: other.port });
  expect([one.asked, other.asked]).toEqual([[], ["GET", "POST", "GET", "POST"]]);
  other.serve(false);
  const nobody = await send("GET");
  expect([nobody.status, ((await nobody.json()) as { reason: string }).reason]).toEqual([
    503,
    "front.unreachable",
  ]);
});
