// The only file that names environment variables of this service.
import { invalid } from "@onething/kernel/errors";
import { z } from "zod";

const environment = z.object({
  ONETHING_DATABASE_URL: z.string().min(1),
  ONETHING_MASTER_KEY: z.string().min(1),
  ONETHING_CATALOGUE: z.string().min(1),
  ONETHING_GRPC: z.string().default("127.0.0.1:7101"),
  ONETHING_HTTP_HOST: z.string().default("127.0.0.1"),
  ONETHING_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(7201),
  ONETHING_JWKS: z.url(),
  ONETHING_ISSUER: z.string().min(1),
  ONETHING_LOG: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

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
    catalogue: it.ONETHING_CATALOGUE,
    grpcAddress: it.ONETHING_GRPC,
    http: { host: it.ONETHING_HTTP_HOST, port: it.ONETHING_HTTP_PORT },
    jwks: new URL(it.ONETHING_JWKS),
    issuer: it.ONETHING_ISSUER,
    logLevel: it.ONETHING_LOG,
  };
}
