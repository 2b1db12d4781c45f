// When the case is likely to end: the promised limits along the longest path of binding edges.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { type Calendar, dueDate, type LimitUnit } from "@onething/kernel/calendar";
import { civilDate, startOfDay } from "@onething/kernel/civil-date";
import type { CaseState } from "./case.ts";
import { bindingEdges } from "./receipts.ts";

export interface End {
  on: string;
  provisional: boolean;
}

/**
 * Civil date on the critical path, and whether a year on the way has no announced calendar; empty if nothing is promised. Items
 * of which the end is known, or counted by their department, end then.
 */
export function expectedEnd(
  plan: Plan,
  receipts: readonly Receipt[],
  from: Date,
  calendar: Calendar,
  ends: Readonly<Record<string, End>> = {},
): End {
  const known = new Map<string, End & { at: Date }>();
  for (const [code, end] of Object.entries(ends)) known.set(code, { ...end, at: startOfDay(end.on) });
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
  const all = plan.items.map((item) => endOf(item.code));
  const on =
    all
      .map((each) => each.on)
      .sort()
      .at(-1) ?? "";
  return { on, provisional: all.some((each) => each.on === on && each.provisional) };
}

/**
 * As it stands now: what has ended has, what a department has ends by the date it counts (or from today on, where that has
 * passed), and what waits begins after what it waits for. What was told at the submission stays where the case is closed.
 */
export function expectedNow(state: CaseState, calendar: Calendar, now: Date): End {
  const { plan, receipts, expectedOn = "", expectedProvisional = false } = state;
  if (!plan || state.status !== "running") return { on: expectedOn, provisional: expectedProvisional };
  const today = civilDate(now);
  const items = Object.values(state.items);
  const ends = items.flatMap((item): [string, End][] => {
    if (item.endedAt) return [[item.code, { on: civilDate(item.endedAt), provisional: false }]];
    if (!item.dueOn) return [];
    const provisional = item.dueProvisional ?? false;
    return [
      [item.code, item.dueOn < today ? { on: today, provisional: false } : { on: item.dueOn, provisional }],
    ];
  });
  const working = new Set(items.map(({ code }) => code));
  const inHand = { ...plan, items: plan.items.filter(({ code }) => working.has(code)) };
  return expectedEnd(inHand, receipts, now, calendar, Object.fromEntries(ends));
}
