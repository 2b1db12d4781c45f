import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import {
  acknowledged,
  cleanUp,
  folder,
  kept,
  kill,
  ownerProcess,
  sql,
  start,
  write,
} from "./embedded.fixture.ts";
import { readPostmaster } from "./postmaster.ts";
import { processOf, until } from "./processes.ts";

afterEach(cleanUp);

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
