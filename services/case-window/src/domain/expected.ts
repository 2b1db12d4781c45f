// When the case is likely to end: the promised limits along the longest path of binding edges.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { type Calendar, dueDate, type LimitUnit } from "@onething/kernel/calendar";
import { startOfDay } from "@onething/kernel/civil-date";
import { bindingEdges } from "./receipts.ts";

interface End {
  on: string;
  provisional: boolean;
}

/** Civil date on the critical path, and whether a year on the way has no announced calendar; empty if nothing is promised. */
export function expectedEnd(plan: Plan, receipts: readonly Receipt[], from: Date, calendar: Calendar): End {
  const known = new Map<string, End & { at: Date }>();
  const endOf = (code: string): End & { at: Date } => {
    const seen = known.get(code);
    if (seen) return seen;
    const before = bindingEdges(plan, receipts, code).map(endOf);
    const latest = new Date(Math.max(from.getTime(), ...before.map((each) => each.at.getTime())));
    const promised = plan.items.find((item) => item.code === code)?.promised;
    const due = promised
      ? dueDate(calendar, { n: promised.n, unit: promised.unit as LimitUnit }, latest)
      : { on: "", provisional: false };
    const end = {
      on: due.on,
      provisional: due.provisional || before.some((each) => each.provisional),
      at: due.on ? startOfDay(due.on) : latest,
    };
    known.set(code, end);
    return end;
  };
  const ends = plan.items.map((item) => endOf(item.code));
  const on =
    ends
      .map((each) => each.on)
      .sort()
      .at(-1) ?? "";
  return { on, provisional: ends.some((each) => each.on === on && each.provisional) };
}
