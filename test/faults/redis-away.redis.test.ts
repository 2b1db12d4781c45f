// Redis emptied, paused, killed and started again: what uses it goes on by itself, and shares again when it is back.
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { createRedisFleeting } from "@onething/service/fleeting/redis";
import { afterEach, expect, test } from "vitest";
import { type Engine, needed } from "../../deploy/engines/engine.ts";
import { findRedis } from "../../deploy/engines/redis.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function ownRedis(skip: (why: string) => void, port?: number): Promise<Engine> {
  const redis = await needed(findRedis({ own: true, ...(port ? { port } : {}) }), skip);
  stops.push(redis.stop);
  return redis;
}

function replica(url: string) {
  const said: string[] = [];
  const note = (_: object, message: string) => void said.push(message);
  const fleeting = createRedisFleeting({ url, log: { warn: note, info: note } });
  stops.push(fleeting.stop);
  return { ...fleeting, said };
}

const portOf = ({ url }: Engine) => Number(new URL(url).port);
const soon = { timeout: 15_000, interval: 20 };
const rate = { burst: 5, perMinute: 1 };

test("without Redis each replica keeps the limit by itself and hears itself; with it they share and hear each other", async ({
  skip,
}) => {
  const redis = await ownRedis(skip);
  await redis.stop();
  const [one, other] = [replica(redis.url), replica(redis.url)];
  const heard: (string | undefined)[] = [];
  other.subscribe("cases", (message) => heard.push(message));
  one.subscribe("cases", () => {});
  const waits = await Promise.all(Array.from({ length: 10 }, () => one.take("alone", rate)));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  expect(await other.take("alone", rate)).toBe(0);
  other.publish("cases", "to myself");
  expect([heard, one.hearsOthers()]).toEqual([["to myself"], false]);

  await ownRedis(skip, portOf(redis));
  await expect.poll(() => one.hearsOthers() && other.hearsOthers(), soon).toBe(true);
  expect(heard.at(-1)).toBeUndefined(); // it is told that something may have passed it by
  one.publish("cases", "to others");
  await expect.poll(() => heard.at(-1), soon).toBe("to others");
  const shared = randomUUID();
  for (let i = 0; i < 5; i++) expect(await one.take(shared, rate)).toBe(0);
  expect(await other.take(shared, rate)).toBeGreaterThan(0);
});

test("a paused Redis holds nobody up for long, however many ask, and nothing is left over when it goes on", async ({
  skip,
}) => {
  const redis = await ownRedis(skip);
  const one = replica(redis.url);
  await expect.poll(() => one.hearsOthers(), soon).toBe(true);
  process.kill(redis.pid!, "SIGSTOP");
  const began = performance.now();
  const waits = await Promise.all(Array.from({ length: 5_000 }, () => one.take("paused", rate)));
  for (let i = 0; i < 20_000; i++) one.publish("cases", `message ${i}`);
  const later = await Promise.all(Array.from({ length: 100 }, () => one.take("paused", rate)));
  expect(performance.now() - began).toBeLessThan(2_000);
  expect([...waits, ...later].filter((wait) => wait === 0)).toHaveLength(5);
  expect(one.said).toEqual(["redis answers", expect.stringMatching(/does not answer/)]);
  process.kill(redis.pid!, "SIGCONT");
  await expect.poll(() => one.said.at(-1), soon).toBe("redis answers");
  expect(await one.take(randomUUID(), rate)).toBe(0);
});

test("emptied, Redis has forgotten the limits, their script and nothing else", async ({ skip }) => {
  const redis = await ownRedis(skip);
  const [one, other] = [replica(redis.url), replica(redis.url)];
  const heard: (string | undefined)[] = [];
  other.subscribe("cases", (message) => message && heard.push(message));
  await expect.poll(() => one.hearsOthers() && other.hearsOthers(), soon).toBe(true);
  while ((await one.take("bucket", rate)) === 0);
  await command(redis, "FLUSHALL", "SCRIPT FLUSH");
  expect(await other.take("bucket", rate)).toBe(0);
  one.publish("cases", "still here");
  await expect.poll(() => heard, soon).toEqual(["still here"]);
  expect([...one.said, ...other.said]).toEqual(["redis answers", "redis answers"]);
});

test("killed in mid-flight and started again it is found again, and the killed one's errors are nobody's", async ({
  skip,
}) => {
  let redis = await ownRedis(skip);
  const one = replica(redis.url);
  let gaps = 0;
  one.subscribe("cases", (message) => {
    if (message === undefined) gaps++;
  });
  for (let round = 0; round < 3; round++) {
    await expect.poll(() => one.hearsOthers(), soon).toBe(true);
    const asked = Array.from({ length: 100 }, (_, i) => one.take(`round ${round} ${i}`, rate));
    process.kill(redis.pid!, "SIGKILL");
    expect(await Promise.all(asked)).toEqual(asked.map(() => 0));
    await expect.poll(() => one.hearsOthers(), soon).toBe(false);
    const before = gaps;
    redis = await ownRedis(skip, portOf(redis));
    await expect.poll(() => gaps, soon).toBeGreaterThan(before);
  }
  await expect.poll(() => one.hearsOthers(), soon).toBe(true);
});

/** Straight to the server, whatever its clients think of it. */
async function command(redis: Engine, ...lines: string[]): Promise<void> {
  const socket = connect(portOf(redis), "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\n`);
  let answer = "";
  for await (const part of socket) {
    answer += String(part);
    if (answer.split("\r\n").length > lines.length) break;
  }
}
