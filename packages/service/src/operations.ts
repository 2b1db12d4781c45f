// What an operator asks of a process: what it counts, what it still has to do, what got stuck. Answered in place, or by
// another process through its door; no personal data passes here.
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { listStuck, type StuckEvent } from "@onething/events/apply";
import type { Feed } from "@onething/events/feed";
import { notFound, OnethingError } from "@onething/kernel/errors";
import type { Client } from "./client.ts";
import { type RpcDoor, rpc } from "./rpc.ts";
import type { RunningService } from "./running-service.ts";
import type { Meters } from "./types.ts";

export interface Operations {
  /** Of which process, where there are several. */
  name?: string;
  /** `notAsked` takes the names of processes that did not answer; what is given is what the others say. */
  meters(notAsked?: string[]): Promise<Record<string, number>>;
  /** Until what is there now is sent and applied; how many events were applied meanwhile. 0 everywhere: nothing is under way. */
  drain(): Promise<number>;
  stuck(notAsked?: string[]): Promise<StuckEvent[]>;
  /** How many were applied. Errors: `stuck.no_consumer`. */
  replay(consumer: string, caseId: string): Promise<number>;
}

export interface OperationsOptions {
  meters: Meters;
  services: readonly Pick<RunningService, "journal">[];
  feeds: readonly Pick<Feed, "consumer" | "replay" | "drain">[];
  /** Sends what the journals hold, where a bus carries it. */
  relays?: readonly { drain(): Promise<void> }[];
}

export const unknownConsumer = () =>
  notFound("stuck.no_consumer", "没有这个消费者", "There is no such consumer");

export function operationsHere({ meters, services, feeds, relays = [] }: OperationsOptions): Operations {
  return {
    meters: async () => meters.read(),
    drain: async () => {
      await Promise.all(services.map(({ journal }) => journal.drain()));
      await Promise.all(relays.map((relay) => relay.drain()));
      const applied = await Promise.all(feeds.map((feed) => feed.drain()));
      return applied.reduce((sum, n) => sum + n, 0);
    },
    stuck: async () => (await Promise.all(services.map(({ journal }) => listStuck(journal.db)))).flat(),
    replay: async (consumer, caseId) => {
      const feed = feeds.find((each) => each.consumer === consumer);
      if (!feed) throw unknownConsumer();
      return feed.replay(caseId);
    },
  };
}

export const operationsDoor = (here: Operations): RpcDoor =>
  rpc(
    OperationsServiceDefinition,
    {
      getMeters: async () => ({ meters: await here.meters() }),
      drain: async () => ({ applied: await here.drain() }),
      listStuck: async () => ({ events: await here.stuck() }),
      replay: async ({ consumer, caseId }) => ({ replayed: await here.replay(consumer, caseId) }),
    },
    { allow: ["service"] },
  );

/** The same of another process. */
export function operationsThere(
  client: Client<typeof OperationsServiceDefinition>,
  name: string,
): Operations {
  return {
    name,
    meters: async () => (await client.getMeters({})).meters,
    drain: async () => (await client.drain({})).applied,
    stuck: async () => (await client.listStuck({})).events,
    replay: async (consumer, caseId) => (await client.replay({ consumer, caseId })).replayed,
  };
}

/**
 * Several processes as one: counters added up, stuck events listed once, a replay by whoever knows the consumer. One that does
 * not answer takes nothing from the others.
 */
export function operationsOfAll(all: () => Promise<readonly Operations[]>): Operations {
  return {
    meters: async (notAsked) => {
      const sum = new Map<string, number>();
      for (const counts of await ofThose(await all(), (one) => one.meters(), notAsked))
        for (const [name, n] of Object.entries(counts)) sum.set(name, (sum.get(name) ?? 0) + n);
      return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    drain: async () => {
      const counts = await Promise.all((await all()).map((each) => each.drain()));
      return counts.reduce((sum, n) => sum + n, 0);
    },
    stuck: async (notAsked) => {
      const lists = await ofThose(await all(), (one) => one.stuck(), notAsked);
      return [...new Map(lists.flat().map((one) => [`${one.consumer} ${one.eventId}`, one])).values()];
    },
    replay: async (consumer, caseId) => {
      let lost: unknown;
      for (const one of await all())
        try {
          return await one.replay(consumer, caseId);
        } catch (error) {
          if (isAway(error)) lost = error;
          else if ((error as { reason?: string }).reason !== "stuck.no_consumer") throw error;
        }
      throw lost ?? unknownConsumer();
    },
  };
}

/** What those say that answer. Errors: what is wrong with one that does. */
async function ofThose<T>(
  all: readonly Operations[],
  ask: (one: Operations) => Promise<T>,
  notAsked: string[] = [],
): Promise<T[]> {
  const said = await Promise.all(
    all.map(async (one) => {
      try {
        return [await ask(one)];
      } catch (error) {
        if (!isAway(error)) throw error;
        notAsked.push(one.name ?? "");
        return [];
      }
    }),
  );
  return said.flat();
}

const isAway = (error: unknown): boolean => error instanceof OnethingError && error.code === "unavailable";
