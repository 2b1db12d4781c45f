// K: how many durable single-row inserts a second the same PostgreSQL takes at 16 connections, over six, the commits of
// a five-task case that commits each step. Measured from another process, by pgbench where there is one.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);

export const STEPS = 6;
const COLUMNS = "insert into public.bench_row (a, b, c)";
const BODY = "x".repeat(100);

export interface Inserter {
  /** `pgbench …`, or the name of our own client. */
  by: string;
  /** Inserts a second. */
  rate(connections: number, seconds: number): Promise<number>;
  close(): Promise<void>;
}

export async function openInserter(url: string): Promise<Inserter> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop table if exists public.bench_row;
    create table public.bench_row (id bigint generated always as identity primary key, a bigint, b int, c text)`);
  await client.end();
  const pgbench = findPgbench();
  return pgbench ? usePgbench(pgbench, url) : useClient(url);
}

const findPgbench = (): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "pgbench"))
    .find((file) => existsSync(file));

async function usePgbench(pgbench: string, url: string): Promise<Inserter> {
  const folder = await mkdtemp(join(tmpdir(), "onething-pgbench-"));
  const script = join(folder, "insert.sql");
  await writeFile(script, `\\set a random(1, 1000000000)\n${COLUMNS} values (:a, 1, '${BODY}');\n`);
  const { stdout: version } = await run(pgbench, ["--version"]);
  return {
    by: version.trim(),
    rate: async (connections, seconds) => {
      const threads = Math.min(connections, 2);
      const { stdout } = await run(pgbench, [
        ...["-n", "-M", "prepared", "-f", script, "-T", String(seconds)],
        ...["-c", String(connections), "-j", String(threads), url],
      ]);
      const found = /^tps = ([\d.]+)/m.exec(stdout);
      if (!found) throw new Error(`pgbench said nothing of tps:\n${stdout}`);
      return Number(found[1]);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

async function useClient(url: string): Promise<Inserter> {
  const script = join(import.meta.dirname, "insert-client.ts");
  return {
    by: "own client (no pgbench in PATH)",
    rate: async (connections, seconds) => {
      const args = [
        script,
        url,
        String(connections),
        String(seconds),
        `${COLUMNS} values ($1, 1, '${BODY}')`,
      ];
      const { stdout } = await run(process.execPath, args);
      return Number(stdout);
    },
    close: async () => {},
  };
}
