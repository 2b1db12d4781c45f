// A token bucket as one number: the instant at which it will be full again. The same sum is done here and, for all replicas
// at once, in Redis (redis.ts).

export interface Rate {
  /** So many at once from a full bucket. */
  burst: number;
  /** So many come back in a minute. */
  perMinute: number;
}

/** Less is no wait at all: clocks count in fractions, and their sums are not exact. */
export const leastWaitMs = 0.01;

export const costMs = ({ perMinute }: Rate): number => 60_000 / perMinute;

/** `waitMs` is 0 for one that was there; otherwise nothing was taken, and it says how long until one is. */
export function takeFrom(fullAt: number, rate: Rate, now: number): { fullAt: number; waitMs: number } {
  const cost = costMs(rate);
  const after = Math.max(fullAt, now) + cost;
  const waitMs = Math.ceil(after - now - rate.burst * cost - leastWaitMs);
  return waitMs > 0 ? { fullAt, waitMs } : { fullAt: after, waitMs: 0 };
}
