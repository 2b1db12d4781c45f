// Calls that come while one statement is under way share the next: no artificial delay, and a busy process pays one
// round trip and one fsync for hundreds of keys.

import { exhausted } from "@onething/kernel/errors";

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface BatchLimits {
  /** Items per statement. */
  most: number;
  /** Items waiting at most; beyond, callers are told to come back. */
  mostWaiting: number;
}

/** `run` answers its items in their order. All items asked for in one tick go together. */
export function batched<T, R>(
  run: (items: T[]) => Promise<R[]>,
  { most, mostWaiting }: BatchLimits,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let running = false;

  async function drain(): Promise<void> {
    await Promise.resolve(); // the rest of this tick's items
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => {
          resolve(results[i]!);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return (item) =>
    new Promise<R>((resolve, reject) => {
      if (waiting.length >= mostWaiting) {
        reject(
          exhausted("keyring.busy", "系统繁忙，请稍后再试。", "Too busy just now.", { retryAfterMs: 1000 }),
        );
        return;
      }
      waiting.push({ item, resolve, reject });
      if (running) return;
      running = true;
      void drain();
    });
}
