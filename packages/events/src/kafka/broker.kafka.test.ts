// A broker that is killed, or falls silent, while the platform works.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineMissing } from "@onething/engines/engine";
import { type Broker, startBroker } from "@onething/engines/kafka-broker";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { startKafka } from "../../test/kafka.ts";

const patient = { timeout: 60_000, interval: 20 };
const cases = ["one", "two", "three", "four"];
const lines = Array.from({ length: 150 }, (_, i) => String(i));

let folder: string;
let broker: Broker | undefined;
beforeAll(async () => {
  if (!inject("kafkaBrokers")) return;
  folder = mkdtempSync(join(tmpdir(), "onething-broker-"));
  broker = await startBroker({ folder }).catch((error: unknown) => {
    if (error instanceof EngineMissing) return undefined;
    throw error;
  });
});
afterAll(async () => {
  await broker?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function underLoad(fault: () => Promise<void>): Promise<void> {
  const it = await startKafka({ brokers: broker!.url });
  const [one, other] = [it.member(), it.member()];
  one.start();
  other.start();
  await it.write("one", "first");
  await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["first"]), patient);
  const writing = Promise.all(cases.map((caseId) => it.write(caseId, ...lines)));
  await vi.waitFor(async () => expect((await it.copied("two")).length).toBeGreaterThan(5), patient);
  await fault();
  await writing;
  await it.relay.drain();
  await vi.waitFor(async () => {
    for (const caseId of cases.slice(1)) expect(await it.copied(caseId)).toEqual(lines);
    expect(await it.copied("one")).toEqual(["first", ...lines]);
  }, patient);
  expect(await it.db.query("select 1 from stuck_event")).toEqual([]);
  await it.close();
}

test("a broker that is killed and started again costs time, and nothing else", { timeout: 120_000 }, async ({
  skip,
}) => {
  if (!broker) return skip("a broker of our own cannot be had here");
  await underLoad(async () => {
    process.kill(broker!.pid, "SIGKILL");
    await broker!.exited;
    broker = await startBroker({ folder });
  });
});

test("a broker that says nothing for a while is waited for", { timeout: 120_000 }, async ({ skip }) => {
  if (!broker) return skip("a broker of our own cannot be had here");
  await underLoad(async () => {
    process.kill(broker!.pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    process.kill(broker!.pid, "SIGCONT");
  });
});

test("a stop does not wait for a broker that says nothing, and what was not acknowledged is sent later", {
  timeout: 120_000,
}, async ({ skip }) => {
  if (!broker) return skip("a broker of our own cannot be had here");
  const it = await startKafka({ brokers: broker.url });
  const feed = it.member();
  feed.start();
  await it.write("one", "a");
  await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a"]), patient);
  process.kill(broker.pid, "SIGSTOP");
  await it.write("one", "b");
  const began = Date.now();
  await Promise.all([it.relay.stop(), feed.stop()]);
  expect(Date.now() - began).toBeLessThan(12_000);
  process.kill(broker.pid, "SIGCONT");
  const next = it.anotherRelay();
  next.start();
  it.member().start();
  await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a", "b"]), patient);
  await it.close();
});
