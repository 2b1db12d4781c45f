// What a server wrote about itself into its data directory (postmaster.pid), and whether that is still true.
import { readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { unavailable } from "@onething/kernel/errors";
import { processOf, until } from "./processes.ts";

export interface Postmaster {
  pid: number;
  socketFolder: string;
  /** The shared memory segment that every process of that server is attached to. */
  sharedMemory: { key: number; id: number };
  ready: boolean;
}

const STOP_LIMIT_MS = 60_000;

const fileOf = (cluster: string): string => join(cluster, "postmaster.pid");

export function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    // pid, data directory, start time, port, socket folder, listen address, "key id" of shared memory, status
    const lines = readFileSync(fileOf(cluster), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return {
      pid,
      socketFolder: lines[4] ?? "",
      sharedMemory: segment(lines[6] ?? ""),
      ready: lines[7]?.trim() === "ready",
    };
  } catch {
    return undefined;
  }
}

/**
 * Makes way for a new server after an owner that is gone: a server that outlived it is shut down, and a file that names
 * nobody, or somebody else who was given the number since, is removed. PostgreSQL itself knows only the first of these.
 */
export async function makeWay(cluster: string, log: (line: string) => void): Promise<void> {
  const left = readPostmaster(cluster);
  if (!left) return;
  if (runs(left.pid, cluster)) {
    log(`a server that outlived its owner (pid ${left.pid}) is being shut down`);
    await shutDown(left.pid, () => runs(left.pid, cluster));
  }
  // Backends of a killed server end within moments; as long as one is attached, a second server would corrupt the data.
  if (!(await until(() => !attached(left.sharedMemory), STOP_LIMIT_MS))) throw stillThere(cluster);
  if (readPostmaster(cluster)?.pid === left.pid) {
    log(`a stale postmaster.pid (pid ${left.pid}) was removed`);
    rmSync(fileOf(cluster), { force: true });
  }
  if (isSocketFolder(left.socketFolder)) rmSync(left.socketFolder, { recursive: true, force: true });
}

/** Fast shutdown; if that hangs, an immediate one, which recovery repairs at the next start. Never SIGKILL. */
export async function shutDown(pid: number, runsStill: () => boolean): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    send(pid, signal);
    if (await until(() => !runsStill(), STOP_LIMIT_MS)) return;
  }
  throw unavailable(
    "database.does_not_stop",
    `PostgreSQL（进程号 ${pid}）没有停止。`,
    `PostgreSQL (pid ${pid}) does not stop.`,
  );
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

/** Whether that number is a live server on exactly this data directory: same user, standing in it. */
function runs(pid: number, cluster: string): boolean {
  const found = processOf(pid);
  if (!found || found.uid !== statSync(cluster).uid) return false;
  return found.folder === undefined || found.folder === realpathSync(cluster);
}

/** The key is printed without a sign there and with one by Linux. */
function segment(line: string): Postmaster["sharedMemory"] {
  const [key = Number.NaN, id = Number.NaN] = line.trim().split(/\s+/).map(Number);
  return { key: key | 0, id };
}

/** Linux lists how many processes are attached to what; elsewhere PostgreSQL's own check has to do. */
function attached({ key, id }: Postmaster["sharedMemory"]): boolean {
  try {
    const rows = readFileSync("/proc/sysvipc/shm", "utf8").split("\n").slice(1);
    const row = rows
      .map((line) => line.trim().split(/\s+/).map(Number))
      .find((one) => one[0] === key && one[1] === id);
    return row !== undefined && row[6]! > 0;
  } catch {
    return false;
  }
}

export const SOCKET_PREFIX = "onething-pg-";

/** Only folders we made ourselves are ever removed. */
const isSocketFolder = (folder: string): boolean => basename(folder).startsWith(SOCKET_PREFIX);

function stillThere(cluster: string) {
  return unavailable(
    "database.processes_left",
    `上一个 PostgreSQL 的进程仍在使用 ${cluster}。`,
    `Processes of an earlier PostgreSQL still use ${cluster}.`,
  );
}
