// How a journal is followed: at once while there is work, then as soon as a commit is heard of, else after a growing pause.

export interface ReadingLoop {
  /** Answers with how much there was to do. */
  step(): Promise<number>;
  /** Called when a step fails; the loop goes on after a pause. */
  failed(error: unknown): void;
  onCommit(listener: () => void): () => void;
  signal: AbortSignal;
  /** The longest pause, milliseconds: how late one hears of another process's commits. */
  idleMs: number;
}

/** Waits for a commit; but one that is in sight may still be held back by an older transaction, so look again soon. */
const soonMs = 2;

export async function follow({ step, failed, onCommit, signal, idleMs }: ReadingLoop): Promise<void> {
  let wake = (_by: boolean) => {};
  const stop = () => wake(false);
  const off = onCommit(() => wake(true));
  signal.addEventListener("abort", stop);
  let wait = idleMs;
  while (!signal.aborted) {
    const woken = new Promise<boolean>((resolve) => {
      wake = resolve;
    });
    const done = await step().catch((error: unknown) => {
      if (!signal.aborted) failed(error);
      return 0;
    });
    if (done > 0) {
      wait = soonMs;
      continue;
    }
    const byCommit = await orLater(woken, wait);
    wait = byCommit ? soonMs : Math.min(wait * 2, idleMs);
  }
  signal.removeEventListener("abort", stop);
  off();
}

/** Whether it was woken before the time was over. */
function orLater(woken: Promise<boolean>, ms: number): Promise<boolean> {
  let timeout: NodeJS.Timeout | undefined;
  const later = new Promise<boolean>((resolve) => {
    timeout = setTimeout(resolve, ms, false);
  });
  return Promise.race([woken, later]).finally(() => clearTimeout(timeout));
}
