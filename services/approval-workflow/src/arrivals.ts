// Wakes the streams of a department when work for it was opened in this process. Only a hint: a stream looks by itself too,
// so work that another process opened comes a little later, never not at all.

export class Arrivals {
  readonly #waiting = new Map<string, Set<() => void>>();

  ring(department: string): void {
    const waiting = this.#waiting.get(department);
    this.#waiting.delete(department);
    for (const wake of waiting ?? []) wake();
  }

  /** Resolves with true when rung, with false after `ms` or when aborted. Listening begins at the call. */
  wait(department: string, ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting = this.#waiting.get(department) ?? new Set();
    this.#waiting.set(department, waiting);
    const rung = () => resolve(true);
    const over = () => resolve(false);
    waiting.add(rung);
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", over, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(rung);
      signal.removeEventListener("abort", over);
    });
  }
}
