// Two replicas of the case window over a real Redis: what one commits stirs who watches at the other, long before it would
// have looked by itself.
import { randomUUID } from "node:crypto";
import { openFleeting } from "@onething/service/fleeting/open";
import { expect, inject, test } from "vitest";
import { createLive } from "./live.ts";

const never = new AbortController().signal;
const quiet = { warn: () => {}, info: () => {} };

test.skipIf(inject("redisMissing"))("a commit at one replica stirs a watcher at another", async () => {
  const replicas = [0, 1].map(() => {
    const fleeting = openFleeting(inject("redisUrl"), quiet);
    return { fleeting, live: createLive(fleeting, { silenceMs: 60_000, deafMs: 60_000 }) };
  });
  const [one, other] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
  try {
    await expect
      .poll(() => replicas.every(({ fleeting }) => fleeting.hearsOthers()), { timeout: 10_000 })
      .toBe(true);
    const [moved, still] = [randomUUID(), randomUUID()];
    const [watch, beside] = [other.live.watch(moved, "mei"), other.live.watch(still, "mei")];
    let stirred = false;
    void beside.stirred(never).then(() => {
      stirred = true;
    });
    const began = performance.now();
    one.live.committed([moved]);
    expect(await watch.stirred(never)).toBe(true);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(stirred).toBe(false);
  } finally {
    for (const { fleeting } of replicas) await fleeting.stop();
  }
});
