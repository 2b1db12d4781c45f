import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Held } from "./reader.ts";
import { noteSilence, type Seen } from "./watch.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const place: Held = {
  ...{ topic: "onething.case", partition: 1, next: 5, partitions: 3, at: { xid: "1", position: 5 } },
  ...{ busy: false, sought: 0, end: 7 },
};

/** How often it is called a failure, when each look comes a second after the last. */
function failures(looks: Partial<Held>[]): number {
  const failed = vi.fn();
  const seen = new Map<string, Seen>();
  for (const look of looks) {
    noteSilence({ held: () => [{ ...place, ...look }], silentMs: 2_500, failed }, seen);
    vi.advanceTimersByTime(1_000);
  }
  return failed.mock.calls.length;
}

test("a reader to whom nothing comes though something waits is called silent", () => {
  expect(failures([{}, {}, {}])).toBe(0);
  expect(failures([{}, {}, {}, {}])).toBe(1);
});

test("one that moves, that has an event in hand, or for whom nothing waits is not", () => {
  expect(failures([{}, {}, { next: 6 }, { next: 6 }, { next: 6 }])).toBe(0);
  expect(failures([{}, {}, { busy: true }, {}, {}])).toBe(0);
  expect(failures(Array(9).fill({ end: 5 }))).toBe(0);
});
