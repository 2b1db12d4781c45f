// Server-sent events at the HTTP door: a route answers with messages as they come. Every message has an id; who comes back
// names the last one seen (`Last-Event-ID`) and goes on after it.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { HttpEnv } from "./http-env.ts";
import { type Log, report } from "./log.ts";

export interface StreamedEvent {
  id: number;
  event: string;
  data: object;
}
/** Sent as a comment, so that whoever stands between sees that the stream lives. */
export const stillHere = "still here";

export type Messages = AsyncIterable<StreamedEvent | typeof stillHere>;

/** A stream ends after so long, and its reader comes back: permission is looked at anew, and replicas share the load. */
const longestMs = 15 * 60_000;
/** When a reader comes back. */
const retryMs = 2_000;

/** The streamed answer, and what a route with one says instead when there is nothing more to come. */
export const streamed = <S extends z.ZodType>(schema: S, description: string) => ({
  200: { description, content: { "text/event-stream": { schema } } },
  204: { description: "没有更多进度，请勿重连 · Nothing more will come; do not come back" },
});

export const lastEventId = z.object({
  "last-event-id": z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("收到的最后一条的编号，从其后继续 · Id of the last message received; goes on after it"),
});

/**
 * Ends with its messages, when its reader leaves, after `longestMs`, and when the server stops. `open` is told by its signal;
 * a reader that takes nothing any more keeps nobody. What fails on the way ends it too: its reader comes back.
 */
export function eventStream(
  c: Context<HttpEnv>,
  log: Log,
  open: (ending: AbortSignal) => Messages,
  withinMs = longestMs,
): Response {
  // Proxies that would rather send it as a whole.
  c.header("x-accel-buffering", "no");
  const gone = new AbortController();
  const stopping: AbortSignal | undefined = c.get("stopping");
  const ending = AbortSignal.any([
    gone.signal,
    AbortSignal.timeout(withinMs),
    ...(stopping ? [stopping] : []),
  ]);
  const ended = new Promise<void>((resolve) =>
    ending.addEventListener("abort", () => resolve(), { once: true }),
  );
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort());
    const send = (text: string) => Promise.race([stream.write(text), ended]);
    try {
      await send(`retry: ${retryMs}\n\n`);
      for await (const message of open(ending)) {
        if (ending.aborted) break;
        await send(message === stillHere ? ": still here\n\n" : written(message));
      }
    } catch (error) {
      report(log, error, { requestId: c.get("requestId") });
    }
  });
}

const written = ({ id, event, data }: StreamedEvent): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** A stream that another server sends and this one passes on: it ends with this server, too. Any other answer is as it was. */
export function passedOn(answer: Response, c: Context<HttpEnv>): Response {
  const stopping: AbortSignal | undefined = c.get("stopping");
  const streams = answer.headers.get("content-type")?.startsWith("text/event-stream");
  if (!streams || !answer.body || !stopping) return answer;
  const reader = answer.body.getReader();
  const stopped = new Promise<{ done: true; value?: undefined }>((resolve) => {
    const stop = () => resolve({ done: true });
    if (stopping.aborted) stop();
    else stopping.addEventListener("abort", stop, { once: true });
  });
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await Promise.race([reader.read(), stopped]);
      if (!done) return controller.enqueue(value);
      controller.close();
      await reader.cancel();
    },
    cancel: (why) => reader.cancel(why),
  });
  return new Response(body, answer);
}
