// Calls to other services. A client has a default deadline, sends the caller's token, and throws the OnethingError that the
// other side threw, so a refusal reads the same at whichever door it comes out.
import {
  type ClientMiddleware,
  type CompatServiceDefinition,
  createClientFactory,
  type Client as NiceClient,
} from "nice-grpc";
import { type DeadlineOptions, deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { ClientError, Metadata } from "nice-grpc-common";
import { openChannel, type PeerTls } from "./channel.ts";
import { currentRequestId, requestIdHeader } from "./request-id.ts";
import { fromClientError } from "./rpc-problem.ts";
import { traceparent } from "./tracing.ts";
import type { Meters } from "./types.ts";

/** How a peer is typed: `peers: { catalog: Client<typeof CatalogServiceDefinition> }`. */
export type Client<D extends CompatServiceDefinition> = NiceClient<D, DeadlineOptions>;
/** A client that owns its connection. */
export type GrpcClient<D extends CompatServiceDefinition> = Client<D> & { close(): void };

export interface ClientOptions {
  token?: () => Promise<string>;
  /** For calls with one answer that name no deadline of their own; streams have none by default. */
  deadlineMs: number;
  /** Where calls are counted, and as what. */
  meters?: Meters;
  meter?: string;
  /** Mutual TLS; without it the connection is plain, for one machine only. */
  tls?: PeerTls;
}

/** `address`: `host:port`, several with commas between for replicas, or `unix:/path`. */
export function grpcClient<D extends CompatServiceDefinition>(
  definition: D,
  address: string,
  options: ClientOptions,
): GrpcClient<D> {
  const channel = openChannel(definition, address, options.tls);
  const client: Client<D> = createClientFactory()
    .use(deadlineMiddleware)
    .use(dress(options))
    .create(definition, channel);
  return Object.assign(client, { close: () => channel.close() });
}

/** Dresses a call with deadline, token and request id, and turns a failure back into what the other side meant. */
function dress(options: ClientOptions): ClientMiddleware<DeadlineOptions, DeadlineOptions> {
  const { token, deadlineMs, meters, meter = "grpcCallsOut" } = options;
  return async function* (call, callOptions) {
    const metadata = Metadata(callOptions.metadata);
    if (token) metadata.set("authorization", `Bearer ${await token()}`);
    const requestId = currentRequestId();
    if (requestId !== undefined && !metadata.has(requestIdHeader)) metadata.set(requestIdHeader, requestId);
    const parent = traceparent();
    if (parent) metadata.set("traceparent", parent);
    meters?.count(meter);
    let trailer: Metadata | undefined;
    try {
      return yield* call.next(call.request, {
        ...callOptions,
        metadata,
        deadline: callOptions.deadline ?? (call.responseStream ? undefined : deadlineMs),
        onTrailer: (received) => {
          trailer = received;
          callOptions.onTrailer?.(received);
        },
      });
    } catch (error) {
      throw error instanceof ClientError ? fromClientError(error, trailer) : error;
    }
  };
}
