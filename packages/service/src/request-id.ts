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

/** Runs each step of a generator under the id. */
export const withRequestIdEach = <Item, End>(
  id: string,
  steps: AsyncGenerator<Item, End, undefined>,
): AsyncGenerator<Item, End, undefined> => eachStep((step) => withRequestId(id, step), steps);

/** Runs each step of a generator within something: one that waits between steps would otherwise lose it. */
export async function* eachStep<Item, End>(
  within: <T>(step: () => T) => T,
  steps: AsyncGenerator<Item, End, undefined>,
): AsyncGenerator<Item, End, undefined> {
  let done = false;
  try {
    for (;;) {
      const step = await within(() => steps.next());
      done = step.done === true;
      if (step.done) return step.value;
      yield step.value;
    }
  } finally {
    // Left early (the reader went away): the handler's own `finally` must still run.
    if (!done) await within(() => steps.return(undefined as End));
  }
}
