// The licence registry as a value: main.ts, all-in-one and tests start this very same thing.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { approvalConsumer } from "./events.ts";
import { licenceRoutes } from "./http.ts";
import { holderKind, licenceKind, revocationKind } from "./kinds.ts";
import type { Registry } from "./registry.ts";
import { licenceDoor } from "./rpc.ts";

export const schema = "licence";
export const migrations = [journalMigrations, new URL("../migrations/", import.meta.url)];
export const kinds = [licenceKind, holderKind, revocationKind];

export interface LicenceRegistryOptions extends ServiceDeps {
  /** First signs of every serial. Default `TEST`: synthetic data. */
  serialPrefix?: string;
}

export function createService(options: LicenceRegistryOptions): RunningService {
  const { db, keyring, log, meters, now, serialPrefix = "TEST" } = options;
  const journal = createJournal({
    db,
    kinds,
    hashKey: keyring.hashKey,
    now,
    log,
    meters,
  });
  const registry: Registry = { db, journal, keyring, now, serialPrefix };
  return {
    name: "licence-registry",
    journal,
    routes: licenceRoutes(options, registry),
    rpc: [licenceDoor(registry)],
    consumers: [approvalConsumer(registry)],
    start: async () => journal.start(),
    stop: () => journal.stop(),
  };
}
