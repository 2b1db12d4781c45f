// The gRPC door of a service: every call carries a token, is answered only to the roles its method names, and fails with a
// status and words instead of a stack.
import { descriptors } from "@onething/contracts/descriptors";
import { forbidden, invalid, unavailable } from "@onething/kernel/errors";
import {
  type CallContext,
  type CompatServiceDefinition,
  createServer,
  type NormalizedServiceDefinition,
  ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  type ServiceImplementation,
  type TsProtoServiceDefinition,
} from "nice-grpc";
import { type Metadata, Status } from "nice-grpc-common";
import { HealthDefinition, HealthServiceImpl, HealthState } from "nice-grpc-server-health";
import { ServerReflection, ServerReflectionService } from "nice-grpc-server-reflection";
import type { Limiter } from "./fleeting/limits.ts";
import { report } from "./log.ts";
import { requestIdFrom, requestIdHeader, withRequestIdEach } from "./request-id.ts";
import { hearing, type Patience, slowReaders, patience as usual, within } from "./rpc-patience.ts";
import { toServerError } from "./rpc-problem.ts";
import { openPeers, serverCredentials } from "./tls.ts";
import { bearerToken } from "./tokens.ts";
import { inSpanEach, SpanKind } from "./tracing.ts";
import type { Caller, Role, ServiceDeps } from "./types.ts";

/** What a handler is told besides the request. `signal` aborts when the caller goes away or (streams) the server stops. */
export interface RpcContext {
  caller: Caller;
  signal: AbortSignal;
  requestId: string;
}

type WithContext<Method> = Method extends (request: infer Request, context: CallContext) => infer Answer
  ? (request: Request, context: RpcContext) => Answer
  : never;

/** One function for each method: async for a single answer, an async generator for a stream. */
export type RpcImplementation<D extends CompatServiceDefinition> = {
  [M in keyof NormalizedServiceDefinition<D>]: WithContext<ServiceImplementation<D>[M]>;
};

export interface RpcDoor {
  definition: TsProtoServiceDefinition;
  implementation: Record<string, (request: never, context: RpcContext) => unknown>;
  /** Roles by method path (`/package.Service/Method`); a method that is not here is answered to nobody. */
  allow: ReadonlyMap<string, readonly Role[]>;
}

export function rpc<D extends TsProtoServiceDefinition>(
  definition: D,
  implementation: RpcImplementation<D>,
  { allow }: { allow: readonly Role[] | Readonly<Record<keyof D["methods"], readonly Role[]>> },
): RpcDoor {
  const rolesOf = (method: string): readonly Role[] =>
    (Array.isArray(allow) ? allow : (allow as Record<string, readonly Role[]>)[method]) ?? [];
  const paths = Object.entries(definition.methods).map(
    ([key, { name }]) => [`/${definition.fullName}/${name}`, rolesOf(key)] as const,
  );
  return { definition, implementation, allow: new Map(paths) };
}

export interface GrpcServer {
  /** Where it listens: `host:port`, or the socket's path as given. */
  address: string;
  port: number;
  /** Ends streams, lets other calls finish for at most `withinMs`, then cuts them off. */
  stop(withinMs?: number): Promise<void>;
}

type Deps = Pick<ServiceDeps, "authenticate" | "log" | "meters">;

/** What a door asks of whoever stands before it. */
interface Threshold {
  identify(metadata: Metadata): Promise<Caller>;
  /** Ends the caller's streams, with the refusal as its reason. */
  withdrawn(metadata: Metadata): AbortSignal;
  limiter?: Pick<Limiter, "caller"> | undefined;
  patience: Patience;
}

const maxMessageBytes = 4 * 1024 * 1024;
const serverOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
};

/**
 * `address`: `127.0.0.1:0` for any free port, or `unix:/path` for a socket. With `tls`, a folder of certificates, only
 * peers with one of the same authority get in, and who calls is who their certificate names; without it, a token says.
 * `limiter` holds back departments and people; a stream counts when it is opened, and our own services have no limit.
 */
export async function startGrpcServer(options: {
  doors: RpcDoor[];
  deps: Deps;
  address: string;
  tls?: string | undefined;
  limiter?: Threshold["limiter"];
  patience?: Patience | undefined;
}): Promise<GrpcServer> {
  const { doors, deps, address, tls, limiter, patience = usual } = options;
  const peers = tls ? await openPeers(tls, deps.log) : undefined;
  const threshold: Threshold = {
    ...(peers ?? { identify: ofToken(deps), withdrawn: () => never }),
    ...{ limiter, patience },
  };
  const stopping = new AbortController();
  const health = HealthState();
  const server = createServer(serverOptions);
  for (const door of doors) {
    const implementation = door.implementation as unknown as ServiceImplementation<
      TsProtoServiceDefinition,
      RpcContext
    >;
    server.with(guard(door, deps, threshold, stopping.signal)).add(door.definition, implementation);
    health.setStatus("healthy", door.definition.fullName);
  }
  server.with(endsWith(stopping.signal)).add(HealthDefinition, HealthServiceImpl(health));
  const names = doors.map((door) => door.definition.fullName);
  server.add(ServerReflectionService, ServerReflection(descriptors(), names));
  const port = await server.listen(address, await serverCredentials(tls, slowReaders(patience.readerMs)));
  return {
    port,
    address: address.startsWith("unix:") ? address : address.replace(/:\d+$/, `:${port}`),
    stop: async (withinMs = 5_000) => {
      for (const name of ["", ...names]) health.setStatus("unhealthy", name);
      stopping.abort();
      peers?.close();
      const cut = setTimeout(() => server.forceShutdown(), withinMs);
      await server.shutdown().finally(() => clearTimeout(cut));
    },
  };
}

/** Tokens end by themselves, and soon. */
const never = new AbortController().signal;

const ofToken =
  ({ authenticate }: Deps) =>
  (metadata: Metadata): Promise<Caller> =>
    authenticate(bearerToken(metadata.get("authorization")));

/** Asks who calls, lets the allowed in, and answers what was thrown as a status. */
function guard(
  door: RpcDoor,
  deps: Deps,
  { identify, withdrawn, limiter, patience }: Threshold,
  stopping: AbortSignal,
): ServerMiddleware<RpcContext> {
  return async function* <Q, A>(call: ServerMiddlewareCall<Q, A, RpcContext>, context: CallContext) {
    const { log, meters } = deps;
    const requestId = requestIdFrom(context.metadata.get(requestIdHeader));
    const started = performance.now();
    const path = call.method.path;
    if (call.responseStream) context.header.set(requestIdHeader, requestId);
    meters.count("grpcCalls");
    const shutOut = withdrawn(context.metadata);
    let code = "OK";
    try {
      const caller = onBehalf(await identify(context.metadata), context.metadata.get(officerHeader));
      admit(caller, door.allow.get(path) ?? [], path);
      await limiter?.caller(caller);
      const span = { kind: SpanKind.SERVER, parent: context.metadata.get("traceparent") };
      const run = (until: AbortSignal, heard = () => {}) => {
        const signal = AbortSignal.any([context.signal, until]);
        const request = call.requestStream ? hearing(call.request, heard) : call.request;
        const steps = call.next(request, { ...context, signal, caller, requestId });
        // biome-ignore lint/suspicious/noConfusingVoidType: a stream ends with nothing, and nice-grpc types it so
        return withRequestIdEach(requestId, inSpanEach<A, A | void>(path.slice(1), span, steps));
      };
      const ending = AbortSignal.any([stopping, shutOut]);
      const answer = yield* call.responseStream ? run(ending) : within(patience.callMs, run);
      if (call.responseStream) shutOut.throwIfAborted();
      context.header.set(requestIdHeader, requestId);
      return answer;
    } catch (error) {
      if (isAbort(error) && context.signal.aborted) throw error;
      const known = isAbort(error) ? endOf(error, shutOut, stopping) : error;
      if (!(known instanceof ServerError)) report(log, known, { requestId, path });
      // Not in the header: once that is sent, a client that may repeat the call does so no longer.
      context.trailer.set(requestIdHeader, requestId);
      const answered = toServerError(known, context.trailer);
      code = Status[answered.code];
      throw answered;
    } finally {
      meters.total("onething_grpc_calls_total", { method: path, code });
      // A stream's length says nothing of how quick we are.
      if (!call.responseStream)
        meters.observe("onething_grpc_call_seconds", (performance.now() - started) / 1000, { method: path });
      log.debug({ requestId, path, ms: Math.round(performance.now() - started) }, "call");
    }
  };
}

/** The officer on whose behalf a department's system calls: an account in that system, which vouches for it. */
export const officerHeader = "onething-officer";

function onBehalf(caller: Caller, officer: string | undefined): Caller {
  if (caller.role !== "department" || officer === undefined) return caller;
  if (/^[\w.@-]{1,64}$/.test(officer)) return { ...caller, officer };
  throw invalid(
    "officer.invalid",
    `${officerHeader} 须为 1 至 64 个字母、数字或 . _ @ -`,
    `${officerHeader} has 1 to 64 letters, digits or . _ @ -`,
  );
}

function admit(caller: Caller, allowed: readonly Role[], path: string): void {
  if (allowed.includes(caller.role)) return;
  throw forbidden("role.not_allowed", "您的身份不能办理此事项", "Your role may not do this", {
    internal: `${caller.role} may not call ${path}`,
  });
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

/** Why what was given up was given up. */
function endOf(error: unknown, shutOut: AbortSignal, stopping: AbortSignal): unknown {
  if (shutOut.aborted) return shutOut.reason;
  return stopping.aborted ? restarting(error) : error;
}

const restarting = (cause: unknown) =>
  unavailable(
    "server.stopping",
    "系统正在重启，请稍后重连",
    "The system is restarting; connect again in a moment",
    { cause },
  );

/** Health watches end with the server instead of holding up its stop. */
const endsWith = (stopping: AbortSignal): ServerMiddleware =>
  async function* (call, context) {
    const signal = call.responseStream ? AbortSignal.any([context.signal, stopping]) : context.signal;
    return yield* call.next(call.request, { ...context, signal });
  };
