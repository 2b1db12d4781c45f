import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { binariesFor, installed } from "./binaries.ts";
import { createTemporaryData, holdsData, removeData, runningUrl } from "./data-folder.ts";
import { type EmbeddedServer, startEmbedded } from "./embedded.ts";
import { readPostmaster } from "./postmaster.ts";
import { processOf, until } from "./processes.ts";
import { runAs, runnerFor } from "./runner.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function folder(): Promise<string> {
  const path = await createTemporaryData("onething-embedded-");
  cleanups.push(() => removeData(path));
  return path;
}

async function start(dataDirectory: string, log?: (line: string) => void): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDirectory, log });
  cleanups.push(server.stop);
  return server;
}

async function sql<R>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const write = (url: string) =>
  sql(url, "create table kept (what text); insert into kept values ('acknowledged')");
const kept = (url: string) => sql<{ what: string }>(url, "select what from kept");
const acknowledged = [{ what: "acknowledged" }];

const EMBEDDED = JSON.stringify(pathToFileURL(join(import.meta.dirname, "embedded.ts")).href);
const OWNER = `
  import { startEmbedded } from ${EMBEDDED};
  const server = await startEmbedded({ dataDirectory: process.argv[1] }).catch((error) => ({ url: error.reason }));
  console.log(server.url);
  setInterval(() => {}, 1000);`;

/** Another onething process: what it says is the URL of its server, or the reason why it has none. */
async function ownerProcess(dataDirectory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", OWNER, dataDirectory], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  cleanups.push(() => kill(child));
  const [said] = await once(child.stdout!, "data");
  return { child, said: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid!, "SIGKILL");
  await gone;
}

test("data outlives a stop and a start, on a socket only and with every durability setting on", async () => {
  const data = await folder();
  expect(holdsData(data)).toBe(false);
  const first = await start(data);
  expect(first.firstStart).toBe(true);
  await write(first.url);
  await first.stop();
  expect(holdsData(data)).toBe(true);

  const second = await start(data);
  expect(second.firstStart).toBe(false);
  expect(await kept(second.url)).toEqual(acknowledged);
  const settings = await sql<{ name: string; setting: string }>(
    second.url,
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses')`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    listen_addresses: "",
  });
  expect(statSync(second.dataDirectory).mode & 0o777).toBe(0o700);
  const socketFolder = new URL(second.url).searchParams.get("host")!;
  expect(statSync(socketFolder).mode & 0o007).toBe(0);
  await second.stop();
  expect(existsSync(socketFolder)).toBe(false);
});

test("text is UTF-8 and sorts the same on every machine", async () => {
  const { url } = await start(await folder());
  const [row] = await sql(
    url,
    "select upper('é') as upper, length('一件事') as length, 'B' < 'a' as bytewise",
  );
  expect(row).toEqual({ upper: "É", length: 3, bytewise: true });
});

test("a refused statement leaves no personal data in the server's log", async () => {
  const data = await folder();
  const { url } = await start(data);
  await sql(
    url,
    "create table person (number text primary key); insert into person values ('430999200001010019')",
  );
  await expect(sql(url, "insert into person values ('430999200001010019')")).rejects.toMatchObject({
    code: "23505",
  });
  const log = readFileSync(join(data, "postgres.log"), "utf8");
  expect(log).toContain("duplicate key");
  expect(log).not.toContain("430999");
});

describe("one owner at a time", () => {
  test("a second start on the same folder is refused in words, here and in another process, and works after a stop", async () => {
    const data = await folder();
    const first = await start(data);
    const refused = startEmbedded({ dataDirectory: data });
    await expect(refused).rejects.toMatchObject({ code: "conflict", reason: "data.in_use" });
    await expect(refused).rejects.toThrow(`pid ${process.pid}`);
    expect((await ownerProcess(data)).said).toBe("data.in_use");
    expect(runningUrl(data)).toBe(first.url);
    await expect(removeData(data)).rejects.toMatchObject({ reason: "data.in_use" });
    await first.stop();
    expect(runningUrl(data)).toBeUndefined();
    await start(data);
  });

  test("of several processes that start at once on what a killed one left, exactly one gets it", async () => {
    const data = await folder();
    await (await start(data)).stop();
    const dead = await ownerProcess(data);
    await kill(dead.child);
    const answers = await Promise.all(Array.from({ length: 4 }, () => ownerProcess(data)));
    expect(answers.filter(({ said }) => said === "data.in_use")).toHaveLength(3);
  });

  test("a process number that was handed out again does not lock the folder", async () => {
    const data = await folder();
    await (await start(data)).stop();
    writeFileSync(join(data, "owner.json"), JSON.stringify({ pid: process.ppid, started: "long ago" }));
    await (await start(data)).stop();
    writeFileSync(join(data, "owner.json"), '{"pid": 1');
    await start(data);
  });
});

describe("after a kill -9", () => {
  test("of the owner's whole process group, the server shuts down by itself and leaves no socket", async () => {
    const data = await folder();
    const owner = await ownerProcess(data);
    await write(owner.said);
    const { pid, socketFolder } = readPostmaster(join(data, "cluster"))!;
    await kill(owner.child);
    expect(await until(() => !processOf(pid) && !existsSync(socketFolder), 20_000)).toBe(true);
    expect(readPostmaster(join(data, "cluster"))).toBeUndefined();
    expect(await kept((await start(data)).url)).toEqual(acknowledged);
  });

  test("of the owner, a start at the same moment goes on with the data", async () => {
    const data = await folder();
    for (let round = 0; round < 3; round++) {
      const owner = await ownerProcess(data);
      if (round === 0) await write(owner.said);
      await kill(owner.child);
      const next = await start(data);
      expect(await kept(next.url)).toEqual(acknowledged);
      await next.stop();
    }
  });

  test("of the server, its owner is told and the next start recovers what was acknowledged", async () => {
    const data = await folder();
    const first = await start(data);
    await write(first.url);
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    await first.stop();
    expect(await kept((await start(data)).url)).toEqual(acknowledged);
  });

  test("of the server with a backend left over, the next start waits until that one has let go", async () => {
    const data = await folder();
    const first = await start(data);
    await write(first.url);
    const client = new pg.Client({ connectionString: first.url });
    client.on("error", () => {});
    await client.connect();
    const [backend] = (await client.query("select pg_backend_pid() as pid")).rows;
    process.kill(backend.pid, "SIGSTOP");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    await first.stop();

    let started = false;
    const next = start(data).then((server) => {
      started = true;
      return server;
    });
    await until(() => started, 500);
    expect(started).toBe(false);
    process.kill(backend.pid, "SIGCONT");
    expect(await kept((await next).url)).toEqual(acknowledged);
    await client.end().catch(() => {});
  });

  test("in the middle of the first start, the next one begins anew", async () => {
    const data = await folder();
    mkdirSync(join(data, "cluster.new-half"));
    writeFileSync(join(data, "cluster.new-half", "PG_VERSION"), "18\n");
    expect((await start(data)).firstStart).toBe(true);
    expect(readdirSync(data).filter((name) => name.startsWith("cluster"))).toEqual(["cluster"]);
  });
});

describe("a postmaster.pid that is no longer true", () => {
  async function startedWith(pid: number): Promise<string[]> {
    const data = await folder();
    const first = await start(data);
    await write(first.url);
    const file = join(first.dataDirectory, "postmaster.pid");
    const [, ...rest] = readFileSync(file, "utf8").split("\n");
    await first.stop();
    writeFileSync(file, [pid, ...rest].join("\n"));
    const said: string[] = [];
    expect(await kept((await start(data, (line) => said.push(line))).url)).toEqual(acknowledged);
    return said;
  }

  test("names a zombie", async () => {
    // The parent becomes a program that never asks after its child, so the killed child stays in the process table.
    const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 61"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [said] = await once(parent.stdout, "data");
    const zombie = Number(said);
    const replaced = () => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim() === "sleep";
    expect(await until(replaced, 5_000)).toBe(true);
    process.kill(zombie, "SIGKILL");
    const dead = () => /^State:\s+Z/m.test(readFileSync(`/proc/${zombie}/status`, "utf8"));
    expect(await until(dead, 5_000)).toBe(true);
    expect(await startedWith(zombie)).toEqual([`a stale postmaster.pid (pid ${zombie}) was removed`]);
    expect(existsSync(`/proc/${zombie}`)).toBe(true);
    parent.kill();
  });

  test("names a live process that is no server", async () => {
    expect(await startedWith(process.pid)).toEqual([
      `a stale postmaster.pid (pid ${process.pid}) was removed`,
    ]);
  });

  test("names a live server of another folder, which is left alone", async () => {
    const other = await start(await folder());
    await startedWith(other.pid);
    expect(await sql(other.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("names a process that is gone", async () => {
    const child = spawn("true");
    await once(child, "exit");
    await startedWith(child.pid!);
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  test("the server runs as another user, in the folder itself where that user can reach it", async () => {
    const data = join(await folder(), "with space 数据", "inner");
    const server = await start(data);
    expect(server.note).toBeUndefined();
    expect(server.dataDirectory).toBe(join(data, "cluster"));
    expect(statSync(server.dataDirectory).uid).not.toBe(0);
    await server.stop();
  });

  test("under a 0700 parent with a space and Chinese in its path, the data moves, says so, and is found again", async () => {
    const home = mkdtempSync(join(tmpdir(), "onething home 家 "));
    const data = join(home, "我的 data");
    cleanups.push(async () => rmSync(home, { recursive: true }));
    const first = await start(data);
    expect(first.note).toContain(data);
    expect(first.note).toContain(first.dataDirectory.replace(/\/cluster$/, ""));
    expect(statSync(home).mode & 0o777).toBe(0o700);
    await write(first.url);
    expect(runningUrl(data)).toBe(first.url);
    await expect(startEmbedded({ dataDirectory: data })).rejects.toMatchObject({ reason: "data.in_use" });
    await first.stop();

    const second = await start(data);
    expect(second.dataDirectory).toBe(first.dataDirectory);
    expect(second.note).toBe(first.note);
    expect(await kept(second.url)).toEqual(acknowledged);
    await second.stop();

    await removeData(data);
    expect(existsSync(first.dataDirectory)).toBe(false);
    const anew = await start(data);
    expect(anew.firstStart).toBe(true);
    await anew.stop();
    await removeData(data);
  });

  test("programs under a 0700 checkout are copied once to where that user can run them", async () => {
    const checkout = mkdtempSync(join(tmpdir(), "onething checkout 检出 "));
    const native = join(checkout, "native");
    cpSync(installed().native, native, { recursive: true, verbatimSymlinks: true });
    const version = `18-test-${process.pid}`;
    const runner = runnerFor(join(checkout, "no cluster yet"))!;
    const { postgres } = binariesFor(runner, { native, version });
    expect(postgres).toContain(`/onething/postgres-${version}-`);
    const said = execFileSync(postgres, ["--version"], { encoding: "utf8", ...runAs(runner) });
    expect(said).toContain("(PostgreSQL) 18.");
    chmodSync(checkout, 0o755);
    expect(binariesFor(runner, { native, version }).postgres).toBe(join(native, "bin", "postgres"));
    rmSync(checkout, { recursive: true });
    rmSync(join(postgres, "..", ".."), { recursive: true });
  });
});
