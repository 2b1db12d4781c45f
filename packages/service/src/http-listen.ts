// A port that answers from the moment its process lives: first whoever is handed it says that it is starting, then the doors.
import type { AddressInfo, Server } from "node:net";
import { createAdaptorServer } from "@hono/node-server";

export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

export interface Listening {
  url: string;
  port: number;
  /** From now on. */
  answerBy(fetch: Fetch): void;
  /** Takes no more requests, lets running ones finish for at most `withinMs`, then cuts them off. */
  stop(withinMs?: number): Promise<void>;
}

export async function listenHttp(
  { host, port: wanted }: { host: string; port: number },
  first: Fetch,
): Promise<Listening> {
  let answer = first;
  const server = createAdaptorServer({ fetch: (request, env) => answer(request, env) }) as Server & {
    closeIdleConnections(): void;
    closeAllConnections(): void;
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    answerBy: (fetch) => {
      answer = fetch;
    },
    stop: (withinMs = 5_000) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), withinMs);
        // A connection kept alive falls idle when its last answer is out, and nobody else would close it for seconds.
        const sweep = setInterval(() => server.closeIdleConnections(), 20);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}
