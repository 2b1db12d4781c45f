// `npm start`: the whole platform in one process, with the department simulator beside it.

import type { Fault, Simulator } from "@onething/department-simulator/service";
import { type ReadCity, readCity } from "@onething/item-catalog/city";
import { createLog, type Log } from "@onething/service/log";
import type { RegisterAddress } from "@onething/verification/service";
import type { Config } from "./config.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { simulate } from "./simulate.ts";
import { openStorage, type Storage } from "./storage.ts";

export interface Running {
  platform: Platform;
  simulator: Simulator | undefined;
  city: ReadCity;
  storage: Storage;
  stop(): Promise<void>;
}

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
  const city = await readCity(config.catalogue);
  const storage = await openStorage({ data: config.data, databaseUrl: config.databaseUrl });
  const registers: Record<string, RegisterAddress> = { ...config.registers };
  const stops: (() => Promise<void>)[] = [storage.close];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const platform = await startPlatform({
      storage,
      city,
      log,
      host: config.host,
      port: config.port,
      grpcPort: config.grpcPort,
      registers,
      registerClient: { firstRetryMs: config.firstRetryMs },
      ...(play.now ? { now: play.now } : {}),
    });
    stops.push(platform.stop);
    const simulator = config.simulator
      ? await simulate({ platform, city, registers, keys: storage.keys, log, ...play })
      : undefined;
    if (simulator) stops.push(simulator.stop);
    return { platform, simulator, city, storage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function runStart(config: Config): Promise<number> {
  const running = await run(config);
  greet(running, config);
  const signal = await Promise.race([interrupted(), running.storage.exited.then(() => "database" as const)]);
  if (signal === "database") console.error("数据库意外停止 · The database stopped unexpectedly");
  else console.log("正在停止… · Stopping…");
  await running.stop();
  if (signal !== "database") console.log("已停止，数据已保存 · Stopped; everything is kept");
  return signal === "database" ? 1 : 0;
}

const interrupted = (): Promise<"signal"> =>
  new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => resolve("signal"));
  });

function greet({ platform, simulator, city, storage }: Running, config: Config): void {
  const { accounts } = platform.sample;
  const names = (role: string) =>
    accounts
      .filter((account) => account.role === role)
      .slice(0, 4)
      .map((account) => `${account.username}（${account.name.zh}）`)
      .join("、");
  const lines = [
    `一件事一次办 · onething   ${city.catalogue.city.name.zh} · ${city.catalogue.city.name.en}`,
    "",
    `  接口说明 Docs      ${platform.url}/docs`,
    `  HTTP API           ${platform.url}/api/v1   (OpenAPI: ${platform.url}/openapi.json)`,
    `  gRPC 部门接口      ${platform.grpcAddress}   (reflection on)`,
    `  数据 Data          ${config.databaseUrl ? "ONETHING_DATABASE_URL" : config.data}`,
    ...(storage.note ? [`                     ${storage.note}`] : []),
    simulator
      ? "  部门模拟器 Simulator  运行中：登记系统和各部门经办人由它扮演，不是真实部门 · on: registers and officers are played"
      : "  部门模拟器 Simulator  未运行 · off",
    "",
    "  登录 Sign in: POST /api/v1/sessions {username, password}，示例账号的密码都是 onething",
    ...(["citizen", "clerk", "officer", "operator"] as const).map(
      (role) => `    ${role.padEnd(9)} ${names(role)}`,
    ),
    "",
    "  按 Ctrl-C 停止，再次启动会接着办 · Ctrl-C stops; started again it goes on where it was",
  ];
  console.log(lines.join("\n"));
}
