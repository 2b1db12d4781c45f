// The contracts of the services behind the front: which routes each declares. They are asked for until all are known, and
// again from time to time, so that after an upgrade new routes are found; a service that is away keeps what it had.
import { unavailable } from "@onething/kernel/errors";
import type { Document } from "@onething/service/http-server";
import type { Log } from "@onething/service/log";

export interface Behind {
  name: string;
  /** `host:port` of each replica. */
  replicas: string[];
  document: Document;
}

export interface Contracts {
  /** When every service has told its routes at least once. */
  complete: Promise<void>;
  /** Errors: `front.waits`, naming the services that have not told theirs. */
  mustBeComplete(): Promise<void>;
  /** The same for a while after the start; then a service that stays away keeps nobody from the others. */
  maySend(): Promise<void>;
  /**
   * For a route that nobody declares: whether there are new ones now. Asks at most every few seconds. Errors: `front.waits`
   * while one is missing that might declare it.
   */
  lookAgain(): Promise<boolean>;
  stop(): void;
}

export interface ContractOptions {
  /** `host:port,…` by service. */
  peers: Record<string, string>;
  log: Pick<Log, "warn" | "info">;
  /** Called with all that are known, whenever that is more or other than before. */
  changed(known: readonly Behind[]): void;
  /** Between looks while one is missing, between looks when all are known, and at least, whoever asks. */
  everyMs?: { missing: number; known: number; asked: number };
  /** How long all of them are waited for before the door is offered with what there is. */
  graceMs?: number;
}

const patienceMs = 2_000;

export function keepContracts({
  peers,
  log,
  changed,
  everyMs,
  graceMs = 30_000,
}: ContractOptions): Contracts {
  const every = everyMs ?? { missing: 500, known: 30_000, asked: 3_000 };
  const known = new Map<string, { text: string; behind: Behind }>();
  const missing = () => Object.keys(peers).filter((name) => !known.has(name));
  const began = performance.now();
  let told = "";
  let looking: Promise<boolean> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let done = () => {};
  const complete = new Promise<void>((resolve) => {
    done = resolve;
  });

  const read = async (): Promise<boolean> => {
    const news = await Promise.all(
      Object.entries(peers).map(async ([name, list]) => {
        const replicas = list.split(",");
        const text = await contractOf(replicas);
        if (text === undefined || text === known.get(name)?.text) return false;
        known.set(name, { text, behind: { name, replicas, document: JSON.parse(text) as Document } });
        return true;
      }),
    );
    if (stopped) return false;
    const without = missing().join(", ");
    if (without && without !== told) log.warn({ waitsFor: missing() }, `${without} does not answer yet`);
    if (!without && told) log.info("every service has told its routes");
    told = without;
    const some = news.includes(true);
    if (some) changed([...known.values()].map(({ behind }) => behind));
    if (!without) done();
    return some;
  };
  const look = (): Promise<boolean> => {
    if (!looking) {
      lookedAt = performance.now();
      looking = read().finally(() => {
        looking = undefined;
      });
    }
    return looking;
  };
  const goOn = async (): Promise<void> => {
    await look().catch((error: unknown) => log.warn({ err: error }, "contracts"));
    if (!stopped) timer = setTimeout(goOn, missing().length > 0 ? every.missing : every.known).unref();
  };
  goOn();
  const mustBeComplete = async () => {
    if (missing().length > 0) throw waits(missing());
  };
  return {
    complete,
    mustBeComplete,
    maySend: async () => {
      if (known.size === 0 || performance.now() - began < graceMs) await mustBeComplete();
    },
    lookAgain: async () => {
      const some = performance.now() - lookedAt >= every.asked ? await look() : await (looking ?? false);
      if (!some) await mustBeComplete();
      return some;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Of the first replica that answers; undefined where none does. */
async function contractOf(replicas: readonly string[]): Promise<string | undefined> {
  for (const replica of replicas) {
    const url = `http://${replica}/openapi.json`;
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
      if (answer.ok) return await answer.text();
      await answer.body?.cancel();
    } catch {
      // Away, or going: the next one.
    }
  }
  return undefined;
}

const waits = (names: readonly string[]) =>
  unavailable(
    "front.waits",
    "系统的这一部分正在启动，请稍后再试",
    "This part of the system is starting; try again in a moment",
    { internal: `${names.join(", ")} does not answer yet`, retryAfterMs: 2_000 },
  );
