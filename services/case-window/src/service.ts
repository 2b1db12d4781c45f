// The case window as a value: give it its dependencies, get back doors, consumers and a journal.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { Fleeting } from "@onething/service/fleeting/port";
import {
  Calendars,
  calendarConsumer,
  calendarKindOf,
  keepLooking,
  type Looking,
} from "@onething/service/heard-calendar";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import type { Deps } from "./deps.ts";
import { caseKind } from "./domain/decide.ts";
import { createConsumer } from "./events.ts";
import { createRoutes } from "./http.ts";
import { createLive } from "./live.ts";
import type { Peers } from "./peers.ts";
import { createRpc } from "./rpc.ts";

export const schema = "casewindow";
export const migrations = [journalMigrations, new URL("../migrations/", import.meta.url)];
export const calendarKind = calendarKindOf("case.calendar_heard");
export const kinds = [caseKind, calendarKind] as const;

export interface CaseWindowOptions extends ServiceDeps {
  peers: Peers;
  /** How replicas tell each other which cases have moved. */
  fleeting: Fleeting;
}

export function createService(options: CaseWindowOptions): RunningService {
  const { db, keyring, log, meters, now, fleeting } = options;
  const journal = createJournal({ db, kinds, hashKey: keyring.hashKey, now, log, meters });
  const live = createLive(fleeting);
  journal.onCommit(live.committed);
  const calendars = new Calendars();
  let looking: Looking | undefined;
  const deps: Deps & ServiceDeps = { ...options, journal, live, calendarOf: calendars.of };
  return {
    name: "case-window",
    journal,
    routes: createRoutes(deps),
    rpc: [createRpc(deps)],
    consumers: [createConsumer(deps), calendarConsumer("case-calendar", { journal, kind: calendarKind })],
    start: async () => {
      await calendars.look(db);
      journal.start();
      looking = keepLooking(() => calendars.look(db), log);
    },
    stop: async () => {
      live.stop();
      await looking?.stop();
      await journal.stop();
    },
  };
}
