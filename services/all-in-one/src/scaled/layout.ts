// Which processes a scaled platform on one machine has, where each listens, and what each is told.
import { join } from "node:path";
import { certificateFolder } from "@onething/service/certificates";
import { freePort } from "../ports.ts";

export const services = [
  "item-catalog",
  "licence-registry",
  "verification",
  "approval-workflow",
  "case-window",
] as const;
export type ServiceName = (typeof services)[number];

/** Names with certificates besides the departments: services, and whoever else calls. */
export const callers = [...services, "front", "department-simulator", "operator"] as const;

export interface Place {
  name: ServiceName | "front";
  replica: number;
  port: number;
  grpcPort: number;
}

/** Everything the processes share. */
export interface Surroundings {
  databaseUrl: string;
  masterKeyFile: string;
  brokers: string;
  redisUrl: string;
  certificates: string;
  issuerKey: string;
  catalogue: string;
  registers: Record<string, string>;
  firstRetryMs: number;
  logLevel: string;
}

const host = "127.0.0.1";

export async function layOut(replicas: number): Promise<Place[]> {
  const wanted = services.flatMap((name) =>
    Array.from({ length: replicas }, (_, replica) => ({ name, replica })),
  );
  const taken = new Set<number>();
  const port = async (): Promise<number> => {
    const found = await freePort();
    if (taken.has(found)) return port();
    taken.add(found);
    return found;
  };
  const places: Place[] = [];
  for (const each of [...wanted, { name: "front" as const, replica: 0 }])
    places.push({ ...each, port: await port(), grpcPort: await port() });
  return places;
}

const list = (places: readonly Place[], portOf: (place: Place) => number): string =>
  services
    .map((name) => {
      const own = places.filter((place) => place.name === name);
      return `${name}=${own.map((place) => `${host}:${portOf(place)}`).join(",")}`;
    })
    .join(";");

/** Addresses of one service's gRPC doors. */
export const grpcAddresses = (places: readonly Place[], name: ServiceName): string =>
  places
    .filter((place) => place.name === name)
    .map((place) => `${host}:${place.grpcPort}`)
    .join(",");

export function environmentOf(
  place: Place,
  places: readonly Place[],
  around: Surroundings,
): Record<string, string> {
  const front = places.find((each) => each.name === "front")!;
  const registers = Object.entries(around.registers).map(([code, address]) => `${code}=${address}`);
  const common = {
    ONETHING_HOST: host,
    ONETHING_PORT: String(place.port),
    ONETHING_PEERS: list(places, (each) => each.grpcPort),
    ONETHING_TLS: certificateFolder(around.certificates, place.name),
    ONETHING_CATALOGUE: around.catalogue,
    ONETHING_REDIS_URL: around.redisUrl,
    ONETHING_LOG_LEVEL: around.logLevel,
  };
  if (place.name === "front")
    return {
      ...common,
      ONETHING_HTTP_PEERS: list(places, (each) => each.port),
      ONETHING_SAMPLE: "on",
      ONETHING_ISSUER_KEY: around.issuerKey,
    };
  return {
    ...common,
    ONETHING_GRPC_PORT: String(place.grpcPort),
    ONETHING_DATABASE_URL: around.databaseUrl,
    ONETHING_MASTER_KEY_FILE: around.masterKeyFile,
    ONETHING_KAFKA_BROKERS: around.brokers,
    ONETHING_JWKS: `http://${host}:${front.port}/.well-known/jwks.json`,
    ONETHING_REGISTERS: registers.join(";"),
    ONETHING_REGISTER_RETRY_MS: String(around.firstRetryMs),
    ONETHING_PUBLIC_URL: `http://${host}:${front.port}`,
  };
}

/** The program of a place, and its arguments. */
export const programOf = ({ name }: Place): { file: URL; args: string[] } =>
  name === "front"
    ? { file: new URL("../main.ts", import.meta.url), args: ["front"] }
    : { file: new URL(join("../../..", name, "src/main.ts"), import.meta.url), args: [] };
