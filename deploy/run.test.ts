// deploy/run.mjs in a small checkout of its own, with an `npx` that writes down what it was asked for instead of
// installing. That the real install works is what a fresh clone shows in .ci/run.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";

const NPX = `#!/bin/sh
echo "$@" >> installs.log
echo "noise of an install"
[ -e fail ] && exit 1
mkdir -p node_modules/node/bin
ln -sf "${process.execPath}" node_modules/node/bin/node
`;

const GENERATE = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
appendFileSync("generated.log", "once\\n");
console.log("noise of a generator");
mkdirSync("packages/contracts/gen", { recursive: true });
writeFileSync("packages/contracts/gen/descriptors.binpb", "");
`;

const MAIN = `
import { appendFileSync } from "node:fs";
const [verb, ...args] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => {
  appendFileSync("signals.log", signal + "\\n");
  setTimeout(() => process.exit(7), 300);
});
console.log(JSON.stringify({ verb, args, cwd: process.cwd(), node: process.execPath }));
if (verb === "start") setInterval(() => {}, 1000);
if (verb === "verify") process.exitCode = 3;
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "onething checkout 检出 "));
  for (const folder of ["deploy", "bin", "proto/v1", "packages/contracts", "services/all-in-one/src"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const file of ["run.mjs", "set-up.mjs", "set-up-lock.mjs", "task.mjs"]) {
    copyFileSync(join(import.meta.dirname, file), join(root, "deploy", file));
  }
  write("package.json", '{ "type": "module", "packageManager": "pnpm@1.2.3" }');
  write("pnpm-lock.yaml", "first");
  write("pnpm-workspace.yaml", "");
  write("proto/v1/a.proto", "first");
  write("packages/contracts/generate.ts", GENERATE);
  write("services/all-in-one/src/main.ts", MAIN);
  write("bin/npx", NPX);
  chmodSync(join(root, "bin", "npx"), 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, content: string) => writeFileSync(join(root, file), content);

function lines(file: string): string[] {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8").trim().split("\n") : [];
}

function begin(...args: string[]): ChildProcess {
  const env = {
    ...process.env,
    PATH: `${join(root, "bin")}:${process.env.PATH}`,
    npm_lifecycle_event: undefined,
  };
  return spawn(process.execPath, [join(root, "deploy", "run.mjs"), ...args], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(...args: string[]) {
  const child = begin(...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { stdout, stderr, code };
}

/** A started task, after it has said its first line. */
async function started(): Promise<ChildProcess> {
  const child = begin("start");
  await once(child.stdout!, "data");
  return child;
}

test("the first run installs with the pinned pnpm and generates; standard output is the task's alone", async () => {
  const first = await run("demo", "--json", "two words");
  expect(JSON.parse(first.stdout)).toMatchObject({ verb: "demo", args: ["--json", "two words"], cwd: root });
  expect(first.code).toBe(0);
  expect(first.stderr).toContain("First run: installing pinned tools");
  expect(first.stderr).toContain("noise of an install");
  expect(lines("installs.log")).toEqual([
    expect.stringMatching(/^--yes pnpm@1\.2\.3 install --frozen-lockfile/),
  ]);
  expect(lines("generated.log")).toHaveLength(1);
});

test("any command of the platform runs the same way, set up and on the pinned Node", async () => {
  const said = await run("onething", "stuck", "show", "case/1@2");
  expect(said.code).toBe(0);
  expect(JSON.parse(said.stdout)).toMatchObject({ verb: "stuck", args: ["show", "case/1@2"], cwd: root });
  expect(lines("installs.log")).toHaveLength(1);
});

test("later runs set up nothing, or only what changed", async () => {
  await run("demo");
  expect((await run("demo")).stderr).toBe("");
  write("proto/v1/a.proto", "second");
  await run("demo");
  expect([lines("installs.log").length, lines("generated.log").length]).toEqual([1, 2]);
  write("pnpm-lock.yaml", "second");
  await run("demo");
  expect(lines("installs.log")).toHaveLength(2);
  rmSync(join(root, "packages/contracts/gen"), { recursive: true });
  await run("demo");
  expect(existsSync(join(root, "packages/contracts/gen/descriptors.binpb"))).toBe(true);
});

test("of several first runs at once one installs, and all go on", async () => {
  const runs = await Promise.all([run("demo"), run("demo"), run("demo")]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect([lines("installs.log").length, lines("generated.log").length]).toEqual([1, 1]);
});

test("what a killed set-up left does not hold up the next", async () => {
  mkdirSync(join(root, ".cache"));
  write(".cache/set-up.lock", "999999999");
  expect((await run("demo")).code).toBe(0);
  rmSync(join(root, "node_modules"), { recursive: true });
  write(".cache/set-up.lock", String(process.pid));
  const old = new Date(Date.now() - 60_000);
  utimesSync(join(root, ".cache/set-up.lock"), old, old);
  expect((await run("demo")).code).toBe(0);
});

test("an install that fails says what to do, in words, and is tried again", async () => {
  write("fail", "");
  const failed = await run("demo", "--json");
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toContain("Is the npm registry reachable");
  expect(failed.stderr).toContain("依赖未能安装");
  expect(failed.stderr).not.toMatch(/^\s+at /m); // no stack
  rmSync(join(root, "fail"));
  expect((await run("demo")).code).toBe(0);
});

test("the task's exit code is passed on, and an unknown task is named", async () => {
  expect((await run("verify")).code).toBe(3);
  expect(await run("toString")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("Usage:"),
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s reaches the task once, which ends in its own time",
  async (signal) => {
    const child = await started();
    child.kill(signal);
    child.kill(signal);
    const [code] = await once(child, "exit");
    expect(code).toBe(7);
    expect(lines("signals.log")).toEqual([signal]);
  },
);

test("a signal to the whole group, which the task hears twice, does not kill it half-way", async () => {
  const child = await started();
  process.kill(-child.pid!, "SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(7);
  expect(lines("signals.log")).toEqual(["SIGINT"]);
});

test("a task that handles no signal ends on the first", async () => {
  write("services/all-in-one/src/main.ts", "console.log(1); setInterval(() => {}, 1000);");
  const child = await started();
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
});

test("a starter that is killed outright takes its task along", async () => {
  const child = await started();
  child.kill("SIGKILL");
  await once(child, "close"); // the task held the same standard output, so it is gone too
  expect(lines("signals.log")).toEqual(["SIGTERM"]);
});

test("npm that is killed outright takes the task along, though the shell between them lives on", async () => {
  await run("demo");
  const env = {
    ...process.env,
    PATH: `${join(root, "bin")}:${process.env.PATH}`,
    npm_lifecycle_event: "start",
  };
  const command = `"${process.execPath}" "${join(root, "deploy", "run.mjs")}" start; true`;
  const npm = spawn("sh", ["-c", `sh -c '${command}'; true`], { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(npm.stdout, "data");
  npm.kill("SIGKILL");
  await once(npm, "close");
  expect(lines("signals.log")).toEqual(["SIGTERM"]);
});
