// What running as processes of its own costs: births a processor second, all processes of the platform counted (PostgreSQL,
// Kafka and Redis too), against the same births in one process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "@onething/all-in-one/config";
import { file, finish, type Playable, scriptOf } from "@onething/all-in-one/demo/play";
import { readSample } from "@onething/all-in-one/sample";
import { readCity } from "@onething/item-catalog/city";
import { type Figure, figure, type Round } from "./figures.ts";
import type { Bench } from "./main.ts";
import { openFolder } from "./server.ts";

const ROUNDS = 3;
const IN_FLIGHT = 8;
const cases = { warm: 8, counted: 40 };

interface Host {
  child: ChildProcess;
  playable: Playable;
}

export const scaledBench: Bench = async ({ log }) => {
  const folders = [await openFolder(), await openFolder()];
  const hosts: Host[] = [];
  try {
    hosts.push(await start("one", folders[0]!.data), await start("scaled", folders[1]!.data));
    for (const host of hosts) await births(host, cases.warm);
    const rounds: Round[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      const [one, scaled] = [await measured(hosts[0]!), await measured(hosts[1]!)];
      rounds.push({ value: scaled, over: one });
      log(`round ${i}: ${scaled.toFixed(2)} births a CPU second scaled, ${one.toFixed(2)} in one process`);
    }
    return figures(rounds);
  } finally {
    await Promise.all(hosts.map(stop));
    for (const folder of folders) await folder.remove();
  }
};

const figures = (rounds: Round[]): Figure[] => [
  figure(
    { name: "scaled: births a CPU second, two replicas a service", unit: "cases/CPU s", aim: "ratio ≥ 0.25" },
    rounds,
    { name: "the same births in one process", unit: "cases/CPU s", by: "/proc, all processes of each" },
  ),
];

async function start(way: "one" | "scaled", data: string): Promise<Host> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "host.ts"), way, data], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = once(child, "exit").then(([code]) => Promise.reject(new Error(`${way} ended: ${code}`)));
  const [{ url }] = (await Promise.race([once(child, "message"), gone])) as [{ url: string }];
  gone.catch(() => undefined);
  const city = await readCity(readConfig({}).catalogue);
  return { child, playable: { city, platform: { url, sample: readSample(city), drain: async () => {} } } };
}

async function stop({ child }: Host): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}

/** Births that ended, a processor second. */
async function measured(host: Host): Promise<number> {
  const before = cpuSeconds(host.child.pid!);
  await births(host, cases.counted);
  return cases.counted / (cpuSeconds(host.child.pid!) - before);
}

async function births({ playable }: Host, wanted: number): Promise<void> {
  const script = scriptOf(playable, "birth");
  let left = wanted;
  const one = async () => {
    while (left-- > 0) {
      const ended = await finish(await file(playable, script));
      if (ended.case.outcome !== "all_granted") throw new Error(`a birth ended ${ended.case.outcome}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
}

const TICKS_A_SECOND = 100;

/** Of a process and all below it, those that have ended included. */
function cpuSeconds(root: number): number {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const below = new Set([root]);
  for (let found = true; found; ) {
    const fresh = all.filter(({ pid, parent }) => below.has(parent) && !below.has(pid));
    for (const { pid } of fresh) below.add(pid);
    found = fresh.length > 0;
  }
  const ticks = all.filter(({ pid }) => below.has(pid)).reduce((sum, each) => sum + each.ticks, 0);
  return ticks / TICKS_A_SECOND;
}

function statOf(pid: string): { pid: number; parent: number; ticks: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    return [{ pid: Number(pid), parent: Number(fields[1]), ticks }];
  } catch {
    return []; // It has just ended; its parent counts its time.
  }
}
