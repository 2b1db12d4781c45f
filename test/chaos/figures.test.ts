// What a run says of itself in numbers.
import { expect, test } from "vitest";
import { figuresOf, linesOf } from "./scaled/figures.ts";

const seconds = (...list: number[]) => list.map((each) => each * 1000);
const figures = figuresOf({
  quiet: { from: 0, to: 10_000 },
  faulty: { from: 10_000, to: 30_000 },
  faults: [
    { kind: "kill kafka", from: 12_000, to: 15_000 },
    { kind: "kill kafka", from: 20_000, to: 31_000 },
  ],
  successes: [
    { sent: 11_000, at: 12_500, command: true },
    { sent: 13_000, at: 14_000, command: true },
    { sent: 20_100, at: 20_200, command: false },
    { sent: 20_500, at: 24_000, command: true },
  ],
  filed: seconds(1, 2, 3, 4, 12, 16),
  ended: seconds(2, 5, 19, 40),
});

test("goodput is what was left of the quiet stretch's rate", () => {
  expect(figures.quiet).toEqual({ ended: 0.2, filed: 0.4, requests: 0 });
  expect(figures.faulty).toEqual({ ended: 0.05, filed: 0.1, requests: 0.2 });
  expect(figures.goodput).toMatchObject({ ended: 0.25, filed: 0.25 });
});

test("recovery counts from the stroke to the next command that was sent after it, and to the next end", () => {
  expect(figures.recovery).toEqual([
    {
      ...{ kind: "kill kafka", times: 2 },
      acknowledged: { median: 3, worst: 4 },
      ended: { median: 13.5, worst: 20 },
    },
  ]);
});

test("the tail is from when all was mended to the last end", () => {
  expect(figures.tail).toBe(9);
  expect(linesOf(figures).at(-1)).toBe("tail: the last case ended 9.0 s after everything was mended");
});

test("what a run was too short to measure is said to be so, and is no number", () => {
  const empty = figuresOf({
    quiet: { from: 0, to: 10_000 },
    faulty: { from: 10_000, to: 10_000 },
    faults: [{ kind: "kill kafka", from: 12_000, to: 15_000 }],
    ...{ successes: [], filed: [], ended: [] },
  });
  expect(empty.goodput).toEqual({ ended: undefined, filed: undefined, requests: undefined });
  const lines = linesOf(empty).join("\n");
  expect(lines).not.toMatch(/NaN|Infinity|undefined/);
  expect(lines).toMatch(/goodput +– +– +–\n/);
  expect(lines).toMatch(/–: not measured/);
  const measured = { ...figures, goodput: { ...figures.goodput, requests: 1 } };
  expect(linesOf(measured).join()).not.toContain("not measured");
});
