import { expect, test } from "vitest";
import { EngineMissing } from "./engine.ts";
import { findRedis } from "./redis.ts";

test("a Redis that is named and does not answer is said to be missing, and nothing else is taken for it", async () => {
  const found = findRedis({ env: { ...process.env, REDIS_URL: "redis://127.0.0.1:1" } });
  await expect(found).rejects.toBeInstanceOf(EngineMissing);
  await expect(found).rejects.toThrow(/127\.0\.0\.1:1.*To mend it: start it, or unset REDIS_URL/);
});
