// approval-workflow as a value: given its dependencies it answers with its doors and its consumer.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { Arrivals } from "./arrivals.ts";
import { Calendars } from "./calendars.ts";
import { nationalRules, type Rules } from "./domain/stroke.ts";
import { calendarConsumer, caseConsumer, licenceConsumer, paperConsumer } from "./events.ts";
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
import type { PaperDeps } from "./verbs/issue-paper.ts";
import { changeOver } from "./verbs/recount.ts";

export const schema = "approval";

export const migrations: URL[] = [journalMigrations, new URL("../migrations/", import.meta.url)];

const besides = [calendarKind, viewingKind, delegationKind, consultationKind, seriesKind, paperKind] as const;
export const kinds = [approvalKind, ...besides] as const;

/** How often a replica looks whether another calendar counts. */
const lookMs = 2000;

export interface ApprovalOptions {
  lanes?: number;
  /** Of the city; whose calendar counts comes from the catalogue. */
  rules?: Omit<Rules, "calendarOf">;
  /** Where people reach the platform, as it stands on papers. */
  publicUrl: () => string;
}

export function createService(given: ServiceDeps & ApprovalOptions): RunningService {
  const { db, keyring, log, meters, now, lanes, publicUrl } = given;
  const calendars = new Calendars();
  const rules: Rules = { ...nationalRules, ...given.rules, calendarOf: calendars.of };
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
  let looking: Looking | undefined;
  const deps: PaperDeps = { db, journal, kind, rules, keyring, log, now, arrivals, publicUrl };
  return {
    name: "approval-workflow",
    journal,
    routes: httpDoor(deps, given),
    rpc: [rpcDoor(deps)],
    consumers: [caseConsumer(deps), licenceConsumer(deps), paperConsumer(deps), calendarConsumer(deps)],
    gauges: deadlineGauges(db, now),
    start: async () => {
      await calendars.look(db);
      journal.start();
      looking = lookEvery(lookMs, () => changeOver(deps, calendars), log);
    },
    stop: async () => {
      await looking?.stop();
      await journal.stop();
    },
  };
}

interface Looking {
  stop(): Promise<void>;
}

/** One look after another; a look that fails is made again. */
function lookEvery(ms: number, look: () => Promise<void>, log: ServiceDeps["log"]): Looking {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => log.warn({ err: error }, "could not look for a newer calendar"))
      .finally(() => {
        running = undefined;
      });
  }, ms);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
