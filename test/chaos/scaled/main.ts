// `npm run chaos -- [--seed N] [--seconds N] [--json]`: the scaled platform at work while a seeded schedule of faults runs.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EngineMissing } from "@onething/engines/engine";
import { removeData } from "@onething/postgres/data-folder";
import { linesOf } from "./figures.ts";
import { type Outcome, runChaos } from "./run.ts";

const usage = "Usage: npm run chaos -- [--seed N] [--seconds N, at least 20] [--json]";

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string" },
        seconds: { type: "string", default: "180" },
        json: { type: "boolean", default: false },
      },
    });
    const [seed, seconds] = [Number(values.seed ?? Date.now() % 1_000_000), Number(values.seconds)];
    if (!Number.isInteger(seed) || seed < 0 || !(seconds >= 20)) throw new Error(usage);
    return { seed, seconds, json: values.json };
  } catch {
    console.error(usage);
    process.exit(2);
  }
}

const { seed, seconds, json } = readArguments();
const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

const folder = mkdtempSync(join(tmpdir(), "onething-chaos-"));
// PostgreSQL's user passes through.
chmodSync(folder, 0o711);
let passed = false;
try {
  const outcome = await runChaos({ seed, seconds, folder, say, signal: stopping.signal });
  passed = outcome.problems.length === 0;
  if (json) console.log(JSON.stringify(outcome, null, 2));
  tell(outcome);
} catch (error) {
  if (stopping.signal.aborted) say("Stopped before its end.");
  else console.error(error instanceof EngineMissing ? error.message : error);
}
if (passed || stopping.signal.aborted) {
  await removeData(join(folder, "data"));
  rmSync(folder, { recursive: true, force: true });
} else say(`Left for whoever looks: ${folder}`);
process.exit(passed ? 0 : 1);

function tell({ figures, problems, ...outcome }: Outcome): void {
  const repeated = Object.entries(outcome.repeated).map(([why, n]) => `${why} ${n}`);
  say(
    `\n${outcome.cases} cases, ${outcome.acknowledged} acknowledged commands; repeated: ${repeated.join(", ") || "nothing"}`,
  );
  for (const line of linesOf(figures)) say(line);
  say(`drained ${outcome.drainedAfterSeconds.toFixed(1)} s after everything was mended`);
  for (const problem of problems) say(`✗ ${problem}`);
  say(
    problems.length === 0
      ? "All is well: nothing acknowledged is lost, doubled or stuck, and verify finds nothing wrong"
      : `${problems.length} problems. Play it again: npm run chaos -- --seed ${seed} --seconds ${seconds}`,
  );
}
