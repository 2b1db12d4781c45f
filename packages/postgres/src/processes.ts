// What can be known about a process by its number: whether it still lives, since when, and in which folder it stands.
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";

export interface Process {
  /** When it began, in whatever unit the system gives: a number that was handed out again has another start. */
  started: string;
  /** Where it stands; undefined when we may not know. */
  folder?: string;
  uid: number;
}

/** Undefined when nobody has that number, or only a zombie. */
export function processOf(pid: number): Process | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): Process | undefined {
  try {
    // The name in parentheses may hold anything; what follows the last parenthesis is: state, then numbers.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return { started: fields[19] ?? "", folder: folderOf(pid), uid: statSync(`/proc/${pid}`).uid };
  } catch {
    return undefined;
  }
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

// stat, uid, start ("Tue Nov 24 06:14:00 2026"), command
const PS_LINE = /^\s*(\S+)\s+(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m;

/** `ps` tells no folder; for a server that we started, its command line does. */
function fromPs(pid: number): Process | undefined {
  const options = { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } } as const;
  const { stdout } = spawnSync(
    "ps",
    ["-ww", "-o", "stat=,uid=,lstart=,command=", "-p", String(pid)],
    options,
  );
  const [, state, uid, started, command] = PS_LINE.exec(stdout ?? "") ?? [];
  if (!state || !started || state.startsWith("Z")) return undefined;
  return { started, uid: Number(uid), folder: / -D (.+?) -c /.exec(command ?? "")?.[1] ?? "" };
}

/** Polls until `check` gives something; undefined when the time is over. */
export async function until<T>(check: () => T | undefined | false, limitMs: number): Promise<T | undefined> {
  const end = performance.now() + limitMs;
  for (;;) {
    const result = check();
    if (result) return result;
    if (performance.now() > end) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
