// A refusal on its way through gRPC: the status says the code, a trailer carries the reason and the words, and the client
// makes the same OnethingError of it again.
import { type ErrorCode, OnethingError, unavailable } from "@onething/kernel/errors";
import { type ClientError, type Metadata, ServerError, Status } from "nice-grpc-common";
import { z } from "zod";
import { codeOfGrpc, grpcStatus, wholeSeconds } from "./status.ts";

const trailerKey = "onething-problem-bin";
/** As over HTTP, in seconds: for whoever reads no more than this. */
const retryKey = "retry-after";
/** Trailers are headers, and headers are small: more fields than this are not sent. */
const maxFields = 20;

const Words = z.object({ zh: z.string(), en: z.string() });
const WireProblem = Words.extend({
  reason: z.string(),
  fields: z.array(z.object({ field: z.string(), text: Words })),
  retryAfterMs: z.number().optional(),
});

/** Its status is DEADLINE_EXCEEDED, which clients do not repeat by themselves. */
export const callTooLong = "call.too_long";

/** The status to answer with; the words go into `trailer`. Only public words leave. */
export function toServerError(error: unknown, trailer: Metadata): ServerError {
  if (error instanceof ServerError) return error;
  if (!(error instanceof OnethingError)) return new ServerError(Status.INTERNAL, "internal error");
  const wire: z.infer<typeof WireProblem> = {
    reason: error.reason,
    ...error.public,
    fields: error.fields.slice(0, maxFields),
    retryAfterMs: error.retryAfterMs,
  };
  trailer.set(trailerKey, Buffer.from(JSON.stringify(wire)));
  if (error.retryAfterMs !== undefined) trailer.set(retryKey, String(wholeSeconds(error.retryAfterMs)));
  const status = error.reason === callTooLong ? Status.DEADLINE_EXCEEDED : grpcStatus(error.code);
  return new ServerError(status, error.public.en);
}

/** What a failed call means to the caller. A peer that broke is `unavailable`: whoever waits may try again. */
export function fromClientError(error: ClientError, trailer: Metadata | undefined): OnethingError {
  const code = codeOfGrpc(error.code);
  const wire = code && readProblem(trailer);
  if (wire) {
    const { reason, zh, en, fields, retryAfterMs } = wire;
    return new OnethingError(
      code,
      reason,
      { zh, en },
      { fields, retryAfterMs, internal: error.message, cause: error },
    );
  }
  const details = { internal: error.message, cause: error };
  if (error.code === Status.DEADLINE_EXCEEDED)
    return unavailable(
      "peer.deadline",
      "对方系统答复超时，请稍后再试",
      "The other system answered too late; try again later",
      details,
    );
  if (error.code === Status.UNAVAILABLE)
    return unavailable(
      "peer.unreachable",
      "对方系统暂时连接不上，请稍后再试",
      "The other system cannot be reached; try again later",
      details,
    );
  if (error.code === Status.RESOURCE_EXHAUSTED && /larger than/.test(error.details))
    return new OnethingError("exhausted", "message.too_large", tooLarge, details);
  if (code === undefined)
    return unavailable(
      "peer.failed",
      "对方系统出错，请稍后再试",
      "The other system failed; try again later",
      details,
    );
  return new OnethingError(code, `peer.${code satisfies ErrorCode}`, refused, details);
}

const tooLarge = {
  zh: "消息过大：一条消息不超过 4 MB，请分次发送",
  en: "The message is too large: one holds at most 4 MB; send it in parts",
};
const refused = { zh: "对方系统没有接受请求", en: "The other system did not accept the request" };

function readProblem(trailer: Metadata | undefined): z.infer<typeof WireProblem> | undefined {
  const bytes = trailer?.get(trailerKey);
  if (!bytes) return undefined;
  try {
    return WireProblem.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return undefined;
  }
}
