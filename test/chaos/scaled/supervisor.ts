// Starts again what has left, as whatever runs the processes in a city would; and takes them down when it is told to.
import { setTimeout as sleep } from "node:timers/promises";
import type { Scaled } from "@onething/all-in-one/scaled/scaled";

export interface Supervisor {
  /** Ends one process so, starts it again after a while, and resolves when it is ready; false where it was down already. */
  takeDown(name: string, signal: NodeJS.Signals, forMs: number): Promise<boolean>;
  /** What ended without being told to, and what did not start at once. */
  unasked: string[];
  stop(): Promise<void>;
}

const againMs = 500;
/** A process that was asked to leave is made to, as everywhere. */
const leaveMs = 15_000;

export function supervise(scaled: Scaled, say: (line: string) => void): Supervisor {
  const stopping = new AbortController();
  const asked = new Map<string, number>();
  const back = new Map<string, () => void>();
  const unasked: string[] = [];
  const note = (line: string) => {
    unasked.push(line);
    say(line);
  };
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));

  const revive = async (name: string): Promise<void> => {
    while (!stopping.signal.aborted)
      try {
        return await scaled.revive(name);
      } catch (error) {
        const lines = error instanceof Error ? error.message.trim().split("\n") : [String(error)];
        note(`${name} did not start: ${lines.at(-1)?.slice(0, 300)}`);
        await sleep(againMs);
      }
  };
  const keep = async (name: string): Promise<void> => {
    while (!stopping.signal.aborted) {
      const child = scaled.children.get(name);
      if (child) await Promise.race([child.exited, stopped]);
      if (stopping.signal.aborted) return;
      const forMs = asked.get(name);
      if (forMs === undefined) note(`${name} left by itself (${child ? await child.exited : "at once"})`);
      await sleep(forMs ?? againMs);
      asked.delete(name);
      await revive(name);
      back.get(name)?.();
      back.delete(name);
    }
  };
  const keeping = scaled.places.map(({ name, replica }) => keep(`${name}-${replica}`));
  return {
    unasked,
    takeDown: async (name, signal, forMs) => {
      const child = scaled.children.get(name);
      if (!child || asked.has(name)) return false;
      asked.set(name, forMs);
      const returned = new Promise<void>((resolve) => back.set(name, resolve));
      child.signal(signal);
      const late = setTimeout(() => {
        note(`${name} had not left ${leaveMs / 1000} s after it was asked to`);
        child.signal("SIGKILL");
      }, leaveMs);
      await child.exited;
      clearTimeout(late);
      await Promise.race([returned, stopped]);
      return true;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(keeping);
    },
  };
}
