// Brings a service's journal to Kafka: one leader among its replicas reads in the journal's own order, sends, and moves its
// cursor after the acknowledgement. What Kafka lost on the way to a consumer it sends again.
import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@onething/postgres/database";
import { asLeader } from "@onething/postgres/leader";
import type { EventSource } from "../feed.ts";
import type { Connection } from "./connect.ts";
import { lead, type RelayStatus } from "./lead.ts";
import { cursorOf } from "./put.ts";

export interface RelayOptions {
  source: EventSource;
  /** The publisher's own database: cursor and lock. */
  db: Database;
  /** How often it looks for what Kafka lost, and whether the leader is gone; milliseconds. */
  checkMs?: number;
}

export type { RelayStatus } from "./lead.ts";

export interface Relay {
  readonly source: string;
  start(): void;
  stop(): Promise<void>;
  /** Resolves when everything the journal holds now is sent, by whichever replica. */
  drain(): Promise<void>;
  status(): RelayStatus;
}

/** How soon another replica takes over. */
const followMs = 1000;
const drainMs = 5;

export function createRelay(connection: Connection, { source, db, checkMs = 5000 }: RelayOptions): Relay {
  const { log } = connection;
  const stopping = new AbortController();
  const status: RelayStatus = { leading: false, sent: 0, resent: 0 };
  let running: Promise<void> | undefined;

  const run = async () => {
    while (!stopping.signal.aborted) {
      await asLeader(db, `relay:${source.name}`, async (session) => {
        status.leading = true;
        await lead({ connection, source, session, status, signal: stopping.signal, checkMs });
      }).catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ err: error, source: source.name }, "relay leads no longer");
      });
      status.leading = false;
      const wait = Math.min(checkMs, followMs);
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  return {
    source: source.name,
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    drain: () => drained(source, db, stopping.signal),
    status: () => ({ ...status }),
  };
}

/** Whoever leads writes the cursor; everything is sent when the journal holds nothing after it. */
async function drained(source: EventSource, db: Database, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = await source.read(await cursorOf(db, source.name), 1);
    if (left.length === 0) return;
    await pause(drainMs, undefined, { signal });
  }
}
