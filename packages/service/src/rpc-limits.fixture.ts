// What must hold of limits at the gRPC door, wherever their buckets lie: two replicas, one limit for a department.
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type GrpcClient, grpcClient } from "./client.ts";
import { createLimiter, type Limits } from "./fleeting/limits.ts";
import type { Fleeting } from "./fleeting/port.ts";
import { authenticate, openHall } from "./http.fixture.ts";
import { closers, issuer, refusal, start, WatchDefinition } from "./rpc.fixture.ts";
import type { Caller } from "./types.ts";

export interface Replicas {
  one: Fleeting;
  other: Fleeting;
  close(): Promise<void>;
}

/** So few come back in a minute that none does while a test runs. */
const limits: Limits = { department: 3 };

/** A department that no other test has asked for. */
export const someDepartment = (): Caller => ({
  sub: "system",
  role: "department",
  department: `d-${randomUUID()}`,
});

/** A gRPC door that answers whatever it is asked, within limits. */
export async function limitedDoor(fleeting: Fleeting, of: Limits = limits) {
  let streams = 0;
  const limiter = createLimiter(fleeting, of);
  const { ask, server } = await start(
    async () => ({ found: true }),
    async function* () {
      streams += 1;
      for (let i = 0; i < 20; i += 1) yield { requestId: String(i) };
    },
    "127.0.0.1:0",
    limiter,
  );
  const token = (caller: Caller) => () => issuer.sign(caller, 60);
  return {
    limiter,
    streams: () => streams,
    ask: (caller: Caller) => ask({ token: token(caller) }).ask({}),
    watcher: (caller: Caller): GrpcClient<typeof WatchDefinition> => {
      const to = { token: token(caller), deadlineMs: 5_000 };
      const client = grpcClient(WatchDefinition, server.address, to);
      closers.push(() => client.close());
      return client;
    },
  };
}

async function lengthOf(stream: AsyncIterable<unknown>): Promise<number> {
  let length = 0;
  for await (const _ of stream) length += 1;
  return length;
}

export function rpcLimitsSuite(where: string, open: () => Promise<Replicas>, missing = ""): void {
  describe.skipIf(missing)(`limits at the gRPC door, ${where}`, () => {
    let close = async () => {};
    afterEach(() => close());
    const doors = async () => {
      const { one, other, ...both } = await open();
      close = both.close;
      await vi.waitFor(() => expect(one.hearsOthers() && other.hearsOthers()).toBe(true), 10_000);
      return { one: await limitedDoor(one), other: await limitedDoor(other) };
    };

    test("a department's systems have one budget over all replicas, and hear when to come back; another's is untouched", async () => {
      const { one, other } = await doors();
      const mine = someDepartment();
      await one.ask(mine);
      await other.ask(mine);
      await one.ask({ ...mine, sub: "another system" });
      const refused = await refusal(other.ask(mine));
      expect(refused).toMatchObject({ code: "exhausted", reason: "rate.limited" });
      const { retryAfterMs = 0 } = refused;
      expect(retryAfterMs).toBeGreaterThan(10_000);
      const seconds = Math.ceil(retryAfterMs / 1000);
      expect(refused.public).toEqual({
        zh: `请求过于频繁，请 ${seconds} 秒后再试`,
        en: `Too many requests; try again in ${seconds} seconds`,
      });
      expect((await other.ask(someDepartment())).found).toBe(true);
    });

    test("the budget is the same one as at the HTTP door", async () => {
      const { one, other } = await doors();
      const mine = someDepartment();
      await using hall = await openHall(undefined, { limiter: other.limiter, authenticate });
      const overHttp = () => hall.call("/api/v1/cases/c-4711", { as: mine });
      await one.ask(mine);
      expect([(await overHttp()).status, (await overHttp()).status]).toEqual([200, 200]);
      expect(await refusal(one.ask(mine))).toMatchObject({ reason: "rate.limited" });
      expect((await overHttp()).status).toBe(429);
    });

    test("our own services are not limited, however much they ask", async () => {
      const { one } = await doors();
      const service: Caller = { sub: "case-window", role: "service" };
      const answers = await Promise.all(Array.from({ length: 30 }, () => one.ask(service)));
      expect(answers.every(({ found }) => found)).toBe(true);
    });

    test("a stream counts once, when it is opened, and not for what it carries", async () => {
      const { one, other } = await doors();
      const mine = someDepartment();
      const [here, there] = [one.watcher(mine), other.watcher(mine)];
      for (const client of [here, there, here]) expect(await lengthOf(client.watch({}))).toBe(20);
      expect(await refusal(lengthOf(there.watch({})))).toMatchObject({ code: "exhausted" });
      expect(one.streams() + other.streams()).toBe(3);
    });
  });
}
