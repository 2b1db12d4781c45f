// One member of a consumer's group, from joining to its end. Where it reads on is PostgreSQL's word, not Kafka's: the offset
// moves after the batch's effects are in. When it fails or falls silent it says so, and whoever opened it opens another.
import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@onething/postgres/database";
import type { Consumer as Client, EachBatchPayload } from "kafkajs";
import { Applier, handles } from "../apply.ts";
import { type Consumer, topicOf } from "../consumer.ts";
import type { Connection } from "./connect.ts";
import { continueFrom } from "./continuing.ts";
import { loadPlaces, newPlace, type Place, savePlace } from "./places.ts";
import { watch } from "./watch.ts";

export interface ReaderOptions {
  connection: Connection;
  consumer: Consumer;
  db: Database;
  pauses?: readonly number[];
  count: Counters;
  stopping: AbortSignal;
  /** How often it compares itself with the ends of its partitions, and reports. */
  watchMs: number;
  /** So long without a step while there is something to read is a failure. */
  silentMs: number;
}

export interface Counters {
  applied: number;
  skipped: number;
  foreign: number;
  restarts: number;
}

export interface Held extends Place {
  /** A batch of it is in hand. */
  busy: boolean;
  /** How often it was sought in vain: twice means that the log itself does not continue there. */
  sought: number;
  end: number;
}

export interface Reader {
  /** Resolves with the reason when it goes on no longer. */
  failed: Promise<unknown>;
  held(): Held[];
  close(): Promise<void>;
}

const heartbeatMs = 3_000;
/**
 * So long the cases of a replica that was killed wait, and all after a broker's restart, since kafkajs cannot come back as the
 * same member. One that lives sends four heartbeats in that time; one that is wrongly taken for dead does no harm.
 */
const sessionMs = 10_000;
/** To leave the group in good order; after a failure there is little hope of that. */
const leaveMs = 5_000;
const leaveAfterFailureMs = 500;
const atOnce = 6;

export async function openReader(options: ReaderOptions): Promise<Reader> {
  const member = new Member(options);
  try {
    await member.open();
  } catch (error) {
    await member.close();
    throw error;
  }
  return { failed: member.failed, held: () => member.held(), close: () => member.close() };
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;

class Member {
  readonly #options: ReaderOptions;
  readonly #client: Client;
  readonly #failure = Promise.withResolvers<unknown>();
  readonly #closing = new AbortController();
  readonly #stopped: AbortSignal;
  readonly #inHand = new Set<Promise<void>>();
  /** Of the partitions that this member was dealt last. */
  #dealt: Promise<Map<string, Held>> = Promise.resolve(new Map());
  #held = new Map<string, Held>();
  #hasFailed = false;
  #watching: Promise<void> | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#stopped = AbortSignal.any([options.stopping, this.#closing.signal]);
    const { connection, consumer } = options;
    this.#client = connection.kafka.consumer({
      groupId: connection.groupName(consumer.name),
      sessionTimeout: sessionMs,
      rebalanceTimeout: 90_000,
      heartbeatInterval: heartbeatMs - 500,
      maxBytesPerPartition: 256 * 1024,
      maxWaitTimeInMs: 250,
      metadataMaxAge: 10_000,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 12, restartOnFailure: async () => false },
    });
  }

  get failed(): Promise<unknown> {
    return this.#failure.promise;
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#failure.resolve(error);
  }

  held(): Held[] {
    return [...this.#held.values()];
  }

  async open(): Promise<void> {
    const { connection, consumer } = this.#options;
    const { CRASH, GROUP_JOIN } = this.#client.events;
    this.#client.on(CRASH, ({ payload }) => this.#fail(payload.error));
    this.#client.on(GROUP_JOIN, ({ payload }) => this.#deal(payload.memberAssignment));
    await this.#client.connect();
    await this.#client.subscribe({ topics: consumer.topics.map(connection.topicName), fromBeginning: true });
    await this.#client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: atOnce,
      eachBatch: (payload) => this.#take(payload),
    });
    this.#watching = watch({
      ...this.#options,
      client: this.#client,
      held: () => this.held(),
      signal: this.#closing.signal,
      failed: (error) => this.#fail(error),
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = async () => {
      await this.#client.disconnect().catch(() => undefined);
      await this.#watching;
    };
    await Promise.race([
      closed(),
      pause(this.#hasFailed ? leaveAfterFailureMs : leaveMs, undefined, { ref: false }),
    ]);
    await Promise.allSettled(this.#inHand);
  }

  #deal(assignment: Record<string, number[]>): void {
    const { db, consumer, connection } = this.#options;
    const dealt = loadPlaces(db, consumer.name).then((places) => {
      const known = new Map(places.map((place) => [keyOf(place), place]));
      const mine = Object.entries(assignment).flatMap(([name, partitions]) => {
        const topic = consumer.topics.find((each) => connection.topicName(each) === name)!;
        return partitions.map(
          (partition) => known.get(keyOf({ topic, partition })) ?? newPlace(topic, partition),
        );
      });
      return new Map(
        mine.map((place) => [keyOf(place), { ...place, busy: false, sought: 0, end: place.next }]),
      );
    });
    this.#dealt = dealt;
    dealt.then(
      (held) => {
        if (this.#dealt !== dealt) return;
        this.#held = held;
        for (const place of held.values()) this.#seek(place);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #seek({ topic, partition, next }: Place): void {
    if (this.#stopped.aborted) return;
    const at = { topic: this.#options.connection.topicName(topic), partition, offset: String(next) };
    this.#client.seek(at);
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const work = this.#handle(payload);
    this.#inHand.add(work);
    try {
      await work;
    } catch (error) {
      // Stopped in between: what is not resolved is read again.
      if (!this.#stopped.aborted) throw error;
    } finally {
      this.#inHand.delete(work);
    }
  }

  async #handle({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const dealt = this.#dealt;
    const held = await dealt;
    const topic = this.#options.consumer.topics.find(
      (each) => this.#options.connection.topicName(each) === batch.topic,
    );
    const place = topic && held.get(keyOf({ topic, partition: batch.partition }));
    if (!place || !isRunning() || isStale() || this.#stopped.aborted) return;
    const first = Number(batch.messages[0]!.offset);
    const logIsNew = first !== place.next;
    if (logIsNew && !this.#accepts(place, first)) return;
    place.busy = true;
    try {
      await this.#apply(place, batch.messages, heartbeat, logIsNew);
    } finally {
      place.busy = false;
    }
    if (this.#dealt === dealt && isRunning()) resolveOffset(batch.messages.at(-1)!.offset);
  }

  /** A log that does not go on where it was left has lost something, or is another one. */
  #accepts(place: Held, first: number): boolean {
    place.sought += 1;
    if (place.sought <= 2) {
      this.#seek(place);
      return false;
    }
    const { topic, partition, next } = place;
    const about = { consumer: this.#options.consumer.name, topic, partition, left: next, found: first };
    this.#options.connection.log.warn(about, "the log does not go on where it was left");
    return true;
  }

  async #apply(
    place: Held,
    messages: EachBatchPayload["batch"]["messages"],
    heartbeat: () => Promise<void>,
    logIsNew: boolean,
  ): Promise<void> {
    const { db, consumer, connection, count, pauses } = this.#options;
    const { events, after, skipped, foreign } = continueFrom(place, messages);
    const about = { consumer: consumer.name, topic: place.topic, partition: place.partition };
    if (foreign > 0)
      connection.log.error({ ...about, foreign, before: after.next }, "messages that are none of ours");
    const wanted = events.filter(
      (event) => consumer.topics.includes(topicOf(event.type) ?? "") && handles(consumer, event),
    );
    await this.#beating(heartbeat, async (signal) => {
      if (wanted.length === 0) return;
      const applier = new Applier({
        db,
        consumer,
        log: connection.log,
        signal,
        ...(pauses ? { pauses } : {}),
      });
      await applier.apply(wanted);
    });
    // Before the place: who sees that has these, too.
    count.applied += wanted.length;
    await savePlace(db, consumer.name, after, logIsNew);
    const { next, partitions, at } = after;
    Object.assign(place, { next, partitions, at, sought: 0, end: Math.max(place.end, next) });
    count.skipped += skipped;
    count.foreign += foreign;
  }

  /** However long the work takes the group knows that we live; if it deals its partitions anew, the work is left. */
  async #beating(
    heartbeat: () => Promise<void>,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const leave = new AbortController();
    const timer = setInterval(() => {
      heartbeat().catch((error: unknown) => leave.abort(error));
    }, heartbeatMs);
    try {
      await work(AbortSignal.any([leave.signal, this.#stopped]));
    } finally {
      clearInterval(timer);
    }
  }
}
