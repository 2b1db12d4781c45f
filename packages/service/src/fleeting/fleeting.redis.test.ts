// The same suite on a real Redis, two replicas with a connection each; then what only a Redis can do: know no names.
import { randomUUID } from "node:crypto";
import { createClient } from "redis";
import { expect, inject, test } from "vitest";
import { fleetingSuite } from "./fleeting.fixture.ts";
import { createRedisFleeting, keyOf } from "./redis.ts";

const missing = inject("redisMissing");
const quiet = { warn: () => {}, info: () => {} };
const open = () => createRedisFleeting({ url: inject("redisUrl"), log: quiet });

fleetingSuite(
  "in Redis",
  async () => {
    const [one, other] = [open(), open()];
    return { one, other, close: async () => void (await Promise.all([one.stop(), other.stop()])) };
  },
  missing,
);

test.skipIf(missing)(
  "Redis is told no bucket's name, and forgets a bucket when it is full again",
  async () => {
    const fleeting = open();
    const client = await createClient({ url: inject("redisUrl") }).connect();
    try {
      await expect.poll(() => fleeting.hearsOthers()).toBe(true);
      const bucket = `citizen:${randomUUID()}`;
      await fleeting.take(bucket, { burst: 5, perMinute: 600 });
      expect(await client.keys(`*${bucket}*`)).toEqual([]);
      expect(await client.exists(keyOf(bucket))).toBe(1);
      expect(await client.pTTL(keyOf(bucket))).toBeLessThanOrEqual(100);
      await expect.poll(() => client.exists(keyOf(bucket))).toBe(0);
    } finally {
      client.destroy();
      await fleeting.stop();
    }
  },
);
