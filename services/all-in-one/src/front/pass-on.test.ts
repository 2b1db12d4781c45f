// The front before services of which some are only starting, are away, or have become others.
import { listenHttp } from "@onething/service/http-listen";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startingHeader } from "@onething/service/starting";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Behind, keepContracts } from "./contracts.ts";
import { passOn } from "./pass-on.ts";

let written: string[] = [];
const log = createLog({ service: "test", to: { write: (line) => void written.push(line) } });
const stops: (() => unknown)[] = [];
beforeEach(() => {
  written = [];
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const here = { host: "127.0.0.1", port: 0 };
const documentOf = (...paths: string[]) => ({
  openapi: "3.1.0",
  info: { title: "t", version: "1" },
  paths: Object.fromEntries(paths.map((path) => [path, { get: { responses: {} }, post: { responses: {} } }])),
});

/** A replica that serves these routes once it is told to. */
async function replica(...paths: string[]) {
  let serves = false;
  let declared = paths;
  const asked: string[] = [];
  const { port, stop } = await listenHttp(here, (request) => {
    const { pathname } = new URL(request.url);
    if (!serves) return new Response(null, { status: 503, headers: { [startingHeader]: "1" } });
    if (pathname === "/openapi.json") return Response.json(documentOf(...declared));
    asked.push(request.method);
    return Response.json({ by: port });
  });
  stops.push(() => stop(200));
  return {
    ...{ address: `127.0.0.1:${port}`, port, asked, stop },
    serve: (now: boolean) => {
      serves = now;
    },
    declare: (...now: string[]) => {
      declared = now;
    },
  };
}

/** Looks only when it is asked, unless a test says otherwise. */
const whenAsked = { missing: 3_600_000, known: 3_600_000, asked: 0 };

async function front(peers: Record<string, string>, everyMs = whenAsked, graceMs?: number) {
  const deps = { authenticate: () => Promise.reject(new Error("nobody signs in here")), log };
  const of = (behind: readonly Behind[]) => ({
    api: passOn(deps, behind),
    documents: behind.map((each) => each.document),
    lookAgain: () => contracts.lookAgain(),
  });
  const http = await createHttpServer({
    ...{ ...here, apps: [], title: "front", log, meters: createMeters(), passedOn: of([]) },
    ready: { services: () => contracts.maySend() },
  });
  const contracts = keepContracts({
    peers,
    log,
    everyMs,
    graceMs,
    changed: (behind) => http.passOn(of(behind)),
  });
  stops.push(() => http.stop(200));
  stops.push(() => contracts.stop());
  const ask = async (path: string, method = "GET") => {
    const answer = await fetch(`${http.url}${path}`, { method });
    const body = (await answer.json()) as { by?: number; reason?: string; paths?: object };
    return { status: answer.status, body, said: [answer.status, body.reason ?? body.by] };
  };
  return { ask, contracts };
}

test("nobody is sent to a replica that is starting, and while all of them are, that is what is said", async () => {
  const [one, other] = [await replica("/api/v1/things"), await replica("/api/v1/things")];
  other.serve(true);
  const { ask, contracts } = await front({ things: `${one.address},${other.address}` });
  await contracts.complete;
  // Also what must not be repeated: the one that is starting did nothing with it.
  for (const method of ["GET", "POST", "GET", "POST"])
    expect((await ask("/api/v1/things", method)).said).toEqual([200, other.port]);
  expect([one.asked, other.asked]).toEqual([[], ["GET", "POST", "GET", "POST"]]);
  other.serve(false);
  expect((await ask("/api/v1/things")).said).toEqual([503, "front.unreachable"]);
});

test("a door that waits for one service lives and serves the others, says once whom it waits for, and has it when it comes", async () => {
  const [there, late] = [await replica("/api/v1/there"), await replica("/api/v1/late")];
  there.serve(true);
  const peers = { there: there.address, late: late.address };
  const { ask, contracts } = await front(peers, { missing: 20, known: 3_600_000, asked: 0 });
  await vi.waitFor(async () => expect((await ask("/api/v1/there")).said).toEqual([200, there.port]));
  expect((await ask("/livez")).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await ask("/readyz")).said).toEqual([503, "server.not_ready"]);
  expect((await ask("/api/v1/late")).said).toEqual([503, "front.waits"]);
  const waiting = written.filter((line) => line.includes('"waitsFor"'));
  expect(waiting.map((line) => JSON.parse(line).waitsFor)).toContainEqual(["late"]);
  expect(waiting.length).toBeLessThanOrEqual(2);
  expect(written.filter((line) => line.includes('"not ready"'))).toHaveLength(1);
  late.serve(true);
  await contracts.complete;
  expect((await ask("/readyz")).status).toBe(200);
  expect((await ask("/api/v1/late")).said).toEqual([200, late.port]);
  expect(Object.keys((await ask("/openapi.json")).body.paths!)).toEqual(["/api/v1/there", "/api/v1/late"]);
});

test("a service that stays away keeps nobody from the others: after a while the door is offered without it", async () => {
  const [there, away] = [await replica("/api/v1/there"), await replica("/api/v1/away")];
  const peers = { there: there.address, away: away.address };
  const { ask } = await front(peers, { missing: 20, known: 3_600_000, asked: 0 }, 0);
  expect((await ask("/readyz")).status).toBe(503);
  there.serve(true);
  await vi.waitFor(async () => expect((await ask("/readyz")).status).toBe(200));
  expect((await ask("/api/v1/there")).said).toEqual([200, there.port]);
  expect((await ask("/api/v1/away")).said).toEqual([503, "front.waits"]);
});

test("a service that dies closes its own routes only", async () => {
  const [there, gone] = [await replica("/api/v1/there"), await replica("/api/v1/gone")];
  for (const each of [there, gone]) each.serve(true);
  const { ask, contracts } = await front({ there: there.address, gone: gone.address });
  await contracts.complete;
  await gone.stop(0);
  expect((await ask("/api/v1/unknown")).said).toEqual([404, "route.unknown"]);
  expect((await ask("/api/v1/gone")).said).toEqual([503, "front.unreachable"]);
  expect((await ask("/api/v1/there")).said).toEqual([200, there.port]);
  expect((await ask("/readyz")).status).toBe(200);
});

test("after an upgrade new routes are found when they are asked for, and by themselves; old ones end", async () => {
  const things = await replica("/api/v1/things");
  things.serve(true);
  const { ask, contracts } = await front({ things: things.address });
  await contracts.complete;
  things.declare("/api/v1/things", "/api/v1/new");
  expect((await ask("/api/v1/new", "POST")).said).toEqual([200, things.port]);
  const other = await front({ things: things.address }, { missing: 20, known: 20, asked: 3_600_000 });
  await other.contracts.complete;
  things.declare("/api/v1/new");
  await vi.waitFor(async () =>
    expect((await other.ask("/api/v1/things")).said).toEqual([404, "route.unknown"]),
  );
});

test("strangers who ask for what does not exist make nobody ask the services more than now and then", async () => {
  const things = await replica("/api/v1/things");
  things.serve(true);
  const { ask, contracts } = await front({ things: things.address }, { ...whenAsked, asked: 3_600_000 });
  await contracts.complete;
  things.declare("/api/v1/things", "/api/v1/new");
  for (let i = 0; i < 5; i++) expect((await ask("/api/v1/new")).said).toEqual([404, "route.unknown"]);
});
