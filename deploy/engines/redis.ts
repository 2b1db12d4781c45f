// A real Redis for tests and for a scaled demo: the one that REDIS_URL names; else in a container; else a server process
// of ours, from the machine or from the distribution's packages in the project's cache. It keeps nothing on disk.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort, hasEnded, watch } from "./child.ts";
import { unpackedPackages } from "./debian.ts";
import { fromContainer } from "./docker.ts";
import { type Engine, EngineMissing } from "./engine.ts";

export interface RedisOptions {
  /** Where it listens; a free port unless one is named. */
  port?: number;
  /** Only a process of ours will do, which may be paused and killed. */
  own?: boolean;
  env?: NodeJS.ProcessEnv;
}

interface Program {
  file: string;
  env: NodeJS.ProcessEnv;
  how: string;
}

const MEND = "install redis-server, start Docker, or set REDIS_URL=redis://host:port";
const IMAGE = "redis:8.2.1-alpine";
const START_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 2_000;
const STARTS = 3;

/** Small, forgetful, and for this machine only. */
const settings = [
  ...["--save", "", "--appendonly", "no"],
  ...["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"],
];

export async function findRedis(options: RedisOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  if (!options.own && env.REDIS_URL) return named(env.REDIS_URL);
  const contained = options.own
    ? "it must be a process of our own"
    : await fromContainer(inContainer(options.port));
  if (typeof contained !== "string") return contained;
  const program = (await installed(env)) ?? (await unpacked(contained));
  return startProcess(program, options.port);
}

async function named(url: string): Promise<Engine> {
  const { hostname, port, protocol } = new URL(url);
  const answers = protocol === "redis:" ? await answersPing(Number(port || 6379), hostname) : true;
  if (answers) return { url, how: "Redis: the one REDIS_URL names", stop: async () => {} };
  throw new EngineMissing(
    `The Redis that REDIS_URL names (${hostname}:${port}) does not answer.`,
    "start it, or unset REDIS_URL",
  );
}

const inContainer =
  (port?: number) =>
  async ({ GenericContainer }: typeof import("testcontainers")): Promise<Engine> => {
    const container = await new GenericContainer(IMAGE)
      .withCommand(["redis-server", ...settings, "--protected-mode", "no"])
      .withExposedPorts(port ? { container: 6379, host: port } : 6379)
      .start();
    return {
      url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
      how: `Redis: ${IMAGE} in a container`,
      stop: async () => void (await container.stop()),
    };
  };

async function installed(env: NodeJS.ProcessEnv): Promise<Program | undefined> {
  try {
    const { stdout } = await promisify(execFile)("redis-server", ["--version"], { env });
    return {
      file: "redis-server",
      env,
      how: `Redis: this machine's, ${/v=\S+/.exec(stdout)?.[0] ?? "redis-server"}`,
    };
  } catch {
    return undefined;
  }
}

async function unpacked(noContainer: string): Promise<Program> {
  const program = "usr/bin/redis-server";
  try {
    const found = await unpackedPackages({
      name: "redis",
      packages: ["redis-server"],
      probe: [program, "--version"],
      mend: MEND,
    });
    return { file: join(found.root, program), env: found.env, how: `Redis: ${found.how}` };
  } catch (error) {
    if (!(error instanceof EngineMissing)) throw error;
    throw new EngineMissing(`No Redis: ${noContainer}; no redis-server in PATH; ${error.reason}`, MEND);
  }
}

/** Another process may take the free port before the server does: then the next one. */
async function startProcess(program: Program, port?: number): Promise<Engine> {
  for (let start = 1; ; start++) {
    const folder = mkdtempSync(join(tmpdir(), "onething-redis-"));
    const engine = await launch(program, port ?? (await freePort()), folder);
    if (typeof engine !== "string") return engine;
    rmSync(folder, { recursive: true, force: true });
    if (port !== undefined || start === STARTS)
      throw new EngineMissing(`Redis did not start: ${engine}.`, MEND);
  }
}

async function launch({ file, env, how }: Program, port: number, folder: string): Promise<Engine | string> {
  const log = join(folder, "redis.log");
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--logfile", log];
  const child = spawn(file, [...where, ...settings], {
    env: { PATH: process.env.PATH, ...env },
    detached: true,
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  for (const end = Date.now() + START_LIMIT_MS; !hasEnded(child) && Date.now() < end; await sleep(20)) {
    if (!(await answersPing(port)) || hasEnded(child)) continue;
    watch(child, folder);
    const stop = async () => {
      child.ref();
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    };
    return { url: `redis://127.0.0.1:${port}`, how, pid: child.pid!, stop };
  }
  child.kill("SIGKILL");
  return readLog(log);
}

function readLog(file: string): string {
  try {
    return readFileSync(file, "utf8").trim().split("\n").slice(-3).join(" · ");
  } catch {
    return "it wrote nothing";
  }
}

/** Redis' oldest form of a command, so that the search needs no client. */
function answersPing(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => end(false));
    socket.once("error", () => end(false));
    socket.once("connect", () => socket.write("PING\r\n"));
    // One that asks for a password first has answered, too.
    socket.once("data", (data) => end(/^(\+PONG|-NOAUTH)/.test(data.toString())));
  });
}
