// What the history of a case tells its reader: the timeline, and whose day each working day was.

import type { Calendar } from "@onething/kernel/calendar";
import { civilDate } from "@onething/kernel/civil-date";
import { conflict } from "@onething/kernel/errors";
import type { Deps } from "../deps.ts";
import type { CaseEvent, CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { type End, expectedNow } from "../domain/expected.ts";
import { type Ledger, ledgerOf } from "../domain/ledger.ts";
import { type TimelineEntry, timelineOf } from "../domain/timeline.ts";

type Reading = Pick<Deps, "journal" | "calendarOf" | "now">;

export interface Read {
  today: string;
  expected: End;
  timeline: TimelineEntry[];
  /** None before the submission. */
  ledger: Ledger | undefined;
}

export async function readCase(deps: Reading, state: CaseState): Promise<Read> {
  const events = (await deps.journal.history(caseKind, state.id)) as (CaseEvent & { at: string })[];
  const ledger = ledgerOf(calendarFor(deps, state), events, deps.now());
  return { ...glance(deps, state), timeline: timelineOf(state, events), ledger };
}

/** What a list shows: no history is read. */
export function glance(deps: Omit<Reading, "journal">, state: CaseState): Pick<Read, "today" | "expected"> {
  const now = deps.now();
  return { today: civilDate(now), expected: expectedNow(state, calendarFor(deps, state), now) };
}

const calendarFor = ({ calendarOf }: Pick<Deps, "calendarOf">, { plan }: CaseState): Calendar =>
  calendarOf(plan?.division ?? "");

/** Errors: `conflict` before the submission. */
export async function readLedger(deps: Reading, state: CaseState): Promise<Ledger> {
  const { ledger } = await readCase(deps, state);
  if (ledger) return ledger;
  throw conflict(
    "case.not_counted",
    "这个办件还没有提交，还没有开始计时",
    "This case has not been submitted; no day is counted yet",
  );
}
