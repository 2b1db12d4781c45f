// One log: JSON lines on standard error, without personal data. Redaction by field name is the first guard; the second
// looks at the finished line, so that a number which slipped into a message or a stack is not written either.
import { OnethingError } from "@onething/kernel/errors";
import { type DestinationStream, type Level, type Logger, pino } from "pino";

import { traceId } from "./tracing.ts";

export type Log = Logger;
export type LogLevel = Level | "silent";

const personal = new Set([
  ..."name phone address birthDate form answers fields statements token password".split(" "),
  ..."authorization identityNumber identity_number toIdentityNumber to_identity_number".split(" "),
]);
const censor = "[redacted]";
const maxDepth = 6;

/** A copy without what personal fields hold, at any depth. (pino's own `redact` costs a fifth of a request for this list.) */
function redacted(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || value instanceof Error || value instanceof Date)
    return value;
  if (depth > maxDepth) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, personal.has(key) ? censor : redacted(inner, depth + 1)]),
  );
}

/** Of an error only what tells where and why: databases put the values of a row beside it. */
function described(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return redacted(error);
  const { name, message, stack } = error;
  const code = "code" in error ? String(error.code) : undefined;
  return {
    name,
    code,
    message,
    stack,
    cause: error.cause && depth < 3 ? described(error.cause, depth + 1) : undefined,
  };
}

const citizenNumber = /(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])/g;
const mobileNumber = /(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])/g;

/** Takes identity and mobile numbers out of any text. */
export const scrub = (text: string): string =>
  text.replace(citizenNumber, "[identity number]").replace(mobileNumber, "[phone]");

export function createLog(options: { service: string; level?: LogLevel; to?: DestinationStream }): Log {
  return pino(
    {
      level: options.level ?? "info",
      base: { service: options.service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      mixin: () => ({ traceId: traceId() }),
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redacted(fields) as Record<string, unknown>,
      },
      // Serializers also see the fields of child loggers, which the formatter does not.
      serializers: {
        ...Object.fromEntries([...personal].map((field) => [field, () => censor])),
        err: described,
      },
      hooks: { streamWrite: scrub },
    },
    options.to ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** What a door writes about a failed request: what we did not expect, and what is down. Refusals are no news. */
export function report(log: Log, error: unknown, where: Record<string, string>): void {
  if (!(error instanceof OnethingError)) log.error({ err: error, ...where }, "request failed");
  else if (error.code === "unavailable") log.warn({ reason: error.reason, ...where }, error.message);
}
