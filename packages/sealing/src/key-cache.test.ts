import { createSecretKey, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createKeyCache } from "./key-cache.ts";

const dataKey = (id: string) => ({ id, owner: `case/${id}`, key: createSecretKey(randomBytes(32)) });

test("a key leaves memory when its time is over, however often it was used", () => {
  let now = 0;
  const cache = createKeyCache({ ms: 60_000, keys: 10, now: () => now });
  cache.add(dataKey("a"));
  now = 59_999;
  const found = cache.ofOwner("case/a");
  expect(found?.id).toBe("a");
  cache.add(found!, "reader");
  now = 60_000;
  expect(cache.ofOwner("case/a")).toBeUndefined();
  expect(cache.ofId("a", "reader")).toBeUndefined();
});

test("of more keys than fit, the one not used for longest goes", () => {
  const cache = createKeyCache({ ms: 1, keys: 2, now: () => 0 });
  cache.add(dataKey("a"));
  cache.add(dataKey("b"));
  cache.ofOwner("case/a");
  cache.add(dataKey("c"));
  expect(cache.ofOwner("case/b")).toBeUndefined();
  expect(cache.ofOwner("case/a")?.id).toBe("a");
  expect(cache.ofOwner("case/c")?.id).toBe("c");
});

test("a key is given from memory only to a reader it was fetched for", () => {
  const cache = createKeyCache({ ms: 1, keys: 2, now: () => 0 });
  cache.add(dataKey("a"), "officer");
  expect(cache.ofId("a", "officer")?.id).toBe("a");
  expect(cache.ofId("a", "clerk")).toBeUndefined();
});

test("a dropped owner's key is gone under its id too", () => {
  const cache = createKeyCache({ ms: 1, keys: 2, now: () => 0 });
  cache.add(dataKey("a"), "officer");
  cache.dropOwner("case/a");
  cache.dropOwner("case/unknown");
  expect(cache.ofOwner("case/a")).toBeUndefined();
  expect(cache.ofId("a", "officer")).toBeUndefined();
});
