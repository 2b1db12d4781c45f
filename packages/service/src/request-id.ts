// One id follows a request through every door it passes, so that the lines of five services can be laid side by side.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

export const requestIdHeader = "x-request-id";

const storage = new AsyncLocalStorage<string>();

/** The id of the request being served, if one is. */
export const currentRequestId = (): string | undefined => storage.getStore();

export const withRequestId = <T>(id: string, work: () => T): T => storage.run(id, work);

/** What the caller sent, where it is a plain id; else a new one. */
export const requestIdFrom = (sent: string | undefined): string =>
  sent !== undefined && /^[\w.:-]{8,64}$/.test(sent) ? sent : randomUUID();

/** Runs each step of a generator under the id: one that waits between steps would otherwise lose it. */
export async function* withRequestIdEach<Item, End>(
  id: string,
  steps: AsyncGenerator<Item, End, undefined>,
): AsyncGenerator<Item, End, undefined> {
  let done = false;
  try {
    for (;;) {
      const step = await withRequestId(id, () => steps.next());
      done = step.done === true;
      if (step.done) return step.value;
      yield step.value;
    }
  } finally {
    // Left early (the reader went away): the handler's own `finally` must still run.
    if (!done) await withRequestId(id, () => steps.return(undefined as End));
  }
}
