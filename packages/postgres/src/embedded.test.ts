import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { binariesFor, installed } from "./binaries.ts";
import { holdsData, removeData, runningUrl } from "./data-folder.ts";
import {
  acknowledged,
  cleanUp,
  cleanups,
  folder,
  kept,
  kill,
  ownerProcess,
  sql,
  start,
  write,
} from "./embedded.fixture.ts";
import { startEmbedded } from "./embedded.ts";
import { runAs, runnerFor } from "./runner.ts";

afterEach(cleanUp);

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
