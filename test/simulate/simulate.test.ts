import { expect, test } from "vitest";
import { simulate } from "./run.ts";

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever happens to the cases of seed %i, they end as the law says",
  async (seed) => {
    const { violations, acts } = await simulate(seed, 5);
    expect(violations).toEqual([]);
    expect(acts).toBeGreaterThan(0);
  },
);

test("a seed plays the same run again", async () => {
  const played = async () => {
    const { events, delivered, again, crashes } = await simulate(42, 3);
    return { events: [...events], delivered, again, crashes };
  };
  expect(await played()).toEqual(await played());
});
