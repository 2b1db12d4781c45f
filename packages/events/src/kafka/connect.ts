// The one place that makes Kafka clients: how long they try, and where their words go.
import { setTimeout as pause } from "node:timers/promises";
import kafkajs, { type Admin, type Kafka, type LogEntry } from "kafkajs";
import type { ApplyLog } from "../apply.ts";
import { accessSettings, type KafkaAccess } from "./access.ts";

export interface KafkaSettings {
  /** host:port each. */
  brokers: string[];
  clientId: string;
  log: ApplyLog;
  /** Where brokers are not open to everybody on this machine or in this network. */
  access?: KafkaAccess;
  /** Stands before the names of topics and groups, where several platforms share a cluster. */
  prefix?: string;
}

export interface Connection {
  kafka: Kafka;
  log: ApplyLog;
  /** Asks the cluster something. */
  ask<T>(question: (admin: Admin) => Promise<T>): Promise<T>;
  topicName(topic: string): string;
  groupName(consumer: string): string;
  /** Offsets of a topic's partitions: the first that is still there, and the one after the last. */
  ends(topic: string): Promise<End[]>;
  /** What all groups of this platform begin with. */
  groups: string;
  close(): Promise<void>;
}

export interface End {
  partition: number;
  low: number;
  high: number;
}

/** Short: whoever asks has a loop of its own that tries for as long as it takes. */
const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries: 6 };
const endsAttempts = 5;

export function connect({ brokers, clientId, log, access = {}, prefix = "" }: KafkaSettings): Connection {
  silenceNegativeTimeouts();
  const kafka = new kafkajs.Kafka({
    brokers,
    clientId,
    ...accessSettings(access),
    connectionTimeout: 3_000,
    requestTimeout: 20_000,
    retry,
    logLevel: kafkajs.logLevel.ERROR,
    logCreator: () => (entry) => pass(entry, log),
  });
  const shared = sharedAdmin(kafka);
  const groups = `${prefix}onething.`;
  return {
    kafka,
    log,
    ask: shared.ask,
    topicName: (topic) => `${prefix}${topic}`,
    groupName: (consumer) => `${groups}${consumer}`,
    groups,
    ends: (topic) => shared.ask((admin) => endsOf(admin, `${prefix}${topic}`)),
    close: shared.close,
  };
}

/** For a moment after it was made, a topic has a leader that does not know of it yet. */
async function endsOf(admin: Admin, topic: string): Promise<End[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const ends = await admin.fetchTopicOffsets(topic);
      return ends.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
    } catch (error) {
      if (attempt === endsAttempts) throw error;
      await pause(retry.initialRetryTime * attempt);
    }
  }
}

/** One client for all questions, made when first asked. After a failure the next has a new one: what it knew may be wrong. */
function sharedAdmin(kafka: Kafka) {
  let admin: Promise<Admin> | undefined;
  const connected = async (): Promise<Admin> => {
    const made = kafka.admin();
    await made.connect();
    return made;
  };
  const forget = async (which: Promise<Admin> | undefined): Promise<void> => {
    if (admin === which) admin = undefined;
    await which?.then((made) => made.disconnect()).catch(() => undefined);
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    admin ??= connected();
    const asked = admin;
    try {
      return await question(await asked);
    } catch (error) {
      await forget(asked);
      throw error;
    }
  };
  return { ask, close: () => forget(admin) };
}

/** Each attempt to connect and each answer that asks for patience: while a broker is away that is a flood. */
const chatter = new Set(["Connection", "BrokerPool"]);

/** kafkajs calls an error what it then mends by itself: our own loops say what they could not do. */
function pass({ namespace, log: { message, error, groupId, topic, partition } }: LogEntry, log: ApplyLog) {
  if (chatter.has(namespace)) return;
  const about = Object.entries({ error: textOf(error), groupId, topic, partition });
  log.warn(Object.fromEntries(about.filter(([, value]) => value !== undefined)), `kafkajs: ${message}`);
}

const textOf = (error: unknown): unknown => (error instanceof Error ? error.message : error);

let silenced = false;

/** kafkajs sets timers into the past, which Node 24 warns of. Only this warning, and only if it comes from there. */
function silenceNegativeTimeouts(): void {
  if (silenced) return;
  silenced = true;
  const emit = process.emitWarning as (...args: unknown[]) => void;
  process.emitWarning = ((...args: unknown[]) => {
    const fromKafka = args[1] === "TimeoutNegativeWarning" && new Error().stack?.includes("kafkajs");
    if (!fromKafka) emit.apply(process, args);
  }) as typeof process.emitWarning;
}
