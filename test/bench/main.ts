// `npm run bench -- [journal|http|boot|scaled|kafka|timers] [--json] [--profile]`: ratios to a yardstick of the same run. See README.md.
import { bootBench } from "./boot.ts";
import { type Figure, print } from "./figures.ts";
import { httpBench } from "./http.ts";
import { journalBench } from "./journal.ts";
import { kafkaBench } from "./kafka.ts";
import { printSummary, profiled } from "./profile.ts";
import { scaledBench } from "./scaled.ts";
import { timersBench } from "./timers.ts";

export interface BenchOptions {
  /** Says how it goes; never on standard output. */
  log(line: string): void;
  /** Runs the loaded part, profiled if that was asked for. */
  profile<T>(work: () => Promise<T>): Promise<T>;
}

export type Bench = (options: BenchOptions) => Promise<Figure[]>;

const benches: Record<string, Bench> = {
  journal: journalBench,
  http: httpBench,
  boot: bootBench,
  scaled: scaledBench,
  kafka: kafkaBench,
  timers: timersBench,
};

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith("--"));
const flags = new Set(args.filter((arg) => arg.startsWith("--")));
const unknown = [
  ...names.filter((name) => !Object.hasOwn(benches, name)),
  ...[...flags].filter((flag) => !["--json", "--profile"].includes(flag)),
];
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(" ")}\nUsage: npm run bench -- [${Object.keys(benches).join("|")}] [--json] [--profile]`,
  );
  process.exit(2);
}

const log = (line: string) => console.error(`  ${line}`);
const options: BenchOptions = {
  log,
  profile: async (work) => {
    if (!flags.has("--profile")) return work();
    const { result, summary } = await profiled(work);
    console.error(printSummary(summary));
    return result;
  },
};

const figures: Figure[] = [];
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  console.error(name);
  const found = await benches[name]!(options);
  figures.push(...found);
  if (!flags.has("--json")) console.log(print(found));
}
if (flags.has("--json")) console.log(JSON.stringify(figures, null, 2));
process.exit(0);
