// approval-workflow as a value: given its dependencies it answers with its doors and its consumer.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { Arrivals } from "./arrivals.ts";
import { nationalRules, type Rules } from "./domain/stroke.ts";
import { caseConsumer, licenceConsumer } from "./events.ts";
import { deadlineGauges } from "./gauges.ts";
import { httpDoor } from "./http.ts";
import { approvalKind, approvalsUnder, consultationKind, delegationKind, viewingKind } from "./kind.ts";
import { rpcDoor } from "./rpc.ts";
import type { Deps } from "./verbs/deps.ts";

export const schema = "approval";

export const migrations: URL[] = [journalMigrations, new URL("../migrations/", import.meta.url)];

export const kinds = [approvalKind, viewingKind, delegationKind, consultationKind] as const;

export function createService(given: ServiceDeps & { lanes?: number; rules?: Rules }): RunningService {
  const { db, keyring, log, meters, now, lanes, rules = nationalRules } = given;
  const kind = approvalsUnder(rules);
  const journal = createJournal({
    db,
    kinds: [kind, viewingKind, delegationKind, consultationKind],
    hashKey: keyring.hashKey,
    now,
    log,
    meters,
    lanes,
  });
  const deps: Deps = { db, journal, kind, rules, keyring, log, now, arrivals: new Arrivals() };
  return {
    name: "approval-workflow",
    journal,
    routes: httpDoor(deps, given),
    rpc: [rpcDoor(deps)],
    consumers: [caseConsumer(deps), licenceConsumer(deps)],
    gauges: deadlineGauges(db, now),
    start: async () => journal.start(),
    stop: () => journal.stop(),
  };
}
