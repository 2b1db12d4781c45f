// The settings of a service that runs as a process of its own. The only file of this package that reads the environment.
import { fileURLToPath, pathToFileURL } from "node:url";
import type { KafkaAccess } from "@onething/events/kafka/bus";
import { invalid } from "@onething/kernel/errors";
import { z } from "zod";
import { fieldProblems, words } from "./field-words.ts";
import { defaultLimits, type Limits, limitsSetting } from "./fleeting/limits.ts";

/** Without a slash at its end. */
export const publicUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const port = z.coerce.number().int().min(0).max(65535);
const path = z.string().min(1);

/** `name=host:port,host:port;name=…`: one or more addresses a name, as a record. A comma may stand for the semicolon. */
export const addresses = z.string().transform((text, ctx): Record<string, string> => {
  const pairs = text
    .split(/;|,(?=[\w-]+=)/)
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => /^([\w-]+)=([^\s=;]+:\d+(?:,[^\s=;]+:\d+)*)$/.exec(each));
  if (pairs.includes(null))
    ctx.addIssue({
      code: "custom",
      ...words(
        "应为 名称=主机:端口，多个副本用逗号、多个名称用分号分开",
        "must be name=host:port, with commas between replicas and semicolons between names",
      ),
    });
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
});

/** What every process of the scaled platform is told. */
export const everyProcess = {
  /** Folder with ca.pem, cert.pem and key.pem. */
  ONETHING_TLS: path,
  ONETHING_HOST: z.string().min(1).default("0.0.0.0"),
  /** HTTP: the API, /livez, /readyz, /metrics. */
  ONETHING_PORT: port.default(8080),
  /** Fleeting state shared by replicas; without it each replica keeps its own. */
  ONETHING_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Requests a minute by kind of caller, the same at every door. */
  ONETHING_LIMITS: limitsSetting.default(defaultLimits),
  ONETHING_ISSUER: z.string().min(1).default("onething-sample-issuer"),
  /** Where traces go (OTLP over HTTP); without it none are recorded. */
  ONETHING_TRACES_URL: z.url().optional(),
  ONETHING_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
  /** How long a leaving process still answers after it has said that it leaves, milliseconds. */
  ONETHING_DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(0),
};

const isHostAndPort = (text: string): boolean => {
  const port = /^[^\s/:,]+:(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) < 65536;
};

/** Where Kafka is, and how it is entered. */
export const kafkaPlace = {
  /** `host:port,host:port`. */
  ONETHING_KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((text) => text.split(",").map((each) => each.trim()))
    .refine(
      (all) => all.every(isHostAndPort),
      words("应为 主机:端口，多个用逗号分开", "must be host:port, with commas between several"),
    ),
  /** Folder with ca.pem, and cert.pem and key.pem where brokers ask for a certificate; without it no TLS. */
  ONETHING_KAFKA_TLS: path.optional(),
  /** Of a login (SCRAM-SHA-512) and the file of its password. */
  ONETHING_KAFKA_USER: z.string().min(1).optional(),
  ONETHING_KAFKA_PASSWORD_FILE: path.optional(),
};

const Environment = z.object({
  ...everyProcess,
  /** PostgreSQL; the service's own schema and role are taken on each connection. */
  ONETHING_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** File of the keyring's master key. */
  ONETHING_MASTER_KEY_FILE: path,
  ...kafkaPlace,
  ONETHING_GRPC_PORT: port.default(8081),
  /** Where the other services' gRPC doors are. */
  ONETHING_PEERS: addresses.default({}),
  /** The issuer's public keys: a file or an https URL. */
  ONETHING_JWKS: path,
  /** Departments' registers; only verification asks them. */
  ONETHING_REGISTERS: addresses.default({}),
  /** Folder of the city; only the item catalogue reads it. */
  ONETHING_CATALOGUE: path.optional(),
  ONETHING_REGISTER_RETRY_MS: z.coerce.number().int().min(100).default(5000),
  /** Where people reach the platform: stands on papers, with their check. */
  ONETHING_PUBLIC_URL: publicUrl.default("http://127.0.0.1:8080"),
});

export interface ProcessConfig {
  databaseUrl: string;
  masterKeyFile: string;
  brokers: string[];
  kafkaAccess: KafkaAccess;
  redisUrl: string | undefined;
  limits: Limits;
  tls: string;
  host: string;
  port: number;
  grpcPort: number;
  peers: Record<string, string>;
  jwks: URL;
  issuer: string;
  registers: Record<string, string>;
  catalogue: string;
  firstRetryMs: number;
  publicUrl: string;
  tracesUrl: string | undefined;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
  drainMs: number;
}

const sampleCity = fileURLToPath(new URL("../../../deploy/sample-city", import.meta.url));

/** Errors: `config.invalid`, which names every variable that is missing or wrong. */
export function readProcessConfig(env: NodeJS.ProcessEnv = process.env): ProcessConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const fields = fieldProblems(parsed.error, env);
    throw invalid("config.invalid", "环境变量有误：", "The environment is not right:", { fields });
  }
  const e = parsed.data;
  return {
    databaseUrl: e.ONETHING_DATABASE_URL,
    masterKeyFile: e.ONETHING_MASTER_KEY_FILE,
    brokers: e.ONETHING_KAFKA_BROKERS,
    kafkaAccess: {
      tls: e.ONETHING_KAFKA_TLS,
      user: e.ONETHING_KAFKA_USER,
      passwordFile: e.ONETHING_KAFKA_PASSWORD_FILE,
    },
    redisUrl: e.ONETHING_REDIS_URL,
    limits: e.ONETHING_LIMITS,
    tls: e.ONETHING_TLS,
    host: e.ONETHING_HOST,
    port: e.ONETHING_PORT,
    grpcPort: e.ONETHING_GRPC_PORT,
    peers: e.ONETHING_PEERS,
    jwks: /^https?:/.test(e.ONETHING_JWKS) ? new URL(e.ONETHING_JWKS) : pathToFileURL(e.ONETHING_JWKS),
    issuer: e.ONETHING_ISSUER,
    registers: e.ONETHING_REGISTERS,
    catalogue: e.ONETHING_CATALOGUE ?? sampleCity,
    firstRetryMs: e.ONETHING_REGISTER_RETRY_MS,
    publicUrl: e.ONETHING_PUBLIC_URL,
    tracesUrl: e.ONETHING_TRACES_URL,
    logLevel: e.ONETHING_LOG_LEVEL,
    drainMs: e.ONETHING_DRAIN_MS,
  };
}
