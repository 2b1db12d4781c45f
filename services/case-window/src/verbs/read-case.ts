// What the history of a case tells its reader: the timeline, and whose day each working day was.
import { conflict } from "@onething/kernel/errors";
import type { Deps } from "../deps.ts";
import type { CaseEvent, CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { type Ledger, ledgerOf } from "../domain/ledger.ts";
import { type TimelineEntry, timelineOf } from "../domain/timeline.ts";

type Reading = Pick<Deps, "journal" | "calendarOf" | "now">;

/** No ledger before the submission. */
export async function readCase(
  deps: Reading,
  state: CaseState,
): Promise<{ timeline: TimelineEntry[]; ledger: Ledger | undefined }> {
  const events = (await deps.journal.history(caseKind, state.id)) as (CaseEvent & { at: string })[];
  const calendar = deps.calendarOf(state.plan?.division ?? "");
  return { timeline: timelineOf(state, events), ledger: ledgerOf(calendar, events, deps.now()) };
}

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
