// What the leader of a service's relay does, as long as its session holds the lock.
import { setTimeout as pause } from "node:timers/promises";
import { type Position, positionOf, type StoredEvent, start } from "@onething/journal/journal";
import type { Client } from "@onething/postgres/database";
import { topicOf } from "../consumer.ts";
import type { EventSource } from "../feed.ts";
import { follow } from "../reading-loop.ts";
import type { Connection } from "./connect.ts";
import { isAfter, partitionOf } from "./message.ts";
import { type Last, loadPut, nothing, type Put, savePut } from "./put.ts";
import { findLost, type Lost } from "./reconcile.ts";
import { firstRun, Sender } from "./send.ts";

export interface RelayStatus {
  leading: boolean;
  /** Events sent since this process began, and those sent again because Kafka had lost them. */
  sent: number;
  resent: number;
}

export interface Leading {
  connection: Connection;
  source: EventSource;
  /** Holds the lock; what is written through it is written by the leader. */
  session: Client;
  status: RelayStatus;
  signal: AbortSignal;
  checkMs: number;
}

interface Active extends Leading {
  /** Nobody waits for this leader any more: it must write nothing. */
  abandoned: AbortSignal;
}

const batch = 500;
const idleMs = 25;
const pauseMs = 250;
/** For what is being sent when it is told to stop: a broker that says nothing would be waited for much longer. */
const stopMs = 3_000;

/** Until stopped. Rejects when the session is lost. */
export async function lead(leading: Leading): Promise<void> {
  const { connection, source, session, signal, checkMs } = leading;
  const abandon = new AbortController();
  const active: Active = { ...leading, abandoned: abandon.signal };
  const sender = new Sender(connection, source.name);
  let put = await loadPut(session, source.name);
  let nextCheck = 0;
  const once = async (): Promise<number> => {
    if (Date.now() >= nextCheck) {
      nextCheck = Date.now() + checkMs;
      put = await check(active, put, sender);
    }
    const events = await source.read(put.at, batch);
    if (events.length > 0) put = await sendRun(active, put, events, sender);
    return events.length;
  };
  const step = async (): Promise<number> => {
    try {
      return await once();
    } catch (error) {
      if (signal.aborted) return 0;
      await session.query("select 1");
      connection.log.warn({ err: error, source: source.name }, "relay could not send, and tries again");
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      nextCheck = Date.now() + checkMs;
      return 0;
    }
  };
  const lost = new AbortController();
  const failed = (error: unknown) => lost.abort(error);
  const over = AbortSignal.any([signal, lost.signal]);
  const following = follow({ ...{ step, failed, idleMs }, onCommit: source.onCommit, signal: over });
  await Promise.race([following, afterAbort(over, stopMs)]);
  abandon.abort();
  await Promise.race([sender.close(), pause(stopMs, undefined, { ref: false })]);
  lost.signal.throwIfAborted();
}

async function afterAbort(signal: AbortSignal, ms: number): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await pause(ms, undefined, { ref: false });
}

async function keep({ abandoned, session, source }: Active, put: Put): Promise<Put> {
  abandoned.throwIfAborted();
  await savePut(session, source.name, put);
  return put;
}

/** Sends what fits a request; the cursor moves after the acknowledgement. */
async function sendRun(
  active: Active,
  put: Put,
  events: readonly StoredEvent[],
  sender: Sender,
): Promise<Put> {
  const { connection, status } = active;
  const { topic, run } = firstRun(events);
  const after: Put = { at: positionOf(run.at(-1)!), topics: { ...put.topics } };
  if (topic) {
    const lasts = put.topics[topic] ?? Array(await partitionsOf(connection, topic)).fill(nothing);
    after.topics[topic] = await sender.send(topic, run, lasts);
    status.sent += run.length;
  }
  return keep(active, after);
}

/** Whether this process still leads, and whether Kafka still has what it was given. */
async function check(active: Active, put: Put, sender: Sender): Promise<Put> {
  const { connection, source, session } = active;
  await session.query("select 1");
  let after = put;
  for (const [topic, lasts] of Object.entries(put.topics)) {
    const found = lasts.map((last) => ({ ...last }));
    if ((await partitionsOf(connection, topic)) !== lasts.length) {
      connection.log.warn(
        { topic, source: source.name },
        "topic has another number of partitions: all is sent",
      );
      await sender.close();
      const { [topic]: _, ...others } = after.topics;
      after = { at: start, topics: others };
    } else {
      const lost = await findLost(connection, topic, found);
      await sendAgain(active, { topic, lost, upTo: put.at }, found, sender);
      after = { at: after.at, topics: { ...after.topics, [topic]: found } };
    }
  }
  return keep(active, after);
}

/** The lost events of each partition, in their order, before anything newer: `lasts` keep their positions. */
async function sendAgain(
  { connection, source, status, signal }: Leading,
  { topic, lost, upTo }: { topic: string; lost: Lost; upTo: Position },
  lasts: Last[],
  sender: Sender,
): Promise<void> {
  let from = [...lost.values()].reduce((one, other) => (isAfter(one, other) ? other : one), upTo);
  let chain = lasts.map((last, partition) => ({ ...last, ...lost.get(partition) }));
  const before = status.resent;
  while (isAfter(upTo, from)) {
    signal.throwIfAborted();
    const events = await source.read(from, batch);
    const due = events.filter((event) => {
      const after = lost.get(partitionOf(event, lasts.length));
      return topicOf(event.type) === topic && after && isAfter(event, after) && !isAfter(event, upTo);
    });
    for (let rest = due; rest.length > 0; ) {
      const { run } = firstRun(rest);
      chain = await sender.send(topic, run, chain);
      status.resent += run.length;
      rest = rest.slice(run.length);
    }
    from = events.length > 0 ? positionOf(events.at(-1)!) : upTo;
  }
  for (const partition of lost.keys()) lasts[partition]!.offset = chain[partition]!.offset;
  if (lost.size > 0) {
    const about = {
      source: source.name,
      topic,
      partitions: [...lost.keys()],
      events: status.resent - before,
    };
    connection.log.warn(about, "Kafka had lost events; they are sent again");
  }
}

async function partitionsOf({ ask, topicName }: Connection, topic: string): Promise<number> {
  const { topics } = await ask((admin) => admin.fetchTopicMetadata({ topics: [topicName(topic)] }));
  return topics[0]!.partitions.length;
}
