// approval-workflow as a value: given its dependencies it answers with its doors and its consumer.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { Arrivals } from "./arrivals.ts";
import { nationalRules, type Rules } from "./domain/stroke.ts";
import { caseConsumer, licenceConsumer, paperConsumer } from "./events.ts";
import { deadlineGauges } from "./gauges.ts";
import { httpDoor } from "./http.ts";
import {
  approvalKind,
  approvalsUnder,
  consultationKind,
  delegationKind,
  paperKind,
  seriesKind,
  viewingKind,
} from "./kind.ts";
import { rpcDoor } from "./rpc.ts";
import type { PaperDeps } from "./verbs/issue-paper.ts";

export const schema = "approval";

export const migrations: URL[] = [journalMigrations, new URL("../migrations/", import.meta.url)];

const besides = [viewingKind, delegationKind, consultationKind, seriesKind, paperKind] as const;
export const kinds = [approvalKind, ...besides] as const;

export interface ApprovalOptions {
  lanes?: number;
  rules?: Rules;
  /** Where people reach the platform, as it stands on papers. */
  publicUrl: () => string;
}

export function createService(given: ServiceDeps & ApprovalOptions): RunningService {
  const { db, keyring, log, meters, now, lanes, publicUrl, rules = nationalRules } = given;
  const kind = approvalsUnder(rules);
  const journal = createJournal({
    db,
    kinds: [kind, ...besides],
    hashKey: keyring.hashKey,
    now,
    log,
    meters,
    lanes,
  });
  const arrivals = new Arrivals();
  const deps: PaperDeps = { db, journal, kind, rules, keyring, log, now, arrivals, publicUrl };
  return {
    name: "approval-workflow",
    journal,
    routes: httpDoor(deps, given),
    rpc: [rpcDoor(deps)],
    consumers: [caseConsumer(deps), licenceConsumer(deps), paperConsumer(deps)],
    gauges: deadlineGauges(db, now),
    start: async () => journal.start(),
    stop: () => journal.stop(),
  };
}
