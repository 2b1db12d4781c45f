import { expect, test } from "vitest";
import { batched } from "./batch.ts";

const limits = { most: 3, mostWaiting: 5 };

test("what is asked in one tick goes together, in order and never more than fit", async () => {
  const batches: number[][] = [];
  const double = batched(async (items: number[]) => {
    batches.push(items);
    return items.map((item) => item * 2);
  }, limits);
  expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1, 2, 3], [4]]);
  expect(await double(5)).toBe(10);
});

test("what is asked while a batch is under way waits for the next", async () => {
  const batches: number[][] = [];
  let release = (): void => {};
  const echo = batched(async (items: number[]) => {
    batches.push(items);
    if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
    return items;
  }, limits);
  const first = echo(1);
  await Promise.resolve();
  await Promise.resolve();
  const later = [echo(2), echo(3)];
  release();
  expect(await Promise.all([first, ...later])).toEqual([1, 2, 3]);
  expect(batches).toEqual([[1], [2, 3]]);
});

test("a batch that fails fails its own items, and the next goes on", async () => {
  const run = batched(async (items: number[]) => {
    if (items.includes(1)) throw new Error("broken");
    return items;
  }, limits);
  const results = await Promise.allSettled([1, 2, 3, 4].map(run));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "fulfilled"]);
  expect(await run(5)).toBe(5);
});

test("beyond the bound a caller is told to come back", async () => {
  const echo = batched(async (items: number[]) => items, limits);
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(echo));
  expect(results.at(-1)).toMatchObject({ status: "rejected", reason: { code: "exhausted" } });
  expect(results.slice(0, 5).every(({ status }) => status === "fulfilled")).toBe(true);
});
