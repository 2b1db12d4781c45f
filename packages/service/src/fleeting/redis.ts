// Fleeting state in Redis, for several replicas. Redis may be slow, paused, emptied or dead at any moment: then nothing here
// waits for it for long, nothing queues up, and each replica goes on with a twin of its own until Redis answers again.
import { hash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, defineScript } from "redis";
import { createHub } from "./hub.ts";
import { createMemoryFleeting } from "./memory.ts";
import type { Fleeting } from "./port.ts";
import { costMs, leastWaitMs, type Rate } from "./rate.ts";

export interface RedisOptions {
  url: string;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}

/** A request waits for its limit no longer than this. */
const takeLimitMs = 150;
/** How often Redis is asked whether it is there, and how long it may think about it. */
const beatMs = 1_000;
const answerLimitMs = 1_000;
/** A connection on which nothing comes any more is given up. */
const silentMs = 30_000;
const maxCommands = 2_000;
const prefix = "onething:";

// takeFrom() of rate.ts on Redis' own clock, so that replicas' clocks need not agree.
const takeScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local time = redis.call('TIME')
    local now = time[1] * 1000 + time[2] / 1000
    local cost, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
    local after = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + cost
    local wait = math.ceil(after - now - burst * cost - ${leastWaitMs})
    if wait > 0 then return wait end
    redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
    return 0`,
  parseCommand: (parser, key: string, rate: Rate) => {
    parser.pushKey(key);
    parser.push(String(costMs(rate)), String(rate.burst));
  },
  transformReply: (reply: unknown) => Number(reply),
});

export function createRedisFleeting(options: RedisOptions): Fleeting {
  const { url, log } = options;
  const hub = createHub();
  const own = createMemoryFleeting();
  const id = randomUUID();
  const client = createClient({
    url,
    scripts: { take: takeScript },
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxCommands,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: silentMs,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) + Math.random() * 100,
    },
  });
  const stopping = new AbortController();
  const wanted = new Set<string>();
  const heard = new Set<string>();
  let up = false;

  const turn = (now: boolean, why?: unknown) => {
    if (up === now || stopping.signal.aborted) return;
    up = now;
    if (now) log.info({}, "redis answers");
    else
      log.warn(
        { err: why },
        "redis does not answer; limits and live updates are this replica's own until it does",
      );
    // Whatever was said meanwhile went past us.
    if (now) for (const channel of wanted) hub.tell(channel, undefined);
  };
  const hear = async (channel: string) => {
    await client.subscribe(prefix + channel, (text) => {
      const { from, message } = unpack(text);
      if (from !== id) hub.tell(channel, message);
    });
    heard.add(channel);
    hub.tell(channel, undefined);
  };
  // One question at a time: a Redis that is paused for an hour has one to answer afterwards.
  const beat = async () => {
    while (!stopping.signal.aborted) {
      const answer = (async () => {
        await client.ping();
        for (const channel of wanted) if (!heard.has(channel)) await hear(channel);
      })();
      await within(answerLimitMs, answer).catch((why: unknown) => turn(false, why));
      await answer.then(
        () => turn(true),
        () => {},
      );
      await sleep(up ? beatMs : beatMs / 4, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  client.on("error", (why: unknown) => turn(false, why));
  client.connect().catch(() => {});
  void beat();

  return {
    take: async (bucket, rate) => {
      if (!up) return own.take(bucket, rate);
      try {
        return await within(takeLimitMs, client.take(keyOf(bucket), rate));
      } catch (why) {
        turn(false, why);
        return own.take(bucket, rate);
      }
    },
    publish: (channel, message) => {
      hub.tell(channel, message);
      if (up) client.publish(prefix + channel, pack(id, message)).catch(() => {});
    },
    subscribe: (channel, listener) => {
      wanted.add(channel);
      return hub.listen(channel, listener);
    },
    hearsOthers: () => up && heard.size === wanted.size,
    stop: async () => {
      stopping.abort();
      client.destroy();
      hub.clear();
      await own.stop();
    },
  };
}

/** Accounts and network addresses do not lie open there, for the minute that a bucket lives. */
export const keyOf = (bucket: string): string => `${prefix}rate:${hash("sha256", bucket, "base64url")}`;

const pack = (from: string, message: string): string => `${from} ${message}`;
function unpack(text: string): { from: string; message: string } {
  const end = text.indexOf(" ");
  return { from: text.slice(0, end), message: text.slice(end + 1) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`no answer in ${ms} ms`)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
