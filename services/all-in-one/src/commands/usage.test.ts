// Every command as it is typed: help is given and nothing done; what it does not know is refused.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { onething, refused } from "./command.fixture.ts";

/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-usage-"));
  env = { ONETHING_DATA: join(folder, "data"), ONETHING_KAFKA_BROKERS: "127.0.0.1:1" };
});
afterAll(() => rm(folder, { recursive: true }));

const commands =
  "start demo verify migrate topics certs stuck conform rotate-master-key front simulator smoke".split(" ");

test("of every command help is given, and nothing is made or asked", async () => {
  for (const command of commands) {
    const given = command === "certs" ? [command, join(folder, "certs"), "--help"] : [command, "--help"];
    const said = await onething(given, env);
    expect(said, command).toMatchObject({ code: 0, err: "" });
    expect(said.out).toMatch(new RegExp(`^用法 · Usage:\n  onething ${command}\\b.*\n$`));
  }
  expect(await readdir(folder)).toEqual([]);
  const all = await onething(["--help"]);
  expect(all.code).toBe(0);
  for (const command of commands) expect(all.out).toContain(`  onething ${command}`);
});

test("an option or a word that a command does not know is refused with its usage, and nothing is made", async () => {
  for (const command of commands) {
    const said = await onething([command, "--dry-run"], env);
    expect(said, command).toMatchObject({ code: 2, out: "" });
    expect(said.err).toContain(`No such option: --dry-run\n用法 · Usage: onething ${command}`);
  }
  for (const command of ["start", "verify", "migrate", "topics", "front", "simulator"])
    expect(await onething([command, "now"], env), command).toMatchObject({
      ...{ code: 2, out: "" },
      err: expect.stringContaining("Not expected: now"),
    });
  expect(await readdir(folder)).toEqual([]);
});

test("the demo speaks the languages it has", async () => {
  expect(await refused(["demo", "--lang", "fr"], env)).toContain("--lang fr");
  expect(await readdir(folder)).toEqual([]);
});
