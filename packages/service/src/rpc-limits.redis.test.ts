// The same suite on a real Redis, two replicas with a connection each; then without one that answers.
import { expect, inject, test } from "vitest";
import { createRedisFleeting } from "./fleeting/redis.ts";
import { closers, refusal } from "./rpc.fixture.ts";
import { limitedDoor, rpcLimitsSuite, someDepartment } from "./rpc-limits.fixture.ts";

const quiet = { warn: () => {}, info: () => {} };
const open = (url: string) => createRedisFleeting({ url, log: quiet });

rpcLimitsSuite(
  "in Redis",
  async () => {
    const [one, other] = [open(inject("redisUrl")), open(inject("redisUrl"))];
    return { one, other, close: async () => void (await Promise.all([one.stop(), other.stop()])) };
  },
  inject("redisMissing"),
);

test("a Redis that is away costs the shared limit and no call: each replica counts for itself", async () => {
  const nowhere = [open("redis://127.0.0.1:1"), open("redis://127.0.0.1:1")];
  closers.push(() => Promise.all(nowhere.map((each) => each.stop())));
  const mine = someDepartment();
  for (const fleeting of nowhere) {
    const { ask } = await limitedDoor(fleeting);
    for (let i = 0; i < 3; i += 1) expect((await ask(mine)).found).toBe(true);
    expect(await refusal(ask(mine))).toMatchObject({ reason: "rate.limited" });
  }
});
