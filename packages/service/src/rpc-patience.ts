// How long a gRPC door waits for others: for a handler to answer, where the caller set no earlier deadline, and for a caller to
// read what it asked for. Whoever does not read holds up nobody but itself, and not for ever.
import { constants, type ServerHttp2Stream } from "node:http2";
import { Metadata as GrpcMetadata, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import { exhausted, unavailable } from "@onething/kernel/errors";
import { Metadata } from "nice-grpc-common";
import { callTooLong, toServerError } from "./rpc-problem.ts";

export interface Patience {
  /** For one answer; of a call that sends a stream, since its last message. */
  callMs: number;
  /** For one message to be read. */
  readerMs: number;
}

export const patience: Patience = { callMs: 30_000, readerMs: 30_000 };

/** Words may still be read by who was only slow; then the stream is cut, with all that waits in it. */
const lastWordsMs = 2_000;

/**
 * The one answer of a call, or the refusal when it takes too long; the handler is told by `signal`. Whatever is `heard` of the
 * caller meanwhile begins the time anew: who sends much has longer, who sends nothing more has not.
 */
export async function* within<A>(
  ms: number,
  run: (signal: AbortSignal, heard: () => void) => AsyncGenerator<A, A | undefined>,
): AsyncGenerator<never, A | undefined> {
  const late = Promise.withResolvers<never>();
  const ending = new AbortController();
  const timer = setTimeout(() => {
    late.reject(tooLong());
    ending.abort();
  }, ms);
  try {
    const heard = () => void timer.refresh();
    const { value } = await Promise.race([run(ending.signal, heard).next(), late.promise]);
    return value;
  } finally {
    clearTimeout(timer);
  }
}

/** The messages of a caller, with word of each. */
export async function* hearing<M>(messages: AsyncIterable<M>, heard: () => void): AsyncGenerator<M> {
  for await (const message of messages) {
    heard();
    yield message;
  }
}

const tooLong = () =>
  unavailable(
    callTooLong,
    "办理时间过长，已停止等待。请稍后用同一 idempotency_key 再试，不会重复办理",
    "This took too long and is waited for no longer; try again later with the same idempotency_key, and nothing happens twice",
  );

type InnerCall = ConstructorParameters<typeof ServerInterceptingCall>[0];

/** Cuts off calls whose caller reads nothing for `ms`: HTTP/2 holds the messages back, and they would stay in memory. */
export const slowReaders =
  (ms: number): ServerInterceptor =>
  (_, call) => {
    // The innermost call: the library has no public way to reset a stream, and its words alone never arrive there.
    const { stream } = call as unknown as { stream: ServerHttp2Stream };
    return new Watched(call, stream, ms);
  };

class Watched extends ServerInterceptingCall {
  readonly #stream: ServerHttp2Stream;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #cut = false;

  constructor(call: InnerCall, stream: ServerHttp2Stream, ms: number) {
    super(call);
    this.#stream = stream;
    this.#ms = ms;
    stream.once("close", () => clearTimeout(this.#timer));
  }

  /** One message at a time: the next is sent when this one has left. */
  override sendMessage(message: unknown, sent: () => void): void {
    if (this.#cut) return;
    this.#timer = setTimeout(() => this.#end(), this.#ms);
    super.sendMessage(message, () => {
      clearTimeout(this.#timer);
      sent();
    });
  }

  #end(): void {
    this.#cut = true;
    const trailer = Metadata();
    const { code, details } = toServerError(unread(), trailer);
    this.sendStatus({ code, details, metadata: toGrpc(trailer) });
    const reset = () => this.#stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    this.#timer = setTimeout(reset, Math.min(lastWordsMs, this.#ms));
  }
}

const unread = () =>
  exhausted(
    "stream.unread",
    "长时间没有读取数据，连接已断开。请用最后收到的游标重新连接，不会遗漏",
    "Nothing was read for too long, so the stream was cut; come back with the last cursor, and nothing is missed",
  );

function toGrpc(metadata: Metadata): GrpcMetadata {
  const plain = new GrpcMetadata();
  for (const [key, values] of metadata)
    for (const value of values) plain.add(key, typeof value === "string" ? value : Buffer.from(value));
  return plain;
}
