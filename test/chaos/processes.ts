// `start` as an operator runs it: a process of its own, with its PostgreSQL under it, that can be killed outright.
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../services/all-in-one/src/main.ts", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

export interface Started {
  pid: number;
  ended: Promise<Ended>;
  /** Everything it has said so far. */
  said(): string;
  /** Until it takes requests; false when it ended before. */
  ready(): Promise<boolean>;
}

/** Runs the command in a process group of its own; only what is given of ONETHING_ reaches it. */
export function start(verb: string, env: Record<string, string>): Started {
  const clean = Object.entries(process.env).filter(([name]) => !/^(ONETHING_|VITEST|NODE_ENV)/.test(name));
  const child: ChildProcess = spawn(process.execPath, [main, verb], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(clean), ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  let over = false;
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code, signal) => {
      over = true;
      resolve({ code, signal, output });
    }),
  );
  const url = `http://127.0.0.1:${env.ONETHING_PORT}/readyz`;
  return {
    pid: child.pid!,
    ended,
    said: () => output,
    ready: async () => {
      for (; !over; await sleep(20))
        if (
          await fetch(url)
            .then((answer) => answer.ok)
            .catch(() => false)
        )
          return true;
      return false;
    },
  };
}

export const runToEnd = (verb: string, env: Record<string, string>): Promise<Ended> => start(verb, env).ended;

/** Kills a process and everything that came of it at one stroke: its group, PostgreSQL, its backends, the watchdog. */
export function killTree(pid: number): void {
  for (const each of [pid, ...offspring(pid)]) killAlone(each);
}

/** The postmaster of a data folder and its backends. */
export function killDatabase(data: string): void {
  const postmaster = Number(readFileSync(join(data, "cluster", "postmaster.pid"), "utf8").split("\n")[0]);
  killTree(postmaster);
}

/** One process, and nothing of what it started. */
export function killAlone(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}

/** Children and their children, as far as the system still knows whose they are. */
function offspring(pid: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const parent = parentOf(Number(name));
        return parent === undefined ? [] : [[Number(name), parent] as const];
      }),
  );
  const below = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/**
 * Two ports that nobody has just now, below those the system hands out: while the platform is down between two starts,
 * no other test is given them.
 */
export async function freePorts(): Promise<{ ONETHING_PORT: string; ONETHING_GRPC_PORT: string }> {
  return { ONETHING_PORT: await freePort(), ONETHING_GRPC_PORT: await freePort() };
}

async function freePort(): Promise<string> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return String(port);
  }
}
