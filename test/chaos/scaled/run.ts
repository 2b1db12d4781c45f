// One run: the stage, the load, the schedule's faults, the verdict.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { topicNames } from "@onething/events/kafka/topics";
import { randomBy } from "../random.ts";
import { type Done, type Figures, figuresOf } from "./figures.ts";
import { judge } from "./judge.ts";
import { startLoad } from "./load.ts";
import { drawSchedule, type Fault, lineOf, type Schedule } from "./schedule.ts";
import { type Stage, setStage } from "./stage.ts";
import { strike } from "./strike.ts";
import { type Supervisor, supervise } from "./supervisor.ts";

export interface RunOptions {
  seed: number;
  seconds: number;
  /** A folder of the run's own. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

export interface Outcome {
  seed: number;
  seconds: number;
  faults: (Fault & { mendedAfterMs: number; said: string })[];
  figures: Figures;
  cases: number;
  acknowledged: number;
  /** Attempts that clients had to repeat, by why. */
  repeated: Record<string, number>;
  /** Processes that left, or did not start, without being told to. */
  unasked: string[];
  problems: string[];
  drainedAfterSeconds: number;
}

type Struck = Done & { fault: Fault; said: string };

const replicas = 2;
const endLimitMs = 240_000;

export async function runChaos(options: RunOptions): Promise<Outcome> {
  const { seed, seconds, folder, say, signal } = options;
  mkdirSync(folder, { recursive: true });
  say("Starting PostgreSQL, Kafka, Redis and eleven processes…");
  const stage = await setStage({ folder, replicas });
  try {
    const names = stage.scaled.places.map(({ name, replica }) => `${name}-${replica}`);
    const schedule = drawSchedule(seed, seconds, {
      replicas: names,
      wires: [...stage.wires.keys()].sort(),
      topics: topicNames,
    });
    say(`Seed ${seed}: ${schedule.faults.length} faults, the first after ${schedule.quietMs / 1000} s`);
    for (const fault of schedule.faults) say(lineOf(fault));
    const supervisor = supervise(stage.scaled, say);
    try {
      return await play(options, stage, supervisor, schedule);
    } finally {
      await supervisor.stop();
    }
  } finally {
    if (signal.aborted) say("Stopping…");
    await stage.stop();
  }
}

async function play(
  { seed, seconds, folder, say, signal }: RunOptions,
  stage: Stage,
  supervisor: Supervisor,
  schedule: Schedule,
): Promise<Outcome> {
  const file = join(folder, "acknowledged.jsonl");
  const random = randomBy(seed);
  const within = schedule.totalMs - schedule.quietMs;
  const load = startLoad({ scaled: stage.scaled, file });
  await load.warm();
  const from = Date.now();
  load.fileDeaths([0.4, 0.8].map((part) => schedule.quietMs + random() * within * part));
  say("\nAt work");
  const struck = await strikeAll({ stage, supervisor, schedule, from, say, signal });
  const to = Math.max(Date.now(), ...struck.map((each) => each.to));
  say(
    `All is mended after ${((to - from) / 1000).toFixed(1)} s; waiting for ${load.submitted.length} cases and more`,
  );
  await load.finish();
  const verdict = await judge(stage, load, file, endLimitMs);
  return {
    ...{ seed, seconds },
    faults: struck.map(({ fault, said, from: at, to: mended }) => ({
      ...fault,
      said,
      mendedAfterMs: mended - at,
    })),
    figures: figuresOf({
      quiet: { from, to: from + schedule.quietMs },
      faulty: { from: from + schedule.quietMs, to },
      faults: struck,
      successes: load.successes,
      filed: load.submitted.map(({ at }) => at),
      ended: [...verdict.finishedAt.values()],
    }),
    cases: load.submitted.length,
    acknowledged: verdict.acknowledged,
    repeated: Object.fromEntries(load.failures),
    unasked: supervisor.unasked,
    problems: [...load.problems, ...verdict.problems],
    drainedAfterSeconds: (verdict.drainedAt - to) / 1000,
  };
}

interface Strokes {
  stage: Stage;
  supervisor: Supervisor;
  schedule: Schedule;
  from: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Each at its moment, whatever else is broken just then. Resolves when all are mended. */
async function strikeAll({ stage, supervisor, schedule, from, say, signal }: Strokes): Promise<Struck[]> {
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  const until = (atMs: number) => sleep(Math.max(0, from + atMs - Date.now()), undefined, { signal: ending });
  const broken = new Set<string>();
  const one = async (fault: Fault): Promise<Struck[]> => {
    await until(fault.atMs);
    const at = Date.now();
    // Mending may take longer than was drawn.
    if (broken.has(fault.target)) {
      say(`${lineOf(fault)}  → not done: it is still broken`);
      return [];
    }
    broken.add(fault.target);
    const said = await strike[fault.kind](fault, stage, supervisor);
    broken.delete(fault.target);
    const to = Date.now();
    say(`${lineOf(fault)}  → ${said} after ${((to - at) / 1000).toFixed(1)} s`);
    return [{ fault, kind: fault.kind, from: at, to, said }];
  };
  try {
    const struck = await Promise.all(schedule.faults.map(one));
    await until(schedule.totalMs);
    return struck.flat();
  } finally {
    over.abort();
  }
}
