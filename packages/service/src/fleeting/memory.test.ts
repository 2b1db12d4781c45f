import { expect, test } from "vitest";
import { fleetingSuite } from "./fleeting.fixture.ts";
import { createMemoryFleeting } from "./memory.ts";

fleetingSuite("in memory", async () => {
  const one = createMemoryFleeting();
  return { one, other: one, close: () => one.stop() };
});

test("a bucket fills up evenly and never above its burst", async () => {
  let now = 0;
  const { take } = createMemoryFleeting({ now: () => now });
  const rate = { burst: 3, perMinute: 60 };
  const taken = async () => {
    let count = 0;
    while ((await take("bucket", rate)) === 0) count++;
    return count;
  };
  expect(await taken()).toBe(3);
  expect(await take("bucket", rate)).toBe(1000);
  now += 1000;
  expect(await taken()).toBe(1);
  now += 1500;
  expect(await taken()).toBe(1);
  expect(await take("bucket", rate)).toBe(500);
  now += 3_600_000;
  expect(await taken()).toBe(3);
});

test("whatever the fraction at which the clock stands, a full bucket gives its whole burst", async () => {
  for (let i = 0; i < 2_000; i++) {
    const now = Math.random() * 1e7;
    const { take } = createMemoryFleeting({ now: () => now });
    const rate = { burst: 1 + (i % 5), perMinute: 1 + (i % 997) };
    for (let n = 0; n < rate.burst; n++) expect(await take("bucket", rate)).toBe(0);
    expect(await take("bucket", rate)).toBeGreaterThan(0);
  }
});

test("memory is bounded: among many buckets the one used longest ago is forgotten", async () => {
  const { take } = createMemoryFleeting({ now: () => 0, maxBuckets: 2 });
  const once = { burst: 1, perMinute: 1 };
  for (const bucket of ["a", "b"]) await take(bucket, once);
  await take("a", once);
  await take("c", once);
  expect(await take("a", once)).toBeGreaterThan(0);
  expect(await take("b", once)).toBe(0);
});
