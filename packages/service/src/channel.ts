// How a client reaches its peer: over all of its replicas in turn, repeated where a repeat does no harm.
import {
  ChannelCredentials,
  type ChannelOptions,
  Channel as GrpcChannel,
  type ServiceConfig,
} from "@grpc/grpc-js";
import type { CompatServiceDefinition, TsProtoServiceDefinition } from "nice-grpc";
import { replicasTarget } from "./replicas.ts";
import { channelCredentials } from "./tls.ts";

/** `folder`: the caller's own certificate. `name`: whom the peer's certificate must name; without it the host called. */
export interface PeerTls {
  folder: string;
  name?: string;
}

const maxMessageBytes = 4 * 1024 * 1024;
const options: ChannelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // A peer that comes back is found again within a second, not within two minutes.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.dns_min_time_between_resolutions_ms": 5_000,
};

/** `address`: `host:port`, several of them with commas between (replicas), or `unix:/path`. */
export function openChannel(
  definition: CompatServiceDefinition,
  address: string,
  tls: PeerTls | undefined,
): GrpcChannel {
  const credentials = tls ? channelCredentials(tls.folder) : ChannelCredentials.createInsecure();
  return new GrpcChannel(targetOf(address), credentials, {
    ...options,
    "grpc.service_config": JSON.stringify(serviceConfig(definition)),
    ...(tls?.name && { "grpc.ssl_target_name_override": tls.name, "grpc.default_authority": tls.name }),
  });
}

/** One name is looked up by the library itself; a list of hosts, names or addresses, by us. */
const targetOf = (address: string): string => (address.includes(",") ? replicasTarget(address) : address);

const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.1s",
  maxBackoff: "1s",
  backoffMultiplier: 2,
  retryableStatusCodes: [14], // UNAVAILABLE
};

/** Repeated are only the methods whose contract says that it does no harm. */
function serviceConfig(definition: CompatServiceDefinition): Partial<ServiceConfig> {
  const { fullName, methods } = definition as TsProtoServiceDefinition;
  const repeatable = Object.values(methods).filter(
    ({ options: told }) => (told as { idempotencyLevel?: string }).idempotencyLevel !== undefined,
  );
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      { name: repeatable.map(({ name }) => ({ service: fullName, method: name })), retryPolicy },
    ],
  } as unknown as Partial<ServiceConfig>;
}
