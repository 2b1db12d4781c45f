// One department's officers: they watch its work and do with it what the script says, over the departments' public door only.

import { setTimeout as sleep } from "node:timers/promises";
import type { ApprovalServiceClient } from "@onething/contracts/approval/v1/approval";
import type { Work } from "@onething/contracts/approval/v1/work";
import { OnethingError } from "@onething/kernel/errors";
import type { Logger } from "pino";
import { perform } from "./perform.ts";
import type { Scripts } from "./scripts.ts";
import { nextStep, type Step, statusesOf } from "./steps.ts";

export interface OfficerOptions {
  department: string;
  scripts: Scripts;
  client: ApprovalServiceClient;
  /** Items left for a person at the desk. */
  leave: ReadonlySet<string>;
  log: Logger;
}

export interface Officer {
  stop(): Promise<void>;
}

/** Decisions of one officer under way at once; beyond it the stream waits. */
const mostInHand = 256;
const firstPauseMs = 50;
const longestPauseMs = 2_000;

export const startOfficer = (options: OfficerOptions): Officer => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const inHand = new Map<string, Promise<void>>();

  const take = (work: Work): void => {
    if (options.leave.has(work.item) || inHand.has(work.id)) return;
    if (!options.scripts.items(options.department).has(work.item)) {
      options.log.warn({ item: work.item, work: work.id }, "no script for this item: it waits for a person");
      return;
    }
    if (!ours(work, options.scripts.steps(work.item))) return;
    inHand.set(
      work.id,
      handle(work, options, signal).finally(() => inHand.delete(work.id)),
    );
  };

  const watch = async (): Promise<void> => {
    let attempt = 0;
    while (!signal.aborted) {
      try {
        // Always from the start: the door sends all open work first, so nothing is missed, whatever was lost before.
        for await (const { work } of options.client.watchWork({ after: "" }, { signal })) {
          attempt = 0;
          if (work !== undefined) take(work);
          while (inHand.size >= mostInHand) await Promise.race(inHand.values());
        }
      } catch (error) {
        if (!signal.aborted)
          options.log.debug({ reason: reasonOf(error) }, "stream of work lost, connecting again");
      }
      await pause(attempt++, signal);
    }
  };

  /** Once: what is granted while it runs, it hands over itself. */
  const lookBack = async (): Promise<void> => {
    try {
      for await (const work of undelivered(options, signal)) take(work);
    } catch (error) {
      if (!signal.aborted)
        options.log.error({ reason: reasonOf(error) }, "could not look for what was granted");
    }
  };

  const watching = Promise.all([watch(), lookBack()]);
  return {
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all(inHand.values());
    },
  };
};

/** Nobody else has claimed it, and a step of the script may be done as it stands. */
const ours = ({ status, claimedBy }: Work, steps: readonly Step[]): boolean =>
  statusesOf(steps).has(status) &&
  (claimedBy === "" || steps.some(({ by }) => by !== undefined && claimedBy.endsWith(`/${by}`)));

/** Granted, and not handed over yet: the stream tells of what is in hand only, and the simulator may have been stopped meanwhile. */
async function* undelivered(
  { client, scripts, department }: OfficerOptions,
  signal: AbortSignal,
): AsyncGenerator<Work> {
  const delivers = (item: string) => scripts.steps(item).some((step) => step.do === "deliver");
  const items = [...scripts.items(department)].filter(delivers);
  if (items.length === 0) return;
  for (let cursor = ""; ; ) {
    const query = { statuses: ["granted"], items, cursor };
    const page = await patiently(() => client.listWork(query, { signal }), signal);
    yield* page.work;
    if (page.nextCursor === "") return;
    cursor = page.nextCursor;
  }
}

/** Never rejects: what cannot be done stays open at the door and is told in the log. */
const handle = async (work: Work, options: OfficerOptions, signal: AbortSignal): Promise<void> => {
  const { client, scripts, log } = options;
  const about = { item: work.item, work: work.id };
  const steps = scripts.steps(work.item);
  try {
    for (let done = -1; done < steps.length - 1; ) {
      await sleep(scripts.delay(work.item, work.id), undefined, { signal });
      const { detail } = await patiently(() => client.getWork({ id: work.id }, { signal }), signal);
      if (!detail?.work || !ours(detail.work, steps)) return;
      const next = nextStep(steps, detail);
      if (next === undefined) return;
      const act = perform(client, scripts, next, detail);
      await patiently(() => act(signal), signal);
      log.debug({ ...about, did: next.step.do }, "done");
      done = next.index;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof OnethingError && (error.code === "conflict" || error.code === "not_found")) {
      log.debug({ ...about, reason: error.reason }, "somebody else was first, or it was withdrawn");
      return;
    }
    log.error({ ...about, reason: reasonOf(error) }, "could not go on");
  }
};

/** Again and again, with the very same request, while the platform is away or busy. */
const patiently = async <T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const passing =
        error instanceof OnethingError && (error.code === "unavailable" || error.code === "exhausted");
      if (!passing || signal.aborted) throw error;
      await pause(attempt, signal);
    }
  }
};

const pause = async (attempt: number, signal: AbortSignal): Promise<void> => {
  const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10));
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};

const reasonOf = (error: unknown): string => {
  if (error instanceof OnethingError) return error.reason;
  return error instanceof Error ? error.message : String(error);
};
