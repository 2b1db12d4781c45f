// Live timelines while Redis is emptied, paused, killed and started again, and the platform itself is stopped and started:
// every case finishes, and every stream tells its whole timeline, in order, once.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody } from "@onething/all-in-one/demo/bodies";
import { expect, test } from "vitest";
import { type Engine, needed } from "../../deploy/engines/engine.ts";
import { findRedis } from "../../deploy/engines/redis.ts";
import { type City, startCity } from "../harness.ts";
import { closed, filed } from "./filing.ts";
import { type Reader, readStream } from "./streams.ts";

const redisOn = (port?: number) => findRedis({ own: true, ...(port ? { port } : {}) });

async function follow(city: City, username: string, path: string): Promise<Reader> {
  const { sample } = city.platform;
  const account = sample.accounts.find((each) => each.username === username)!;
  const caller = { sub: username, role: account.role, personId: sample.people.get(account.person!)! };
  return readStream(async (headers) =>
    fetch(`${city.platform.url}${path}/events`, {
      headers: { ...headers, authorization: `Bearer ${await city.platform.issuer.sign(caller, 600)}` },
    }),
  );
}

/** The last word of a case in which everything was granted. */
const ended = "全部办好了";

interface Followed {
  path: string;
  readers: Reader[];
}

async function fileOne(city: City): Promise<Followed> {
  const path = await filed(await city.as("mother"));
  return { path, readers: await Promise.all(["mother", "father"].map((name) => follow(city, name, path))) };
}

/**
 * What the case says of itself is what each of its readers was told: to its end, and who comes back quickly enough is also told that
 * a result was delivered after it.
 */
async function compare(city: City, { path, readers }: Followed): Promise<void> {
  const mother = await city.as("mother");
  const { outcome, timeline } = (await closed(mother, path)) as CaseBody;
  expect(outcome).toBe("all_granted");
  for (const reader of readers) {
    await reader.done;
    const ids = reader.messages.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const entries = reader.messages.map(({ id: _, ...entry }) => entry);
    const told = timeline.slice(0, timeline.findIndex(({ zh }) => zh === ended) + 1);
    expect(entries.slice(0, told.length)).toEqual(told);
    for (const { en } of entries.slice(told.length)) expect(en).toMatch(/ is delivered /);
  }
}

test("FLUSHALL, a pause, a kill, a new start: cases finish and streams tell all of it, in order, once", async ({
  skip,
}) => {
  let redis: Engine = await needed(redisOn(), skip);
  const port = Number(new URL(redis.url).port);
  const city = await startCity({ env: { ONETHING_REDIS_URL: redis.url }, play: { delayMs: [100, 700] } });
  try {
    const all: Followed[] = [];
    const file = async (n: number) => {
      for (let i = 0; i < n; i++) all.push(await fileOne(city));
    };
    await file(3);
    await flush(port);
    await file(3);
    process.kill(redis.pid!, "SIGSTOP");
    await file(3);
    await sleep(2_000);
    process.kill(redis.pid!, "SIGCONT");
    await file(3);
    process.kill(redis.pid!, "SIGKILL");
    await file(3);
    redis = await redisOn(port);
    await file(3);
    for (const each of all) await compare(city, each);
    const delays = all
      .flatMap(({ readers }) => readers.flatMap((reader) => reader.delays))
      .sort((a, b) => a - b);
    expect(all).toHaveLength(18);
    expect(delays.length).toBeGreaterThan(18 * 2 * 10);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(1_000);
    for (const { returns, messages } of all.flatMap(({ readers }) => readers)) {
      const late = messages.length - 1 - messages.findIndex(({ zh }) => zh === ended);
      // Once to hear that it is over, and at most once more for each word that came after.
      expect(returns).toBeGreaterThanOrEqual(1);
      expect(returns).toBeLessThanOrEqual(1 + late);
    }
    expect(city.logged()).toMatch(/redis does not answer/);
    expect(city.logged()).not.toMatch(/"level":"error"/);
  } finally {
    await city.close();
    await redis.stop();
  }
});

test("a stop of the platform ends its streams in good order, and who comes back misses nothing", async ({
  skip,
}) => {
  const redis = await needed(redisOn(), skip);
  const city = await startCity({ env: { ONETHING_REDIS_URL: redis.url }, play: { delayMs: [300, 900] } });
  try {
    const one = await fileOne(city);
    await expect
      .poll(() => one.readers.every(({ messages }) => messages.length > 2), { timeout: 20_000 })
      .toBe(true);
    const began = performance.now();
    await city.restart();
    expect(performance.now() - began).toBeLessThan(10_000);
    await compare(city, one);
    for (const { returns } of one.readers) expect(returns).toBeGreaterThanOrEqual(2);
  } finally {
    await city.close();
    await redis.stop();
  }
});

async function flush(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.write("FLUSHALL\r\n");
  for await (const _ of socket) break;
}
