// Settings of the front door, which stands before the services where they run as processes of their own.
import { resolve } from "node:path";
import { invalid } from "@onething/kernel/errors";
import { addresses, everyProcess } from "@onething/service/config";
import { fieldProblems } from "@onething/service/field-words";
import type { Limits } from "@onething/service/fleeting/limits";
import { z } from "zod";
import { sampleCity } from "../config.ts";

const Environment = z.object({
  ...everyProcess,
  /** Where the services' HTTP doors are. */
  ONETHING_HTTP_PEERS: addresses,
  /** Where their gRPC doors are, for the operator. */
  ONETHING_PEERS: addresses,
  /** `on`: the sample city's people, licences and accounts, and the built-in issuer of tokens. */
  ONETHING_SAMPLE: z.enum(["on", "off"]).default("off"),
  /** Key of the built-in issuer, made at the first start. */
  ONETHING_ISSUER_KEY: z.string().min(1).default("issuer.json"),
  /** The city's own issuer where there is no sample: where its public keys are. */
  ONETHING_JWKS: z.url().optional(),
  ONETHING_CATALOGUE: z.string().min(1).default(sampleCity),
  /** Proxies of our own before this door, whose X-Forwarded-For is believed. */
  ONETHING_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
});

export interface FrontConfig {
  tls: string;
  host: string;
  port: number;
  httpPeers: Record<string, string>;
  peers: Record<string, string>;
  sample: boolean;
  issuerKey: string;
  issuer: string;
  jwks: URL | undefined;
  catalogue: string;
  redisUrl: string | undefined;
  limits: Limits;
  proxies: number;
  tracesUrl: string | undefined;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
  drainMs: number;
}

/** Errors: `config.invalid`, which names every variable that is missing or wrong. */
export function readFrontConfig(env: NodeJS.ProcessEnv = process.env): FrontConfig {
  const parsed = Environment.safeParse(env);
  const fields = parsed.success ? [] : fieldProblems(parsed.error, env);
  if (parsed.success && parsed.data.ONETHING_SAMPLE === "off" && !parsed.data.ONETHING_JWKS)
    fields.push({
      field: "ONETHING_JWKS",
      text: {
        zh: "没有示例城市时，须指明本市身份系统的公钥地址",
        en: "without the sample city it must say where the city's issuer has its public keys",
      },
    });
  if (!parsed.success || fields.length > 0)
    throw invalid("config.invalid", "环境变量有误：", "The environment is not right:", { fields });
  const e = parsed.data;
  return {
    tls: e.ONETHING_TLS,
    host: e.ONETHING_HOST,
    port: e.ONETHING_PORT,
    httpPeers: e.ONETHING_HTTP_PEERS,
    peers: e.ONETHING_PEERS,
    sample: e.ONETHING_SAMPLE === "on",
    issuerKey: resolve(e.ONETHING_ISSUER_KEY),
    issuer: e.ONETHING_ISSUER,
    jwks: e.ONETHING_JWKS ? new URL(e.ONETHING_JWKS) : undefined,
    catalogue: resolve(e.ONETHING_CATALOGUE),
    redisUrl: e.ONETHING_REDIS_URL,
    limits: e.ONETHING_LIMITS,
    proxies: e.ONETHING_PROXIES,
    tracesUrl: e.ONETHING_TRACES_URL,
    logLevel: e.ONETHING_LOG_LEVEL,
    drainMs: e.ONETHING_DRAIN_MS,
  };
}
