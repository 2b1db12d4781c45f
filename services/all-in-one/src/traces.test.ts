// The traces of one case are found by its id, in every service that had to do with it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@onething/postgres/testing";
import { createLog } from "@onething/service/log";
import { startTracing, type TracingOptions } from "@onething/service/tracing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { play, scriptOf } from "./demo/play.ts";
import { type Running, run } from "./start.ts";
import { schemas } from "./storage.ts";

type Processor = NonNullable<TracingOptions["processors"]>[number];
const ended: Parameters<Processor["onEnd"]>[0][] = [];
const processor: Processor = {
  onStart: () => {},
  onEnd: (span) => void ended.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const stopTracing = startTracing({ service: "test", processors: [processor] });
let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let running: Running;
let caseId: string;

beforeAll(async () => {
  database = await testDatabase(schemas);
  folder = await mkdtemp(join(tmpdir(), "onething-traces-"));
  const config = { ...readConfig({ ONETHING_DATA: join(folder, "data") }), databaseUrl: database.adminUrl };
  const log = createLog({ service: "all-in-one", level: "silent" });
  running = await run({ ...config, port: 0, grpcPort: 0 }, { delayMs: [1, 10] }, log);
  caseId = (await play(running, scriptOf(running, "birth"))).case.id;
  await running.platform.drain();
});
afterAll(async () => {
  await running?.stop();
  await stopTracing();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

test("by the id of a case its spans are found: commands with their streams, and what each consumer made of its events", () => {
  const own = ended.filter(({ attributes }) => attributes["onething.case_id"] === caseId);
  const names = new Set(own.map(({ name }) => name));
  expect(names).toContain("case submit");
  expect([...names].filter((name) => name.startsWith("approval ")).length).toBeGreaterThan(1);
  const streams = new Set(own.map(({ attributes }) => String(attributes["onething.stream"]).split("/")[0]));
  for (const kind of ["case", "approval", "licence"]) expect(streams).toContain(kind);
  // Whoever hears of the catalogue alone hears of no case.
  const consumers = running.platform.services.flatMap((service) => service.consumers);
  for (const { name } of consumers.filter(({ topics }) =>
    topics.some((topic) => topic !== "onething.catalog"),
  ))
    expect(
      [...names].some((each) => each.startsWith(`${name} `)),
      name,
    ).toBe(true);
  // The submission is followed through HTTP to the departments: one trace.
  const submitted = own.find(({ name }) => name === "case submit")!.spanContext().traceId;
  const together = ended.filter((span) => span.spanContext().traceId === submitted).map(({ name }) => name);
  expect(together).toContain("POST /api/v1/cases/:id/submit");
  expect(together.some((name) => name.startsWith("approval open"))).toBe(true);
});
