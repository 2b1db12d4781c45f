// Who watches which case from this replica. Every replica says which cases it has committed; a watcher then reads the
// database, and where nothing may be heard it looks by itself: what is said here is never the truth, only a reason to look.
import { exhausted } from "@onething/kernel/errors";
import type { Fleeting } from "@onething/service/fleeting/port";

export interface Watch {
  /** True once something was said of the case since the last call; false after a while of silence, or when ended. */
  stirred(ending: AbortSignal): Promise<boolean>;
  leave(): void;
}

export interface Live {
  /** Cases this replica has committed. */
  committed(ids: readonly string[]): void;
  /** Errors: `live.too_many`. Whoever is given one must leave it. */
  watch(caseId: string, actor: string): Watch;
  stop(): void;
}

export interface LiveOptions {
  /** How long a watcher waits for word before it looks anyway. */
  silenceMs?: number;
  /** The same while others cannot be heard. */
  deafMs?: number;
  maxWatches?: number;
  maxOfOne?: number;
}

const channel = "cases";

interface Watcher {
  stirred: boolean;
  wake: () => void;
}

export function createLive(
  fleeting: Pick<Fleeting, "publish" | "subscribe" | "hearsOthers">,
  options: LiveOptions = {},
): Live {
  const { silenceMs = 15_000, deafMs = 2_000, maxWatches = 5_000, maxOfOne = 20 } = options;
  const watchers = new Map<string, Set<Watcher>>();
  const watchesOf = new Map<string, number>();
  let watches = 0;

  const stir = (of: Iterable<Watcher>) => {
    for (const watcher of of) {
      watcher.stirred = true;
      watcher.wake();
    }
  };
  const stop = fleeting.subscribe(channel, (message) => {
    if (message === undefined) for (const each of watchers.values()) stir(each);
    else if (watchers.size > 0) for (const id of message.split(" ")) stir(watchers.get(id) ?? []);
  });
  const count = (actor: string, by: 1 | -1) => {
    watches += by;
    const now = (watchesOf.get(actor) ?? 0) + by;
    if (now > 0) watchesOf.set(actor, now);
    else watchesOf.delete(actor);
  };

  return {
    committed: (ids) => fleeting.publish(channel, [...new Set(ids)].join(" ")),
    watch: (caseId, actor) => {
      if (watches >= maxWatches || (watchesOf.get(actor) ?? 0) >= maxOfOne) throw tooMany();
      count(actor, 1);
      const of = watchers.get(caseId) ?? new Set();
      watchers.set(caseId, of);
      const watcher: Watcher = { stirred: false, wake: () => {} };
      of.add(watcher);
      return {
        stirred: async (ending) => {
          if (!watcher.stirred) await nextWake(watcher, fleeting.hearsOthers() ? silenceMs : deafMs, ending);
          const was = watcher.stirred;
          watcher.stirred = false;
          return was;
        },
        leave: () => {
          if (!of.delete(watcher)) return;
          count(actor, -1);
          if (of.size === 0 && watchers.get(caseId) === of) watchers.delete(caseId);
        },
      };
    },
    stop,
  };
}

function nextWake(watcher: Watcher, ms: number, ending: AbortSignal): Promise<void> {
  if (ending.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      ending.removeEventListener("abort", wake);
      watcher.wake = () => {};
      resolve();
    };
    const timer = setTimeout(wake, ms);
    ending.addEventListener("abort", wake, { once: true });
    watcher.wake = wake;
  });
}

const tooMany = () =>
  exhausted(
    "live.too_many",
    "同时查看的实时进度过多，请关闭一些后再试",
    "Too many live views at once; close some and try again",
    { retryAfterMs: 10_000 },
  );
