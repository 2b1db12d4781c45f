// PostgreSQL as a child process: a real server with its durability settings untouched, on a Unix socket only. It lives in
// a session of its own, so Ctrl-C reaches its owner first, and a watchdog shuts it down should the owner be killed.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { unavailable } from "@onething/kernel/errors";
import { type Binaries, binariesFor } from "./binaries.ts";
import { type DataHome, placeData, syncFolder, urlOf } from "./data-folder.ts";
import { once } from "./once.ts";
import { takeOwnership } from "./owner.ts";
import { makeWay, readPostmaster, SOCKET_PREFIX, shutDown } from "./postmaster.ts";
import { until } from "./processes.ts";
import { reaches, runAs } from "./runner.ts";

export interface EmbeddedOptions {
  /** The wanted folder; made if absent. */
  dataDirectory: string;
  log?: (line: string) => void;
}

export interface EmbeddedServer {
  /** Superuser, through the socket. */
  url: string;
  /** PostgreSQL's own data directory: inside the wanted folder, or where `note` says. */
  dataDirectory: string;
  note?: string;
  firstStart: boolean;
  pid: number;
  /** Ends when the server does, asked or not. */
  exited: Promise<void>;
  stop(): Promise<void>;
}

// Sized for one machine that also runs the platform. fsync, full_page_writes and synchronous_commit are not here: they
// keep their defaults. Logged errors carry neither statements nor key values, because those may be personal data.
const SETTINGS = {
  listen_addresses: "",
  max_connections: "100",
  shared_buffers: "256MB",
  min_wal_size: "256MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  wal_compression: "on",
  max_parallel_workers_per_gather: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

const START_LIMIT_MS = 120_000;
const SOCKET_PATH_LIMIT = 107;
const LOG_LIMIT_BYTES = 4_000_000;

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const log = options.log ?? (() => {});
  const data = placeData(options.dataDirectory);
  const letGo = await takeOwnership(data.home);
  try {
    const binaries = binariesFor(data.runner);
    const firstStart = !existsSync(data.cluster);
    if (firstStart) await initialise(binaries, data);
    else await makeWay(data.cluster, log);
    const socketFolder = await createSocketFolder(data);
    const { child, exited } = await launch(binaries, data, socketFolder);
    const watchdog = watch(child, data, socketFolder);
    return {
      url: urlOf(socketFolder),
      dataDirectory: data.cluster,
      ...(data.note && { note: data.note }),
      firstStart,
      pid: child.pid!,
      exited,
      stop: once(async () => {
        await shutDown(child.pid!, () => child.exitCode === null && child.signalCode === null);
        watchdog.stdin?.end("stopped\n");
        rmSync(socketFolder, { recursive: true, force: true });
        letGo();
      }),
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Into a folder of a name of its own that is renamed when whole: a start killed half-way begins anew. */
async function initialise(binaries: Binaries, { home, cluster, runner }: DataHome): Promise<void> {
  const prefix = `${basename(cluster)}.new-`;
  for (const left of readdirSync(home).filter((name) => name.startsWith(prefix))) {
    rmSync(join(home, left), { recursive: true, force: true });
  }
  const part = await mkdtemp(join(home, prefix));
  if (runner) chownSync(part, runner.uid, runner.gid);
  const args = ["--pgdata", part, "--username", "postgres", "--auth-local", "trust", "--auth-host", "reject"];
  // The built-in provider is the same on every machine; a C library's locales are not.
  const locale = [
    "--encoding",
    "UTF8",
    "--locale",
    "C",
    "--locale-provider",
    "builtin",
    "--builtin-locale",
    "C.UTF-8",
  ];
  try {
    await promisify(execFile)(binaries.initdb, [...args, ...locale], {
      ...runAs(runner),
      env: environment(),
    });
  } catch (cause) {
    throw didNotStart(cause instanceof Error ? cause.message : String(cause));
  }
  renameSync(part, cluster);
  syncFolder(home);
}

/** Short, because a socket's path may have 107 bytes; closed to everybody but the server's user and us. */
async function createSocketFolder({ runner }: DataHome): Promise<string> {
  for (const parent of new Set([tmpdir(), "/tmp", "/var/tmp"])) {
    const length = Buffer.byteLength(join(parent, `${SOCKET_PREFIX}xxxxxx`, ".s.PGSQL.5432"));
    // PostgreSQL reads a list here, so a comma or a quote would end the name.
    if (length > SOCKET_PATH_LIMIT || /[,"]/.test(parent) || !reaches(runner, parent)) continue;
    const folder = await mkdtemp(join(parent, SOCKET_PREFIX));
    if (runner) {
      chownSync(folder, runner.uid, process.getgid?.() ?? 0);
      chmodSync(folder, 0o770);
    }
    return folder;
  }
  throw didNotStart("no temporary folder with a short path");
}

interface Launched {
  child: ChildProcess;
  exited: Promise<void>;
}

/** Errors of the server go to a file, not a pipe: it must be able to write them whatever its owner is doing. */
async function launch(binaries: Binaries, data: DataHome, socketFolder: string): Promise<Launched> {
  const logFile = join(data.home, "postgres.log");
  const logTo = openLog(logFile);
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: socketFolder });
  const args = ["-D", data.cluster, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const child = spawn(binaries.postgres, args, {
    ...runAs(data.runner),
    env: environment(),
    detached: true,
    stdio: ["ignore", logTo, logTo],
  });
  closeSync(logTo);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const gone = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const isReady = (): boolean => {
    const found = readPostmaster(data.cluster);
    return found?.pid === child.pid && found?.ready === true;
  };
  await until(() => gone() || isReady(), START_LIMIT_MS);
  if (!gone() && isReady()) return { child, exited };
  if (!gone()) await shutDown(child.pid!, () => !gone());
  rmSync(socketFolder, { recursive: true, force: true });
  throw didNotStart(readFileSync(logFile, "utf8").slice(-2000));
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

// Reads from a pipe that its owner holds open. A line means "stopped in good order"; its end means that the owner is gone.
const WATCHDOG = `
  read -r word && exit 0
  runs() { [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ]; }
  runs "$1" "$2" && kill -INT "$1"
  while runs "$1" "$2" && kill -0 "$1" 2>/dev/null; do sleep 1; done
  rm -rf "$3"`;

function watch(server: ChildProcess, { cluster, runner }: DataHome, socketFolder: string): ChildProcess {
  const args = ["-c", WATCHDOG, "onething-watchdog", String(server.pid), cluster, socketFolder];
  const watchdog = spawn("/bin/sh", args, {
    ...runAs(runner),
    env: environment(),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.on("error", () => {});
  watchdog.stdin?.on("error", () => {});
  return watchdog;
}

/** Nothing of ours may change the server: no PG* variables, no locale. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
});

function didNotStart(internal: string) {
  return unavailable(
    "database.did_not_start",
    `内置的 PostgreSQL 没有启动：${internal}`,
    `The built-in PostgreSQL did not start: ${internal}`,
    { internal },
  );
}
