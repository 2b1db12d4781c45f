// One process of the platform, started and stopped by this one. It holds a channel to us: when we are gone, it leaves.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Ends when the process does, asked or not. */
  readonly exited: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  /** Asks it to leave, and waits; after `withinMs` it is made to. */
  stop(withinMs?: number): Promise<void>;
}

export interface ChildOptions {
  name: string;
  file: URL;
  args?: readonly string[];
  env: Record<string, string>;
  /** What it writes on standard error. */
  onLine: (line: string) => void;
}

/** How long a process may take until it says that it is ready, milliseconds. */
const patienceMs = 120_000;
const keptLines = 20;

/** Resolves when it says that it is ready. Errors: it left before, with the last lines it wrote. */
export async function startChild({ name, file, args = [], env, onLine }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], {
    env,
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const last: string[] = [];
  readLines(child, (line) => {
    last.push(line);
    if (last.length > keptLines) last.shift();
    onLine(line);
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const late = new Promise<"late">((resolve) => setTimeout(resolve, patienceMs, "late").unref());
  const first = await Promise.race([once(child, "message").then(() => "ready"), exited, late]);
  if (first !== "ready") {
    child.kill("SIGKILL");
    throw new Error(`${name} did not start (${first}):\n${last.join("\n")}`);
  }
  return {
    name,
    pid: child.pid!,
    exited,
    signal: (signal) => void child.kill(signal),
    stop: async (withinMs = 15_000) => {
      child.kill("SIGTERM");
      const cut = setTimeout(() => child.kill("SIGKILL"), withinMs);
      await exited;
      clearTimeout(cut);
    },
  };
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}
