// approval-workflow as a value: given its dependencies it answers with its doors and its consumer.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import { calendarConsumer, keepLooking, type Looking } from "@onething/service/heard-calendar";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { Arrivals } from "./arrivals.ts";
import { CityRules } from "./city-rules.ts";
import { caseConsumer, licenceConsumer, paperConsumer } from "./events.ts";
import { deadlineGauges } from "./gauges.ts";
import { httpDoor } from "./http.ts";
import {
  approvalKind,
  approvalsUnder,
  calendarKind,
  consultationKind,
  delegationKind,
  paperKind,
  seriesKind,
  viewingKind,
} from "./kind.ts";
import { rpcDoor } from "./rpc.ts";
import { attachmentDoor } from "./rpc-attachments.ts";
import type { PaperDeps } from "./verbs/issue-paper.ts";
import { changeOver } from "./verbs/recount.ts";
import { keepSweeping } from "./verbs/sweep-uploads.ts";

export const schema = "approval";

export const migrations: URL[] = [journalMigrations, new URL("../migrations/", import.meta.url)];

const besides = [calendarKind, viewingKind, delegationKind, consultationKind, seriesKind, paperKind] as const;
export const kinds = [approvalKind, ...besides] as const;

export interface ApprovalOptions {
  lanes?: number;
  /** Where people reach the platform, as it stands on papers. */
  publicUrl: () => string;
}

export function createService(given: ServiceDeps & ApprovalOptions): RunningService {
  const { db, keyring, log, meters, now, lanes, publicUrl } = given;
  const rules = new CityRules();
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
  let looking: Looking[] = [];
  const deps: PaperDeps = { db, journal, kind, rules, keyring, log, now, arrivals, publicUrl };
  return {
    name: "approval-workflow",
    journal,
    routes: httpDoor(deps, given),
    rpc: [rpcDoor(deps), attachmentDoor(deps)],
    consumers: [
      caseConsumer(deps),
      licenceConsumer(deps),
      paperConsumer(deps),
      calendarConsumer("approval-calendar", { journal, kind: calendarKind }),
    ],
    gauges: deadlineGauges(db, now),
    start: async () => {
      await rules.look(db);
      journal.start();
      looking = [keepLooking(() => changeOver(deps, rules), log), keepSweeping(deps)];
    },
    stop: async () => {
      await Promise.all(looking.map((each) => each.stop()));
      await journal.stop();
    },
  };
}
