// On a working platform with an event that really cannot be applied, and can once its cause is mended.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handles } from "@onething/events/apply";
import { start } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { certificateFolder, makeCertificates } from "@onething/service/certificates";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { operationsDoor, operationsHere } from "@onething/service/operations";
import { startGrpcServer } from "@onething/service/rpc";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readConfig } from "../config.ts";
import { play, scriptOf } from "../demo/play.ts";
import { type Running, run } from "../start.ts";
import { schemas } from "../storage.ts";
import { onething, refused } from "./command.fixture.ts";

const log = createLog({ service: "all-in-one", level: "silent" });
let database: Awaited<ReturnType<typeof testDatabase>>;
/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let running: Running;
let env: Record<string, string>;
let caseId: string;
let consumer: string;
let db: Database;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase(schemas);
  folder = await mkdtemp(join(tmpdir(), "onething-stuck-"));
  const data = join(folder, "data");
  const config = { ...readConfig({ ONETHING_DATA: data }), databaseUrl: database.adminUrl };
  running = await run({ ...config, port: 0, grpcPort: 0 }, { delayMs: [1, 10] }, log);
  env = { ONETHING_DATA: data, ONETHING_GRPC_PORT: running.platform.grpcAddress.split(":").at(-1)! };
  caseId = (await play(running, scriptOf(running, "birth"))).case.id;
});
afterAll(async () => {
  for (const close of closers) await close();
  await running?.stop();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

/** An event of the case that a consumer has applied, on its stuck list with a payload that nobody can read. */
async function shelve(): Promise<{ eventId: string; mend(): Promise<unknown> }> {
  const service = running.platform.services.find(({ consumers }) => consumers.length > 0)!;
  const reader = service.consumers[0]!;
  [consumer, db] = [reader.name, service.journal.db];
  const events = await Promise.all(running.platform.services.map(({ journal }) => journal.read(start, 1000)));
  const event = events.flat().find((one) => one.caseId === caseId && handles(reader, one))!;
  const eventId = `${event.stream}@${event.version}`;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const whole = { ...event, payload: base64(event.payload), hash: base64(event.hash) };
  await db.query(
    `insert into stuck_event (consumer, event_id, case_id, type, event, error, attempts, at)
     values ($1, $2, $3, $4, $5, 'no reader', 5, now())`,
    [consumer, eventId, caseId, event.type, JSON.stringify({ ...whole, payload: base64(Buffer.of(0xff)) })],
  );
  return { eventId, mend: () => db.query("update stuck_event set event = $1", [JSON.stringify(whole)]) };
}

/** The same door as a process of its own has it, by mutual TLS. */
async function scaled(): Promise<Record<string, string>> {
  const certificates = join(folder, "certs");
  await makeCertificates({ folder: certificates, names: ["item-catalog", "operator"] });
  const { services, feeds } = running.platform;
  const meters = createMeters("item-catalog");
  const server = await startGrpcServer({
    doors: [operationsDoor(operationsHere({ meters, services, feeds }))],
    deps: { authenticate: () => Promise.reject(new Error("no token counts here")), log, meters },
    address: "127.0.0.1:0",
    tls: certificateFolder(certificates, "item-catalog"),
  });
  closers.push(() => server.stop(500));
  return {
    ONETHING_TLS: certificateFolder(certificates, "operator"),
    ONETHING_PEERS: `item-catalog=${server.address}`,
  };
}

const nothing = { code: 0, err: "", out: "没有卡住的事件 · Nothing is stuck\n" };

test("a stuck event is listed, shown, stays while its cause does, and goes when that is mended", async () => {
  expect(await onething(["stuck"], env)).toEqual(nothing);
  const { eventId, mend } = await shelve();
  const [listed, shown] = await Promise.all([
    onething(["stuck"], env),
    onething(["stuck", "show", eventId], env),
  ]);
  expect(listed).toMatchObject({ code: 1, err: "" });
  expect(listed.out).toMatch(/^\S+Z {2}.* {2}×5 {2}no reader\n$/);
  for (const part of [consumer, caseId, eventId]) expect(listed.out).toContain(`  ${part}  `);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(shown.out)).toMatchObject([
    { consumer, caseId, eventId, error: "no reader", attempts: 5 },
  ]);

  const replay = () => onething(["stuck", "replay", consumer, caseId], env);
  const failed = await replay();
  expect(failed).toMatchObject({ code: 1, err: "" });
  expect(failed.out).toMatch(/Replayed: 0; .* still stuck: 1\n.*×6/);
  await mend();
  expect(await replay()).toMatchObject({
    ...{ code: 0, err: "" },
    out: expect.stringMatching(/Replayed: 1; .* still stuck: 0\n$/),
  });
  expect(await refused(["stuck", "replay", consumer, caseId], env)).toContain(
    `Nothing of case ${caseId} is stuck at ${consumer}`,
  );
});

test("processes are asked by certificate, and answer the same", async () => {
  const settings = await scaled();
  const { eventId, mend } = await shelve();
  expect(await onething(["stuck"], settings)).toMatchObject({
    ...{ code: 1, err: "" },
    out: expect.stringContaining(`  ${eventId}  `),
  });
  await mend();
  const replayed = await onething(["stuck", "replay", consumer, caseId], settings);
  expect(replayed).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Replayed: 1; .* still stuck: 0\n$/),
  });
  expect(await onething(["stuck"], settings)).toEqual(nothing);
});

test("a service that cannot be reached is named, and the others are looked at all the same", async () => {
  const settings = await scaled();
  const { eventId, mend } = await shelve();
  const one = { ...settings, ONETHING_PEERS: `case-window=127.0.0.1:1;${settings.ONETHING_PEERS}` };
  const found = await onething(["stuck"], one);
  expect(found).toMatchObject({ code: 1, out: expect.stringContaining(`  ${eventId}  `) });
  expect(found.err).toMatch(/连接不上.*cannot be reached.*: case-window\n$/i);
  await mend();
  const replayed = await onething(["stuck", "replay", consumer, caseId], one);
  expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining("Replayed: 1;") });
  expect(await onething(["stuck"], one)).toMatchObject({ code: 1, out: "" });
  const none = { ...settings, ONETHING_PEERS: "case-window=127.0.0.1:1" };
  expect(await refused(["stuck"], none)).toContain("case-window cannot be reached");
});

test("what it does not know, and where there is no platform, it says in words", async () => {
  const usage = "onething stuck [show EVENT | replay CONSUMER CASE]";
  const wrong = [["shwo", "x"], ["show"], ["replay", "x"], ["list", "x"]];
  for (const said of await Promise.all(wrong.map((words) => refused(["stuck", ...words], env))))
    expect(said).toContain(usage);
  const elsewhere = join(folder, "elsewhere");
  const [event, reader, none, stopped] = await Promise.all([
    refused(["stuck", "show", "case/none@1"], env),
    refused(["stuck", "replay", "nobody", caseId], env),
    refused(["stuck"], { ONETHING_DATA: elsewhere }),
    refused(["stuck"], { ...env, ONETHING_GRPC_PORT: "1" }),
  ]);
  expect(event).toContain("No stuck event case/none@1");
  expect(reader).toContain("There is no such consumer");
  expect(none).toContain(`There is no platform at ${elsewhere}`);
  expect(stopped).toMatch(/unavailable|reached|answer/);
  const { ONETHING_TLS } = await scaled();
  expect(await refused(["stuck"], { ONETHING_TLS: ONETHING_TLS! })).toContain("ONETHING_PEERS: 必填");
  const nobody = { ONETHING_TLS: ONETHING_TLS!, ONETHING_PEERS: "item-catalog" };
  expect(await refused(["stuck"], nobody)).toContain("must be name=host:port");
});
