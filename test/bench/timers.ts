// The timers of 100,000 approvals: how fast they fire once the clock has moved, against plain submits of the same number; with
// the process killed in the middle; and with a clock that jumps back an hour in the middle. Each must fire exactly once.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { kinds } from "@onething/approval-workflow/service";
import { createJournal } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import {
  dueBy,
  lastPosition,
  latestDue,
  openApprovals,
  openMany,
  prepareApprovals,
  standing,
} from "./approvals.ts";
import { figure } from "./figures.ts";
import type { Bench } from "./main.ts";
import { openServer } from "./server.ts";

/** The faults are played on fewer, beside all that was there before. */
const many = 100_000;
const some = 20_000;
const lookMs = 100;
const hourMs = 3_600_000;
const yardstick = {
  name: "the same number of plain submits",
  unit: "commands/s",
  by: "journal.submit, 1000 in flight",
};

interface Fired {
  seconds: number;
  /** Timers a second. */
  rate: number;
}

export const timersBench: Bench = async ({ log }) => {
  const server = await openServer();
  await prepareApprovals(server.url);
  const db = openApprovals(server.url);
  try {
    const figures = [];
    for (const { name, approvals, fire } of ways) {
      const submits = approvals / (await opened(db, approvals));
      const since = await lastPosition(db);
      const lapse = await latestDue(db);
      const instant = new Date(Date.parse(lapse) + hourMs / 2).toISOString();
      const timers = await dueBy(db, instant);
      const fired = await fire({ db, url: server.url, instant, timers });
      await check(db, instant, since, approvals);
      log(`${name}: ${timers} timers in ${fired.seconds.toFixed(1)} s, ${Math.round(submits)} submits/s`);
      const what = {
        name: `timers of ${approvals} approvals, ${name}`,
        unit: "timers/s",
        aim: "ratio ≥ 0.5",
      };
      figures.push(figure(what, [{ value: fired.rate, over: submits }], yardstick));
    }
    return figures;
  } finally {
    await db.close();
    await server.close();
  }
};

/** With a clock of today, so that nothing is due yet. */
async function opened(db: Database, approvals: number): Promise<number> {
  const journal = createJournal({ db, kinds, hashKey: Buffer.alloc(32) });
  return openMany(journal, approvals);
}

async function check(db: Database, instant: string, since: number, approvals: number): Promise<void> {
  const found = await standing(db, instant, since);
  const { due, accepted, warned, twice } = found;
  if (due !== 0 || accepted !== approvals || warned !== approvals || twice !== 0)
    throw new Error(`timers did not fire exactly once: ${JSON.stringify(found)}`);
}

interface Firing {
  db: Database;
  url: string;
  instant: string;
  timers: number;
}

interface Way {
  name: string;
  approvals: number;
  fire(firing: Firing): Promise<Fired>;
}

const ways: Way[] = [
  {
    name: "clock moved on",
    approvals: many,
    fire: (firing) => timed(firing, (host) => leftUntil(firing, host, 0)),
  },
  { name: "killed half-way and started again", approvals: some, fire: killed },
  { name: "clock an hour back half-way", approvals: some, fire: setBack },
];

function killed(firing: Firing): Promise<Fired> {
  return timed(firing, async (host) => {
    await leftUntil(firing, host, firing.timers / 2);
    host.kill("SIGKILL");
    await once(host, "exit");
    const again = await start(firing.url, firing.instant);
    await leftUntil(firing, again, 0);
    again.disconnect();
  });
}

async function setBack(firing: Firing): Promise<Fired> {
  let still = 0;
  const { seconds } = await timed(firing, async (host) => {
    await leftUntil(firing, host, firing.timers / 2);
    host.send(new Date(Date.parse(firing.instant) - hourMs).toISOString());
    still = await standsStill(firing);
    host.send(firing.instant);
    await leftUntil(firing, host, 0);
  });
  return { seconds: seconds - still, rate: firing.timers / (seconds - still) };
}

async function timed(firing: Firing, work: (host: ChildProcess) => Promise<void>): Promise<Fired> {
  const host = await start(firing.url, firing.instant);
  const began = performance.now();
  await work(host);
  const seconds = (performance.now() - began) / 1000;
  if (host.connected) host.disconnect();
  return { seconds, rate: firing.timers / seconds };
}

async function start(url: string, instant: string): Promise<ChildProcess> {
  const host = spawn(process.execPath, [join(import.meta.dirname, "timers-host.ts"), url, instant], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(host, "message");
  return host;
}

async function leftUntil({ db, instant }: Firing, host: ChildProcess, n: number): Promise<void> {
  while ((await dueBy(db, instant)) > n) {
    if (host.exitCode !== null) throw new Error(`the host ended: ${host.exitCode}`);
    await pause(lookMs);
  }
}

/** Once what was under way is in, nothing fires while the clock says that it is not due; answers with the seconds it took. */
async function standsStill({ db, instant }: Firing): Promise<number> {
  const began = performance.now();
  await pause(1000);
  const before = await dueBy(db, instant);
  await pause(2000);
  const after = await dueBy(db, instant);
  if (before === 0 || before !== after) throw new Error(`fired before it was due: ${before}, then ${after}`);
  return (performance.now() - began) / 1000;
}
