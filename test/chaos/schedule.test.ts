// What goes wrong is drawn from the seed alone.
import { expect, test } from "vitest";
import { drawSchedule, type Fault, kinds, lineOf } from "./scaled/schedule.ts";

const targets = {
  replicas: ["window-0", "window-1", "desk-0"],
  wires: ["window-0 http", "postgres", "redis"],
  topics: ["of cases", "of licences"],
};
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

test("the same seed draws the same faults, another seed others", () => {
  expect(drawSchedule(7, 180, targets)).toEqual(drawSchedule(7, 180, targets));
  expect(drawSchedule(7, 180, targets).faults).not.toEqual(drawSchedule(8, 180, targets).faults);
});

test("in three minutes every kind of fault comes, after a quiet beginning, and is over at the end", () => {
  for (const seed of seeds) {
    const { faults, quietMs, totalMs } = drawSchedule(seed, 180, targets);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)));
    expect(quietMs).toBe(30_000);
    for (const { atMs, forMs } of faults) {
      expect(atMs).toBeGreaterThanOrEqual(quietMs);
      expect(atMs + forMs).toBeLessThanOrEqual(totalMs);
    }
  }
});

test("nothing is struck while it is still broken", () => {
  for (const seed of seeds) {
    const byTarget = Map.groupBy(drawSchedule(seed, 180, targets).faults, ({ target }) => target);
    for (const faults of byTarget.values()) {
      const pairs = faults.slice(1).map((fault, i): [Fault, Fault] => [faults[i]!, fault]);
      for (const [one, next] of pairs) expect(next.atMs).toBeGreaterThan(one.atMs + one.forMs);
    }
  }
});

test("a fault reads as a line", () => {
  const fault: Fault = {
    ...{ n: 3, atMs: 12_340, kind: "slow wire", target: "window-0 http", forMs: 2_500, amount: 40, seed: 1 },
  };
  expect(lineOf(fault)).toBe("  3  + 12.3 s  slow wire           window-0 http, for 2.5 s, 40 ms each way");
});
