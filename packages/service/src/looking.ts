// Looks from time to time, one after another.
import type { Log } from "./log.ts";

export interface Looking {
  /** Waits for the look that runs. */
  stop(): Promise<void>;
}

/** A look that fails is said, as one for `what`, and made again. */
export function keepLooking(what: string, look: () => Promise<unknown>, everyMs: number, log: Log): Looking {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => log.warn({ err: error }, `could not look for ${what}`))
      .then(() => {
        running = undefined;
      });
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
