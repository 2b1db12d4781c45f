// One error class, few codes. Public words are for people and say what to do next; `internal` is for us and is logged.
// Doors map a code once to a gRPC status and to an RFC 9457 problem document (packages/service).

export type ErrorCode =
  | "not_found"
  | "invalid"
  | "conflict"
  | "forbidden"
  | "unauthenticated"
  | "unavailable"
  | "exhausted";

export interface Text {
  zh: string;
  en: string;
}

export interface FieldProblem {
  /** Path of the field in the request, e.g. `answers.registerWith`. */
  field: string;
  text: Text;
}

export interface ErrorDetails {
  internal?: string;
  fields?: FieldProblem[];
  retryAfterMs?: number;
  cause?: unknown;
}

export class OnethingError extends Error {
  override readonly name = "OnethingError";
  readonly code: ErrorCode;
  /** Stable machine-readable reason, `<noun>.<what>`, e.g. `case.already_submitted`. */
  readonly reason: string;
  readonly public: Text;
  readonly fields: FieldProblem[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, reason: string, text: Text, details: ErrorDetails = {}) {
    super(details.internal ?? text.en, { cause: details.cause });
    this.code = code;
    this.reason = reason;
    this.public = text;
    this.fields = details.fields ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

const make =
  (code: ErrorCode) =>
  (reason: string, zh: string, en: string, details?: ErrorDetails): OnethingError =>
    new OnethingError(code, reason, { zh, en }, details);

export const notFound = make("not_found");
export const invalid = make("invalid");
export const conflict = make("conflict");
export const forbidden = make("forbidden");
export const unauthenticated = make("unauthenticated");
export const unavailable = make("unavailable");
export const exhausted = make("exhausted");
