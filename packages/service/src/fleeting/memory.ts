// The twin for a single process. Bounded: the bucket that was used longest ago is forgotten first, which lets its owner in.
import { createHub } from "./hub.ts";
import type { Fleeting } from "./port.ts";
import { takeFrom } from "./rate.ts";

const remembered = 20_000;

export interface MemoryOptions {
  /** Milliseconds on a clock that only goes forward. */
  now?: () => number;
  maxBuckets?: number;
}

export function createMemoryFleeting(options: MemoryOptions = {}): Fleeting {
  const { now = () => performance.now(), maxBuckets = remembered } = options;
  const buckets = new Map<string, number>();
  const hub = createHub();

  return {
    take: async (bucket, rate) => {
      const { fullAt, waitMs } = takeFrom(buckets.get(bucket) ?? 0, rate, now());
      buckets.delete(bucket);
      buckets.set(bucket, fullAt);
      if (buckets.size > maxBuckets) buckets.delete(buckets.keys().next().value as string);
      return waitMs;
    },
    publish: hub.tell,
    subscribe: hub.listen,
    hearsOthers: () => true,
    stop: async () => {
      buckets.clear();
      hub.clear();
    },
  };
}
