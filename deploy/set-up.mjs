// Everything a task needs, once: the pinned tools from the lock file, and the code generated from proto/. A stamp says
// what was done, so that the usual start costs a few milliseconds; a lock lets two first starts wait for one another.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./set-up-lock.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** A failure that people read as it is, without a stack. */
export class SetUpFailure extends Error {}

const stampFile = join(root, "node_modules", ".onething-setup");

export const pinnedNode = () => join(root, "node_modules", "node", "bin", "node");

/** pnpm in the version that package.json names, through npm's own runner: nothing has to be installed for it. */
export function pnpmCommand(args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return ["npx", "--yes", packageManager, ...args];
}

export async function setUp() {
  if (missing().length === 0) return;
  await withLock(join(root, ".cache"), say, async () => {
    for (const step of missing()) {
      await step.run();
      writeStamp({ ...readStamp(), [step.name]: step.wanted() });
    }
  });
}

const steps = [
  {
    name: "install",
    wanted: () =>
      hashOf(
        ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"],
        `${process.platform} ${process.arch}`,
      ),
    there: () => existsSync(pinnedNode()),
    run: install,
  },
  {
    name: "generate",
    wanted: () => hashOf(["pnpm-lock.yaml", "packages/contracts/generate.ts", ...filesIn("proto")]),
    there: () => existsSync(join(root, "packages/contracts/gen/descriptors.binpb")),
    run: generate,
  },
];

function missing() {
  const stamp = readStamp();
  return steps.filter((step) => !step.there() || stamp[step.name] !== step.wanted());
}

async function install() {
  say(
    existsSync(pinnedNode())
      ? "Installing what changed…"
      : "First run: installing pinned tools (about a minute)…",
  );
  const [program, ...args] = pnpmCommand([
    "install",
    "--frozen-lockfile",
    "--config.confirmModulesPurge=false",
  ]);
  if ((await quietly(program, args)) === 0 && existsSync(pinnedNode())) return;
  throw new SetUpFailure(
    [
      "The pinned tools could not be installed; what pnpm said stands above.",
      "Is the npm registry reachable (proxy, `npm config get registry`)? Then run the same command again.",
      "依赖未能安装（原因见上）。请检查网络、代理或 npm 源，然后重新执行同一命令。",
    ].join("\n"),
  );
}

async function generate() {
  say("Generating code from proto/…");
  if ((await quietly(pinnedNode(), [join(root, "packages/contracts/generate.ts")])) === 0) return;
  throw new SetUpFailure("Code could not be generated from proto/; the reason stands above.");
}

/** All output goes to standard error. */
function quietly(program, args) {
  const PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", 2, 2], env: { ...process.env, PATH } });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      say(`${program}: ${error.message}`);
      resolve(127);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

const say = (line) => process.stderr.write(`${line}\n`);

function hashOf(files, ...more) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  for (const one of more) hash.update(`${one}\0`);
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .sort();
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

function writeStamp(stamp) {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(`${stampFile}.${process.pid}`, JSON.stringify(stamp));
  renameSync(`${stampFile}.${process.pid}`, stampFile);
  rmSync(`${stampFile}.${process.pid}`, { force: true });
}
