// The journal alone: five-task cases through `submit`, nothing between, against K of the same server.
import { randomBytes } from "node:crypto";
import { createJournal, type Journal, journalMigrations } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type Database, openDatabase } from "@onething/postgres/database";
import { migrate } from "@onething/postgres/migrate";
import { count, type Figure, figure, median, type Round } from "./figures.ts";
import { fiveTask, OUTPUTS, TASKS } from "./five-task.ts";
import type { Bench } from "./main.ts";
import { openServer } from "./server.ts";
import { openInserter, STEPS } from "./yardstick.ts";

const IN_FLIGHT = 64;
const ROUNDS = 3;
const seconds = { warm: 2, yardstick: 4, load: 5, alone: 2 };

export const journalBench: Bench = async ({ log, profile }) => {
  const server = await openServer();
  const inserter = await openInserter(server.url);
  const schema = "bench";
  const role = "bench_service";
  await migrate(server.url, {
    schema,
    role,
    directories: [journalMigrations, new URL("migrations/", import.meta.url)],
  });
  const db = openDatabase({ url: server.url, role, schema, max: 8 });
  try {
    const journal = createJournal({ db, kinds: [fiveTask], hashKey: randomBytes(32), lanes: 2 });
    await load(journal, IN_FLIGHT, seconds.warm);
    await inserter.rate(16, seconds.warm);
    const rate: Round[] = [];
    const commits: number[] = [];
    const alone: Round[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      const k = (await inserter.rate(16, seconds.yardstick)) / STEPS;
      const before = await written(db);
      const busy = await profile(() => load(journal, IN_FLIGHT, seconds.load));
      const after = await written(db);
      const cases = busy.length;
      check(cases, after, before);
      rate.push({ value: cases / busy.seconds, over: k });
      commits.push((after.commits - before.commits) / cases);
      const commitMs = 1000 / (await inserter.rate(1, seconds.alone));
      const single = await load(journal, 1, seconds.alone);
      alone.push({ value: median(single.times), over: commitMs });
      log(
        `round ${i}: ${Math.round(cases / busy.seconds)} cases/s, K ${Math.round(k)}, p50 ${median(busy.times).toFixed(1)} ms`,
      );
    }
    return figures(rate, commits, alone, inserter.by);
  } finally {
    await db.close();
    await inserter.close();
    await server.close();
  }
};

function figures(rate: Round[], commits: number[], alone: Round[], by: string): Figure[] {
  return [
    figure(
      { name: "journal: five-task cases a second, 64 in flight", unit: "cases/s", aim: "ratio ≥ 1" },
      rate,
      {
        name: "K: durable single-row inserts a second at 16 connections ÷ 6",
        unit: "cases/s",
        by,
      },
    ),
    count({ name: "journal: commits per case, 64 in flight", unit: "commits", aim: "≤ 2 commits" }, commits),
    figure({ name: "journal: one case alone, start to done", unit: "ms", aim: "ratio ≤ 20" }, alone, {
      name: "one durable single-row insert at one connection",
      unit: "ms",
      by,
    }),
  ];
}

interface Load {
  length: number;
  seconds: number;
  /** Milliseconds from start to done, of each case. */
  times: number[];
}

/** Keeps so many cases in flight, each begun when another ends. */
async function load(journal: Journal, inFlight: number, forSeconds: number): Promise<Load> {
  const began = performance.now();
  const end = began + forSeconds * 1000;
  const times: number[] = [];
  const one = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      await runCase(journal);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return { length: times.length, seconds: (performance.now() - began) / 1000, times };
}

const due = "2099-01-01T00:00:00.000Z";
const filler = randomBytes(6000).toString("base64");
const text = (bytes: number): string => {
  const at = Math.floor(Math.random() * (filler.length - bytes));
  return filler.slice(at, at + bytes);
};

async function runCase(journal: Journal): Promise<void> {
  const id = newId();
  const start = { type: "start" as const, form: text(300), due };
  await journal.submit(fiveTask, id, start, { actor: "citizen:bench", key: `${id}:start` });
  const ends = await Promise.all(
    TASKS.map((task) => {
      const by = { actor: `department:${task}`, key: `${id}:${task}` };
      return journal.submit(fiveTask, id, { type: "complete", task, result: text(100) }, by);
    }),
  );
  if (!ends.some(({ state }) => state.finishedAt)) throw new Error(`case ${id} did not finish`);
}

interface Written {
  outputs: number;
  finished: number;
  commits: number;
}

/** What the database holds: a commit is a transaction that left events. */
async function written(db: Database): Promise<Written> {
  const [row] = await db.query<Written>(`
    select count(*) filter (where type = 'five.output_issued') as outputs, count(distinct xid) as commits,
           (select count(*) from five_task where state ? 'finishedAt') as finished
      from event`);
  return row!;
}

/** Whatever was acknowledged can be read back, once. */
function check(cases: number, after: Written, before: Written): void {
  const outputs = after.outputs - before.outputs;
  const finished = after.finished - before.finished;
  if (outputs !== OUTPUTS * cases || finished !== cases)
    throw new Error(`${cases} cases were acknowledged, but ${finished} are finished with ${outputs} outputs`);
}
