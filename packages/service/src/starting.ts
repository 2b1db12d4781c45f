// A process on its way up. Whatever it needs may be away just then (the database, a peer): it lives, says that it is not ready
// and why, tries again, and leaves when it is asked to. What waiting does not mend ends the start at once.
import { setTimeout as pause } from "node:timers/promises";
import { OnethingError, unavailable } from "@onething/kernel/errors";
import { Hono } from "hono";
import { logGrpcTo } from "./grpc-log.ts";
import type { HttpEnv } from "./http-env.ts";
import { type Listening, listenHttp } from "./http-listen.ts";
import { stopAsked } from "./leaving.ts";
import { createLog, type Log, type LogLevel } from "./log.ts";
import { problem } from "./problem.ts";
import { fileInWords } from "./start-words.ts";
import { startTracing } from "./tracing.ts";

export type OnStop = (stop: () => unknown) => void;

/** What every process is told that is needed before all else. */
export interface Place {
  host: string;
  port: number;
  logLevel: LogLevel;
  tracesUrl: string | undefined;
  /** How long it still answers after it has said that it leaves. */
  drainMs: number;
}

export interface Attempt {
  /** The HTTP port, open already: the doors take it over as the last thing. */
  on: Listening;
  log: Log;
  /** Aborted when the process is asked to leave. */
  leaving: AbortSignal;
  /** Whatever was started says how it is stopped. */
  onStop: OnStop;
  /** Where the doors open before all is there that they need: it is ready only then. */
  readyAfter(what: Promise<unknown>): void;
}

type Start = (attempt: Attempt) => Promise<void>;

interface Begun {
  stop(): Promise<void>;
  whole: Promise<unknown>;
}

/**
 * Starts, works until it is asked to leave, and stops. `start` is tried again, from its beginning, for as long as it ends
 * with `unavailable`. Errors: whatever waiting does not mend.
 */
export async function live(service: string, place: Place, start: Start): Promise<void> {
  const leaving = new AbortController();
  const asked = stopAsked().then(() => leaving.abort());
  const log = createLog({ service, level: place.logLevel });
  logGrpcTo(log);
  const stopTracing = startTracing({ service, url: place.tracesUrl });
  const begun = await startUp(place, log, leaving.signal, start);
  if (begun) {
    const whole = begun.whole.then(
      () => "whole",
      (error: unknown) => {
        if (!leaving.signal.aborted) throw error;
      },
    );
    if ((await Promise.race([whole, asked])) === "whole") {
      log.info({ port: place.port }, "ready");
      process.send?.("ready");
    }
    await asked;
    log.info("leaving");
    await pause(place.drainMs);
    await begun.stop();
  } else log.info("leaving, without having been ready");
  await stopTracing();
}

const firstPauseMs = 100;
const longestPauseMs = 2_000;

/** What was started, and how to stop it; undefined when it was asked to leave before: it has nothing in hand then. */
async function startUp(
  place: Place,
  log: Log,
  leaving: AbortSignal,
  start: Start,
): Promise<Begun | undefined> {
  let why = starting();
  const on = await listenHttp(place, waitingDoor(() => why).fetch);
  const left = new Promise<"left">((resolve) => leaving.addEventListener("abort", () => resolve("left")));
  for (let tried = 0; !leaving.aborted; tried += 1) {
    const stops: (() => unknown)[] = [];
    const stop = async () => {
      for (const each of stops.splice(0).reverse()) await each();
    };
    const waits: Promise<unknown>[] = [];
    const started = start({
      ...{ on, log, leaving },
      onStop: (each) => stops.push(each),
      readyAfter: (what) => waits.push(what),
    }).then(
      () => ({ begun: { stop, whole: Promise.all(waits) } }),
      (error: unknown) => ({ error: fileInWords(error) }),
    );
    const ended = await Promise.race([started, left]);
    if (ended === "left") return undefined;
    if ("begun" in ended) return ended.begun;
    await stop();
    const { error } = ended;
    if (!(error instanceof OnethingError) || error.code !== "unavailable") throw error;
    if (error.reason !== why.reason) log.warn({ reason: error.reason, err: error }, "waiting to start");
    why = error;
    const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tried, 10));
    await Promise.race([pause(ms), left]);
  }
  return undefined;
}

const starting = () =>
  unavailable("server.starting", "系统正在启动，请稍后再试", "The system is starting; try again in a moment");

/** On answers of a process that has not started: nothing was done, and a replica of it may be asked instead. */
export const startingHeader = "onething-starting";

/** It lives, and can do nothing else yet. No line in the log for those who ask: they ask often. */
function waitingDoor(why: () => OnethingError): Hono<HttpEnv> {
  const door = new Hono<HttpEnv>();
  door.get("/livez", (c) => c.json({ status: "alive" }));
  door.all("*", (c) => {
    const { code, reason, public: words } = why();
    const answer = problem(new OnethingError(code, reason, words, { retryAfterMs: longestPauseMs }), c);
    answer.headers.set(startingHeader, "1");
    answer.headers.set("cache-control", "no-store");
    return answer;
  });
  return door;
}
