// The scaled platform for a story: eleven processes, a Kafka and a Redis of its own, on a database of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "@onething/all-in-one/config";
import { grpcAddresses, type ServiceName } from "@onething/all-in-one/scaled/layout";
import { type Scaled, startScaled } from "@onething/all-in-one/scaled/scaled";
import { schemas } from "@onething/all-in-one/storage";
import { type Database, openDatabase } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { certificateFolder } from "@onething/service/certificates";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import type { CompatServiceDefinition } from "nice-grpc";

export interface ScaledCity extends Scaled {
  config: Config;
  /** Superuser's look into the database. */
  admin: Database;
  /** Everything the processes wrote. */
  lines: readonly string[];
  /** A gRPC door of all replicas, called with the certificate of this name. */
  grpc<D extends CompatServiceDefinition>(definition: D, service: ServiceName, as: string): GrpcClient<D>;
  close(): Promise<void>;
}

export async function startScaledCity(): Promise<ScaledCity> {
  const database = await testDatabase(schemas);
  const folder = await mkdtemp(join(tmpdir(), "onething-scaled-"));
  const config: Config = {
    ...readConfig({
      ONETHING_DATA: join(folder, "data"),
      ONETHING_REGISTER_RETRY_MS: "200",
      ONETHING_LOG_LEVEL: "info",
    }),
    databaseUrl: database.adminUrl,
  };
  const lines: string[] = [];
  const log = createLog({ service: "scaled", level: "warn", to: { write: (line) => void lines.push(line) } });
  const scaled = await startScaled(config, {
    ...{ log, play: { delayMs: [1, 10] } },
    onLine: (line) => lines.push(line),
  });
  const admin = openDatabase({ url: database.adminUrl, schema: "casewindow", max: 2 });
  const clients: { close(): void }[] = [];
  return {
    ...scaled,
    ...{ config, admin, lines },
    grpc: (definition, service, as) => {
      const client = grpcClient(definition, grpcAddresses(scaled.places, service), {
        deadlineMs: 10_000,
        tls: { folder: certificateFolder(scaled.certificates, as), name: service },
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.close();
      await scaled.stop();
      await admin.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
