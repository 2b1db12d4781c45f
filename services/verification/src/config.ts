// The only file that names environment variables of this service.
import { invalid } from "@onething/kernel/errors";
import { z } from "zod";
import type { RegisterAddress } from "./registers.ts";

const entry = z.union([
  z.string().min(1),
  z.strictObject({
    address: z.string().min(1),
    name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).optional(),
  }),
]);
const registers = z.record(z.string().min(1), entry);

/** `code=address,code=address`, or JSON: code -> address, or code -> { address, name: { zh, en } }. */
export function parseRegisters(text: string): Record<string, RegisterAddress> {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const parsed = registers.safeParse(trimmed.startsWith("{") ? parseJson(trimmed) : parsePairs(trimmed));
  if (!parsed.success) throw badRegisters(z.prettifyError(parsed.error));
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRegisters(error instanceof Error ? error.message : "not JSON");
  }
}

function parsePairs(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw badRegisters(`“${pair.trim()}” is not code=address`);
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  if (new Set(pairs.map(([code]) => code)).size < pairs.length)
    throw badRegisters("a register is named twice");
  return Object.fromEntries(pairs);
}

const badRegisters = (what: string) =>
  invalid("config.registers", `ONETHING_REGISTERS 有误：${what}`, `ONETHING_REGISTERS is wrong: ${what}`);

const milliseconds = z.coerce.number().int().positive();

const environment = z.object({
  ONETHING_DATABASE_URL: z.string().min(1),
  ONETHING_MASTER_KEY: z.string().min(1),
  ONETHING_GRPC: z.string().default("127.0.0.1:7103"),
  ONETHING_LICENCES: z.string().min(1),
  ONETHING_JWKS: z.url(),
  ONETHING_ISSUER: z.string().min(1),
  ONETHING_SERVICE_TOKEN: z.string().min(1),
  ONETHING_REGISTERS: z.string().default(""),
  ONETHING_REGISTER_DEADLINE_MS: milliseconds.default(1500),
  ONETHING_REGISTER_RETRY_MS: milliseconds.default(5000),
  ONETHING_REGISTER_MAX_RETRY_MS: milliseconds.default(600_000),
  ONETHING_LOG: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Config = ReturnType<typeof readConfig>;

/** Errors: `invalid`, naming every variable that is missing or wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const what = z.prettifyError(parsed.error);
    throw invalid("config.environment", `环境变量有误：${what}`, `The environment is wrong: ${what}`);
  }
  const it = parsed.data;
  return {
    databaseUrl: it.ONETHING_DATABASE_URL,
    masterKeyFile: it.ONETHING_MASTER_KEY,
    grpcAddress: it.ONETHING_GRPC,
    licencesAddress: it.ONETHING_LICENCES,
    jwks: new URL(it.ONETHING_JWKS),
    issuer: it.ONETHING_ISSUER,
    serviceToken: it.ONETHING_SERVICE_TOKEN,
    registers: parseRegisters(it.ONETHING_REGISTERS),
    registerClient: {
      deadlineMs: it.ONETHING_REGISTER_DEADLINE_MS,
      firstRetryMs: it.ONETHING_REGISTER_RETRY_MS,
      maxRetryMs: it.ONETHING_REGISTER_MAX_RETRY_MS,
    },
    logLevel: it.ONETHING_LOG,
  };
}
