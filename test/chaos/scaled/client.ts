// A client that does not take "connection lost" for an answer: what was not acknowledged is sent again with the same key.
// What was acknowledged stands in a file of its own, written before it goes on.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One acknowledged command. */
export interface Acknowledged {
  client: string;
  path: string;
  body: unknown;
  key: string;
  answer: unknown;
}

/** One request that was answered as it should be. */
export interface Success {
  /** When it was sent for the time that succeeded, and when the answer was there. */
  sent: number;
  at: number;
  command: boolean;
}

export interface Client {
  name: string;
  get<T>(path: string): Promise<T>;
  /** Acknowledged, and written down. */
  post<T>(path: string, body: unknown): Promise<T>;
  /** Sends an acknowledged command again. */
  repeat(command: Acknowledged): Promise<unknown>;
}

export interface ClientOptions {
  name: string;
  url: string;
  /** The file of acknowledgements. */
  file: string;
  succeeded: (success: Success) => void;
  /** An attempt that found the platform away. */
  failed: (why: string) => void;
}

/** An answer that is a refusal. */
export class Refused extends Error {
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what} → ${status} ${body.slice(0, 400)}`);
    this.status = status;
  }
}

/** One attempt. People look away sooner; a wire that swallows everything is never noticed without it. */
const attemptMs = 10_000;
const patienceMs = 180_000;
const waitMs = [50, 1_000] as const;

export function createClient({ name, url, file, succeeded, failed }: ClientOptions): Client {
  let token: Promise<string> | undefined;
  let count = 0;

  const once = async <T>(method: string, path: string, init: RequestInit): Promise<T> => {
    const signal = AbortSignal.timeout(attemptMs);
    const response = await fetch(`${url}${path}`, { ...init, method, signal });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${path}`, response.status, text);
    return JSON.parse(text) as T;
  };
  const json = (body: unknown, more: Record<string, string>): RequestInit => ({
    headers: { "content-type": "application/json", ...more },
    body: JSON.stringify(body),
  });
  /** Until it is answered: only a platform that is away, or says it is busy, is asked again. */
  const insist = async <T>(command: boolean, ask: () => Promise<T>): Promise<T> => {
    let wait: number = waitMs[0];
    for (const end = Date.now() + patienceMs; ; wait = Math.min(wait * 2, waitMs[1])) {
      const sent = Date.now();
      try {
        const answer = await ask();
        succeeded({ sent, at: Date.now(), command });
        return answer;
      } catch (error) {
        const answered = error instanceof Refused && error.status < 500 && error.status !== 429;
        if (answered || Date.now() > end) throw error;
        failed(error instanceof Refused ? String(error.status) : wordOf(error));
        await sleep(wait * (0.5 + Math.random()));
      }
    }
  };
  const bearer = async (): Promise<Record<string, string>> => {
    const session = () =>
      once<{ token: string }>(
        "POST",
        "/api/v1/sessions",
        json(credentials, { "idempotency-key": `${name}-session` }),
      );
    const credentials = { username: name.split("/")[0], password: "onething" };
    token ??= insist(false, session).then((opened) => opened.token);
    return { authorization: `Bearer ${await token}` };
  };
  const send = async <T>(path: string, body: unknown, key: string): Promise<T> => {
    const headers = { ...(await bearer()), "idempotency-key": key };
    return insist(true, () => once<T>("POST", path, json(body, headers)));
  };
  return {
    name,
    get: async (path) => {
      const headers = await bearer();
      return insist(false, () => once("GET", path, { headers }));
    },
    post: async <T>(path: string, body: unknown) => {
      const key = `${name.replace("/", "-")}-command-${++count}`;
      const answer = await send<T>(path, body, key);
      const done: Acknowledged = { client: name, path, body, key, answer };
      appendFileSync(file, `${JSON.stringify(done)}\n`);
      return answer;
    },
    repeat: ({ path, body, key }) => send(path, body, key),
  };
}

/** Of a failed fetch: what lies beneath. */
function wordOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
