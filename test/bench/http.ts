// The same work through the doors: citizens file cases over HTTP, departments decide over gRPC, and everything between is
// the platform as it is. Five items side by side, two licences, one held proof.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readConfig } from "@onething/all-in-one/config";
import { type Running, run } from "@onething/all-in-one/start";
import { runningUrl } from "@onething/postgres/data-folder";
import { count, type Figure, figure, median, type Round } from "./figures.ts";
import type { Bench } from "./main.ts";
import { openFolder } from "./server.ts";
import { openInserter, STEPS } from "./yardstick.ts";

const IN_FLIGHT = 64;
const ROUNDS = 3;
const seconds = { warm: 4, yardstick: 4, load: 8 };

export interface LoadSetting {
  url: string;
  grpcAddress: string;
  accounts: { username: string; password: string }[];
  departmentTokens: string[];
}
export interface LoadOrder {
  inFlight: number;
  seconds: number;
}
export interface Loaded {
  /** Milliseconds from opening a case to reading its licences, of each case. */
  times: number[];
  seconds: number;
}

export const httpBench: Bench = async ({ log, profile }) => {
  const folder = await openFolder();
  const running = await run(
    readConfig({
      ONETHING_DATA: folder.data,
      ONETHING_CATALOGUE: join(import.meta.dirname, "city"),
      ONETHING_PORT: "0",
      ONETHING_GRPC_PORT: "0",
      ONETHING_SIMULATOR: "off",
      // Kept like any other limit, and never reached: these citizens do in a second what people do in a day.
      ONETHING_LIMITS: "citizen=1000000",
    }),
  );
  const inserter = await openInserter(runningUrl(folder.data)!);
  const load = await startLoad(running);
  try {
    await ask(load, { inFlight: IN_FLIGHT, seconds: seconds.warm });
    await inserter.rate(16, 1);
    const rate: Round[] = [];
    const commits: number[] = [];
    const latency: number[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      const k = (await inserter.rate(16, seconds.yardstick)) / STEPS;
      const before = running.platform.meters.read();
      const busy = await profile(() => ask(load, { inFlight: IN_FLIGHT, seconds: seconds.load }));
      const after = running.platform.meters.read();
      const cases = busy.times.length;
      rate.push({ value: cases / busy.seconds, over: k });
      commits.push((after.commits! - before.commits!) / cases);
      latency.push(median(busy.times));
      log(`round ${i}: ${Math.round(cases / busy.seconds)} cases/s, K ${Math.round(k)}`);
      const each = Object.entries(after).map(
        ([name, n]) => `${name} ${((n - (before[name] ?? 0)) / cases).toFixed(1)}`,
      );
      log(`  a case: ${each.join(", ")}`);
    }
    return figures(rate, commits, latency, inserter.by);
  } finally {
    load.disconnect();
    await running.stop();
    await inserter.close();
    await folder.remove();
  }
};

function figures(rate: Round[], commits: number[], latency: number[], by: string): Figure[] {
  return [
    figure(
      {
        name: "http: five-item cases a second through the doors, 64 in flight",
        unit: "cases/s",
        aim: "ratio ≥ 0.15",
      },
      rate,
      {
        name: "K: durable single-row inserts a second at 16 connections ÷ 6",
        unit: "cases/s",
        by,
      },
    ),
    count(
      { name: "http: commits per case, all services, 64 in flight", unit: "commits", aim: "none" },
      commits,
    ),
    count(
      { name: "http: a case from opening to its licences, median, 64 in flight", unit: "ms", aim: "none" },
      latency,
    ),
  ];
}

async function startLoad({ platform, city }: Running): Promise<ChildProcess> {
  const departmentTokens = await Promise.all(
    city.catalogue.departments.map(({ code }) =>
      platform.issuer.sign({ sub: `${code}-system`, role: "department", department: code }, 3600),
    ),
  );
  const setting: LoadSetting = {
    url: platform.url,
    grpcAddress: platform.grpcAddress,
    accounts: platform.sample.accounts.map(({ username, password }) => ({ username, password })),
    departmentTokens,
  };
  const child = fork(join(import.meta.dirname, "http-load.ts"), [JSON.stringify(setting)], {
    stdio: ["ignore", 2, 2, "ipc"],
    execArgv: [],
  });
  await answered(child);
  return child;
}

async function ask(child: ChildProcess, order: LoadOrder): Promise<Loaded> {
  child.send(order);
  return (await answered(child)) as Loaded;
}

async function answered(child: ChildProcess): Promise<unknown> {
  const died = once(child, "exit").then(() => {
    throw new Error("the load ended early; its words are above");
  });
  const [answer] = await Promise.race([once(child, "message"), died]);
  return answer;
}
