// What the root scripts call: `node deploy/run.mjs <task> [arguments]`. Plain JavaScript for whatever Node the machine has;
// it does the set-up, then hands the task to the pinned Node. Standard output belongs to the task alone.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { pinnedNode, pnpmCommand, root, SetUpFailure, setUp } from "./set-up.mjs";

const platform = (...verb) => ({ file: "services/all-in-one/src/main.ts", args: verb });

/** Each task is a file for the pinned Node, or a command. */
const tasks = {
  start: platform("start"),
  demo: platform("demo"),
  verify: platform("verify"),
  /** Any command of it: `npm run onething -- topics`. */
  onething: platform(),
  test: { file: "node_modules/vitest/vitest.mjs", args: ["run"] },
  bench: { file: "test/bench/main.ts", args: [] },
  chaos: { file: "test/chaos/scaled/main.ts", args: [] },
  simulate: { file: "test/simulate/main.ts", args: [] },
  check: { file: "deploy/check.mjs", args: [] },
  build: { command: () => pnpmCommand(["exec", "turbo", "run", "generate", "build"]) },
};

async function main([name, ...args]) {
  if (Number(process.versions.node.split(".")[0]) < 20) throw new SetUpFailure("Node 20 or later is needed.");
  if (name !== "set-up" && !Object.hasOwn(tasks, name ?? "")) {
    throw new SetUpFailure(
      `Usage: node deploy/run.mjs <${["set-up", ...Object.keys(tasks)].join(" | ")}> [arguments]`,
    );
  }
  await setUp();
  return name === "set-up" ? 0 : run(tasks[name], args);
}

function run({ file, args = [], command }, more) {
  const [program, ...own] = command
    ? command()
    : [
        pinnedNode(),
        "--import",
        pathToFileURL(join(root, "deploy/task.mjs")).href,
        join(root, file),
        ...args,
      ];
  const PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(program, [...own, ...more], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH, TURBO_TELEMETRY_DISABLED: "1" },
  });
  const stopWatching = passSignals(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      stopWatching();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * The task hears each signal once. At a terminal Ctrl-C reaches the whole group, so it is not sent a second time; and
 * where npm was killed outright, nobody is left to tell us, so we look.
 */
function passSignals(child) {
  const sent = new Set();
  const send = (signal) => {
    if (sent.has(signal)) return;
    sent.add(signal);
    child.kill(signal);
  };
  process.on("SIGINT", () => process.stdin.isTTY || send("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => send(signal));

  const orphaned = process.env.npm_lifecycle_event === undefined ? () => false : watchNpm();
  const look = setInterval(() => orphaned() && send("SIGTERM"), 100);
  return () => clearInterval(look);
}

/** npm runs its scripts in a shell, which outlives it: so the shell's parent counts too. */
function watchNpm() {
  const parent = process.ppid;
  const shell = processOf(parent)?.name.endsWith("sh") ? processOf(parent) : undefined;
  return () => process.ppid !== parent || (shell && processOf(parent)?.parent !== shell.parent);
}

/** Name and parent of a process where the system tells (Linux). */
function processOf(pid) {
  try {
    const [, name, parent] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"));
    return { name, parent };
  } catch {
    return undefined;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    // Handlers of signals are no reason to stay.
    process.exit();
  },
  (error) => {
    process.stderr.write(`${error instanceof SetUpFailure ? error.message : (error?.stack ?? error)}\n`);
    process.exit(1);
  },
);
