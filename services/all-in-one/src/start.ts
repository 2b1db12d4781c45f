// `npm start`: the whole platform in one process, with the department simulator beside it.

import type { Fault } from "@onething/department-simulator/service";
import { readCity } from "@onething/item-catalog/city";
import { runningUrl } from "@onething/postgres/data-folder";
import { openFleeting } from "@onething/service/fleeting/open";
import { logGrpcTo } from "@onething/service/grpc-log";
import { createLog, type Log } from "@onething/service/log";
import type { Config } from "./config.ts";
import { greeting } from "./greeting.ts";
import { startPlatform } from "./platform.ts";
import { mustBeFree } from "./ports.ts";
import type { Running } from "./running.ts";
import { signedIn, simulate } from "./simulate.ts";
import { openStorage } from "./storage.ts";

export type { Running } from "./running.ts";

export interface Play {
  refuse?: readonly string[];
  leave?: readonly string[];
  faults?: Record<string, Fault | undefined>;
  delayMs?: [number, number];
  /** Another clock than the machine's, for everything that happens. */
  now?: () => Date;
}

/** Starts everything; what was started is stopped again if a later part fails. */
export async function run(
  config: Config,
  play: Play = {},
  log: Log = createLog({ service: "all-in-one", level: config.logLevel }),
): Promise<Running> {
  // On a folder that is running already, the refusal of the folder says more than that of a port.
  if (config.databaseUrl || !runningUrl(config.data)) {
    await mustBeFree(config.port, config.host, "ONETHING_PORT");
    await mustBeFree(config.grpcPort, config.host, "ONETHING_GRPC_PORT");
  }
  const city = await readCity(config.catalogue);
  const storage = await openStorage({ data: config.data, databaseUrl: config.databaseUrl });
  const registers: Record<string, string> = { ...config.registers };
  const stops: (() => Promise<void>)[] = [storage.close];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const fleeting = openFleeting(config.redisUrl, log);
    stops.push(fleeting.stop);
    const platform = await startPlatform({
      storage,
      city,
      log,
      host: config.host,
      port: config.port,
      grpcPort: config.grpcPort,
      registers,
      registerClient: { firstRetryMs: config.firstRetryMs },
      fleeting,
      limits: config.limits,
      proxies: config.proxies,
      publicUrl: config.publicUrl,
      ...(play.now ? { now: play.now } : {}),
    });
    stops.push(platform.stop);
    const simulator = config.simulator
      ? await simulate({
          departments: signedIn(platform, play.now),
          ...(config.officers ? {} : { leave: scripted(city.others.scripts) }),
          ...{ city, registers, log, ...play },
          keys: storage.keys,
        })
      : undefined;
    if (simulator) stops.push(simulator.stop);
    return { platform, simulator, city, storage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Items that the simulator's officers would decide. */
const scripted = (scripts: readonly unknown[] = []): string[] =>
  scripts.map((script) => (script as { item: string }).item);

/**
 * How long a stop may take before the process leaves anyway: what was acknowledged is kept either way. Without its
 * database nothing can finish what it is at, so there is little to wait for.
 */
const stopLimitMs = { signal: 20_000, database: 3_000 };

/** 0 after an asked stop; 1 when the database went away, so that a supervisor starts the whole again. */
export async function runStart(config: Config): Promise<number> {
  const asked = stopAsked();
  logGrpcTo(createLog({ service: "all-in-one", level: config.logLevel }));
  console.log("正在启动… · Starting…");
  const running = await run(config);
  console.log(greeting(running, config));
  const why = await Promise.race([asked, running.storage.exited.then(() => "database" as const)]);
  if (why === "database")
    console.error(
      "数据库意外停止，平台随之退出；再次启动即可恢复 · The database stopped unexpectedly, so the platform leaves too; start it again to go on",
    );
  else console.log("正在停止… · Stopping…");
  const stopped = await within(stopLimitMs[why], running.stop());
  if (why === "database") return 1;
  if (!stopped) {
    console.error(
      "有部分没有按时停下；已确认的都已保存 · Some part did not stop in time; what was acknowledged is kept",
    );
    return 1;
  }
  console.log("已停止，数据已保存 · Stopped; everything is kept");
  return 0;
}

/** One Ctrl-C may be heard twice, from the terminal and from npm; asked again later, the process leaves at once. */
const sameKeystrokeMs = 2_000;

function stopAsked(): Promise<"signal"> {
  return new Promise((resolve) => {
    let first = 0;
    const hear = () => {
      first ||= Date.now();
      if (Date.now() - first > sameKeystrokeMs) process.exit(130);
      resolve("signal");
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, hear);
  });
}

function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, ms, false).unref());
  return Promise.race([work.then(() => true), late]);
}
