// `npm run check`: types, lint and format, contracts, and the laws of the code (docs among them), at once and without a
// database. Each says its piece when it is done; the first line that matters is the last one.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");

const proto = join(root, "proto");
const buf = join(root, "packages/contracts/node_modules/.bin/buf");
/** The commit whose contracts others build against: nothing in them may be taken away from these. */
const landed = readFileSync(join(proto, "landed"), "utf8").trim();
const history = historyWith(landed);

const checks = [
  { name: "lint and format", program: join(bin, "biome"), args: ["check", "--error-on-warnings"] },
  { name: "types", program: join(bin, "tsc"), args: ["-p", ".", "--pretty", "false"] },
  { name: "contracts", program: buf, args: ["lint"], cwd: proto },
  ...(history
    ? [
        {
          name: "contracts keep what others build against",
          program: buf,
          args: ["breaking", "--against", `${history}#ref=${landed},subdir=proto`],
          cwd: proto,
        },
      ]
    : []),
  { name: "laws", program: join(bin, "vitest"), args: ["run", "--project", "laws"] },
];

if (!history)
  process.stdout.write(
    `skipped contracts keep what others build against: commit ${landed} is not here (git fetch --unshallow)\n`,
  );
const results = await Promise.all(checks.map(check));
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
process.stdout.write(failed.length ? `\ncheck failed: ${failed.join(", ")}\n` : "\ncheck passed\n");
process.exitCode = failed.length ? 1 : 0;

/** The repository, where it has that commit; a shallow clone or an unpacked archive has not. */
function historyWith(commit) {
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    git("cat-file", "-e", `${commit}^{commit}`);
    return git("rev-parse", "--path-format=absolute", "--git-common-dir");
  } catch {
    return undefined;
  }
}

function check({ name, program, args, cwd = root }) {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "0" },
  });
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.once("close", (code) => {
      const ok = code === 0;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
      if (!ok) process.stdout.write(Buffer.concat(output));
      resolve({ name, ok });
    });
  });
}
