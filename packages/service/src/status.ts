// The one map from an error's code to what each door says, and back.
import type { ErrorCode } from "@onething/kernel/errors";
import { Status } from "nice-grpc-common";

const table = {
  invalid: { http: 400, grpc: Status.INVALID_ARGUMENT },
  unauthenticated: { http: 401, grpc: Status.UNAUTHENTICATED },
  forbidden: { http: 403, grpc: Status.PERMISSION_DENIED },
  not_found: { http: 404, grpc: Status.NOT_FOUND },
  conflict: { http: 409, grpc: Status.FAILED_PRECONDITION },
  exhausted: { http: 429, grpc: Status.RESOURCE_EXHAUSTED },
  unavailable: { http: 503, grpc: Status.UNAVAILABLE },
} as const satisfies Record<ErrorCode, { http: number; grpc: Status }>;

export const httpStatus = (code: ErrorCode) => table[code].http;
export const grpcStatus = (code: ErrorCode): Status => table[code].grpc;

/** How long to stay away, as both doors say it and words repeat it: whole seconds. */
export const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** What others' servers say besides our own words; whatever is not here is a failure of the peer. */
const foreign: Partial<Record<Status, ErrorCode>> = {
  [Status.ALREADY_EXISTS]: "conflict",
  [Status.ABORTED]: "conflict",
  [Status.OUT_OF_RANGE]: "invalid",
  [Status.DEADLINE_EXCEEDED]: "unavailable",
};

export function codeOfGrpc(status: Status): ErrorCode | undefined {
  const own = (Object.keys(table) as ErrorCode[]).find((code) => table[code].grpc === status);
  return own ?? foreign[status];
}
