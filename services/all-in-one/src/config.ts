// The only file of all-in-one that names environment variables.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { invalid } from "@onething/kernel/errors";
import { addresses, publicUrl } from "@onething/service/config";
import { fieldProblems } from "@onething/service/field-words";
import { defaultLimits, type Limits, limitsSetting } from "@onething/service/fleeting/limits";
import { z } from "zod";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** The city that comes with the platform. */
export const sampleCity = join(root, "deploy", "sample-city");
const port = z.coerce.number().int().min(0).max(65535);

const Environment = z.object({
  /** Data folder; keys lie beside it in `<folder>.keys`. */
  ONETHING_DATA: z.string().min(1).optional(),
  /** A PostgreSQL server instead of the embedded one. */
  ONETHING_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Folder of the city: catalogue, and for the sample city its people, registers and scripts. */
  ONETHING_CATALOGUE: z.string().min(1).optional(),
  ONETHING_HOST: z.string().min(1).default("127.0.0.1"),
  ONETHING_PORT: port.default(8080),
  ONETHING_GRPC_PORT: port.default(8081),
  /** Real registers: `code=host:port;…`. Those not named are played by the simulator. */
  ONETHING_REGISTERS: addresses.default({}),
  /** `registers`: it plays registers alone, and departments do their work; `off`: no simulator, registers are real too. */
  ONETHING_SIMULATOR: z.enum(["on", "registers", "off"]).default("on"),
  ONETHING_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("warn"),
  /** Requests a minute over both doors, `kind=number,…`, or `off`. */
  ONETHING_LIMITS: limitsSetting.default(defaultLimits),
  /** Proxies of our own before the HTTP door, whose X-Forwarded-For is believed. */
  ONETHING_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Fleeting state in Redis instead of in memory. */
  ONETHING_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** When a silent register is asked again for the first time, milliseconds. */
  ONETHING_REGISTER_RETRY_MS: z.coerce.number().int().min(100).default(5000),
  /** Where people reach the platform: stands on papers, with their check. Default: this machine. */
  ONETHING_PUBLIC_URL: publicUrl.optional(),
});

export interface Config {
  data: string;
  /** True when the folder was named, so that a demo leaves it behind. */
  dataNamed: boolean;
  databaseUrl: string | undefined;
  catalogue: string;
  host: string;
  port: number;
  grpcPort: number;
  registers: Record<string, string>;
  simulator: boolean;
  /** Whether the simulator plays the officers, too. */
  officers: boolean;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
  firstRetryMs: number;
  publicUrl: string | undefined;
  limits: Limits;
  proxies: number;
  redisUrl: string | undefined;
}

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const [problem] = fieldProblems(parsed.error, env);
    throw invalid(
      "config.invalid",
      `环境变量 ${problem?.field} 的值不对：${problem?.text.zh}`,
      `${problem?.field} is not right: ${problem?.text.en}`,
    );
  }
  const e = parsed.data;
  const catalogue = resolve(e.ONETHING_CATALOGUE ?? sampleCity);
  if (!existsSync(catalogue))
    throw invalid(
      "config.no_catalogue",
      `ONETHING_CATALOGUE 指向的文件夹不存在：${catalogue}`,
      `ONETHING_CATALOGUE names a folder that is not there: ${catalogue}`,
    );
  return {
    data: resolve(e.ONETHING_DATA ?? join(root, "data")),
    dataNamed: e.ONETHING_DATA !== undefined,
    databaseUrl: e.ONETHING_DATABASE_URL,
    catalogue,
    host: e.ONETHING_HOST,
    port: e.ONETHING_PORT,
    grpcPort: e.ONETHING_GRPC_PORT,
    registers: e.ONETHING_REGISTERS,
    simulator: e.ONETHING_SIMULATOR !== "off",
    officers: e.ONETHING_SIMULATOR === "on",
    logLevel: e.ONETHING_LOG_LEVEL,
    firstRetryMs: e.ONETHING_REGISTER_RETRY_MS,
    publicUrl: e.ONETHING_PUBLIC_URL,
    limits: e.ONETHING_LIMITS,
    proxies: e.ONETHING_PROXIES,
    redisUrl: e.ONETHING_REDIS_URL,
  };
}

/** Keys never lie inside the data folder: a backup of the data must not hold them. */
export const keysBeside = (data: string): string =>
  join(dirname(data), `${data.slice(dirname(data).length + 1)}.keys`);
