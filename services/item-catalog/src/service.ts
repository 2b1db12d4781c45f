// The item catalogue as a value: main.ts, all-in-one and tests start this very same thing.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import type { Catalogue } from "./domain/catalogue.ts";
import { catalogRoutes } from "./http.ts";
import { bundleKind, calendarKind } from "./kind.ts";
import { catalogDoor } from "./rpc.ts";
import { type InForce, notYet, type Snapshot } from "./snapshot.ts";
import { publish } from "./verbs/publish.ts";

export const schema = "catalog";
export const migrations = [journalMigrations, new URL("../migrations/", import.meta.url)];
export const kinds = [bundleKind, calendarKind] as const;

export interface ItemCatalogOptions extends ServiceDeps {
  /** What `readCity` gave: published when the service starts. */
  city: Catalogue;
}

export function createService(options: ItemCatalogOptions): RunningService {
  const { db, keyring, log, meters, now, city } = options;
  const journal = createJournal({ db, kinds, hashKey: keyring.hashKey, now, log, meters });
  let current: Snapshot | undefined;
  const inForce: InForce = {
    get snapshot() {
      if (!current) throw notYet();
      return current;
    },
  };
  return {
    name: "item-catalog",
    journal,
    routes: catalogRoutes(options, inForce),
    rpc: [catalogDoor(inForce)],
    consumers: [],
    start: async () => {
      journal.start();
      current = await publish(journal, city);
    },
    stop: () => journal.stop(),
  };
}
