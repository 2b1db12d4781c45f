// One department's officer: watches its work and decides it by script, over the departments' public door only.

import { setTimeout as sleep } from "node:timers/promises";
import type { DecideRequest } from "@onething/contracts/approval/v1/acts";
import type { ApprovalServiceClient } from "@onething/contracts/approval/v1/approval";
import type { Work } from "@onething/contracts/approval/v1/work";
import { OnethingError } from "@onething/kernel/errors";
import type { Logger } from "pino";
import type { Scripts } from "./scripts.ts";

export interface OfficerOptions {
  department: string;
  scripts: Scripts;
  client: Pick<ApprovalServiceClient, "watchWork" | "getWork" | "decide">;
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
    if (!waits(work) || options.leave.has(work.item) || inHand.has(work.id)) return;
    if (!options.scripts.items(options.department).has(work.item)) {
      options.log.warn({ item: work.item, work: work.id }, "no script for this item: it waits for a person");
      return;
    }
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

  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all(inHand.values());
    },
  };
};

/** For a decision that anybody of the department may make; one made before the acceptance accepts, too. */
const waits = ({ status, claimedBy }: Work): boolean =>
  (status === "received" || status === "accepted") && claimedBy === "";

/** Never rejects: what cannot be decided stays open at the door and is told in the log. */
const handle = async (work: Work, options: OfficerOptions, signal: AbortSignal): Promise<void> => {
  const about = { item: work.item, work: work.id };
  try {
    await sleep(options.scripts.delay(work.item, work.id), undefined, { signal });
    const { detail } = await patiently(() => options.client.getWork({ id: work.id }, { signal }), signal);
    if (!detail?.work || !waits(detail.work)) return;
    const decision: DecideRequest = options.scripts.decide(detail);
    await patiently(() => options.client.decide(decision, { signal }), signal);
    options.log.debug({ ...about, decision: decision.decision?.$case }, "decided");
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof OnethingError && (error.code === "conflict" || error.code === "not_found")) {
      options.log.debug({ ...about, reason: error.reason }, "decided by somebody else, or withdrawn");
      return;
    }
    options.log.error({ ...about, reason: reasonOf(error) }, "could not decide");
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
