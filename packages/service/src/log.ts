// One log: JSON lines on standard error, without personal data. Redaction by field name is the first guard; the second
// looks at the finished line, so that a number which slipped into a message or a stack is not written either.
import { OnethingError } from "@onething/kernel/errors";
import { type DestinationStream, type Level, type Logger, pino } from "pino";

export type Log = Logger;
export type LogLevel = Level | "silent";

const personal = [
  ..."name phone address birthDate form answers fields statements token password".split(" "),
  ..."authorization identityNumber identity_number toIdentityNumber to_identity_number".split(" "),
];
const paths = ["", "*.", "*.*."].flatMap((depth) => personal.map((field) => `${depth}${field}`));

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
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: "[redacted]" },
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
