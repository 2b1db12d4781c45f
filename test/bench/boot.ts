// Cold start: from the spawn of the all-in-one process on a folder with data to its first good answers, over what nobody
// can do without: a start of the same PostgreSQL on the same folder, and of Node.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { openDatabase } from "@onething/postgres/database";
import { startEmbedded } from "@onething/postgres/embedded";
import { type Figure, figure, type Round } from "./figures.ts";
import type { Bench } from "./main.ts";
import { openFolder } from "./server.ts";

const ROUNDS = 3;
const PATIENCE_MS = 120_000;
const LOOK_MS = 5;
const main = join(import.meta.dirname, "../../services/all-in-one/src/main.ts");

export const bootBench: Bench = async ({ log }) => {
  const { data, remove } = await openFolder();
  try {
    const first = await start(data);
    const token = await signIn(first.url);
    await stop(first.child);
    const rounds: Round[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      const bare = (await timed(() => bareNode())) + (await barePostgres(data));
      const began = performance.now();
      const { child, url } = await start(data);
      await untilGood(`${url}/api/v1/cases`, token, child);
      const whole = performance.now() - began;
      await stop(child);
      rounds.push({ value: whole / 1000, over: bare / 1000 });
      log(`round ${i}: ${Math.round(whole)} ms, bare ${Math.round(bare)} ms`);
    }
    return figures(rounds);
  } finally {
    await remove();
  }
};

const figures = (rounds: Round[]): Figure[] => [
  figure(
    {
      name: "boot: cold start on a folder with data, to /readyz and one answer of the API",
      unit: "s",
      aim: "≤ 5 s",
    },
    rounds,
    {
      name: "bare start of the same PostgreSQL on the same folder, and of Node",
      unit: "s",
      by: "embedded server, node",
    },
  ),
];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function bareNode(): Promise<void> {
  await once(spawn(process.execPath, ["--eval", "0"], { stdio: "ignore" }), "exit");
}

/** Until it answers a query; its stop is not counted. */
async function barePostgres(dataDirectory: string): Promise<number> {
  const began = performance.now();
  const server = await startEmbedded({ dataDirectory });
  const db = openDatabase({ url: server.url, schema: "public", max: 1 });
  await db.query("select 1");
  const took = performance.now() - began;
  await db.close();
  await server.stop();
  return took;
}

async function start(data: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [main, "start"], {
    env: {
      ...process.env,
      ONETHING_DATA: data,
      ONETHING_PORT: String(port),
      ONETHING_GRPC_PORT: String(await freePort()),
    },
    stdio: ["ignore", "ignore", 2],
  });
  const url = `http://127.0.0.1:${port}`;
  process.once("exit", () => child.kill());
  await untilGood(`${url}/readyz`, undefined, child);
  return { child, url };
}

async function untilGood(url: string, token: string | undefined, child: ChildProcess): Promise<void> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    if (child.exitCode !== null)
      throw new Error(`the platform ended with ${child.exitCode}; its words are above`);
    const response = await fetch(url, { headers }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${url} gave no good answer`);
}

/** The sample city's first citizen; the key that signs stays in the folder, so the token is good after a restart. */
async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "bench-boot" },
    body: JSON.stringify({ username: "mother", password: "onething" }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
