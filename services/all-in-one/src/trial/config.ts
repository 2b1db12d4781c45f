// Settings of what tries out a platform that runs as processes of its own: the simulator beside it, and one case through it.
import { resolve } from "node:path";
import { invalid } from "@onething/kernel/errors";
import { addresses } from "@onething/service/config";
import { fieldProblems } from "@onething/service/field-words";
import { z } from "zod";
import { sampleCity } from "../config.ts";

const catalogue = { ONETHING_CATALOGUE: z.string().min(1).default(sampleCity) };

const Environment = z.object({
  ...catalogue,
  /** Folder of everybody's certificates, as `onething certs` lays it out. */
  ONETHING_TLS: z.string().min(1),
  /** Where approval-workflow's gRPC door is. */
  ONETHING_PEERS: addresses,
  /** As verification is told: each register is served at the port at which it is looked for. */
  ONETHING_REGISTERS: addresses,
  /** Folder that remembers over restarts what was given out. */
  ONETHING_DATA: z.string().min(1),
  ONETHING_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
});

export interface SimulatorConfig {
  catalogue: string;
  certificates: string;
  peers: Record<string, string>;
  registers: Record<string, string>;
  data: string;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
}

/** Errors: `config.invalid`, which names every variable that is missing or wrong. */
export function readSimulatorConfig(env: NodeJS.ProcessEnv = process.env): SimulatorConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const fields = fieldProblems(parsed.error, env);
    throw invalid("config.invalid", "环境变量有误：", "The environment is not right:", { fields });
  }
  const e = parsed.data;
  return {
    catalogue: resolve(e.ONETHING_CATALOGUE),
    certificates: e.ONETHING_TLS,
    peers: e.ONETHING_PEERS,
    registers: e.ONETHING_REGISTERS,
    data: e.ONETHING_DATA,
    logLevel: e.ONETHING_LOG_LEVEL,
  };
}

/** The folder of the city whose case is played. */
export const readCatalogue = (env: NodeJS.ProcessEnv = process.env): string =>
  resolve(z.object(catalogue).parse(env).ONETHING_CATALOGUE);
