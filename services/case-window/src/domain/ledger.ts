// The clock ledger of a whole case: whose day each working day after the submission was, up to the end or to now.
//
// An item alone has one owner at a time, as at its department: the department, the applicant while a notice waits for the answer
// (Licensing Law art. 32), nobody's clock while a special procedure runs (art. 45). Of several open items a day belongs
//   1. to the departments, if any item was in a department's hands when the day began; the ledger names all of them;
//   2. else to a legal pause, if a special procedure ran on any item;
//   3. else to the applicant: a notice waits, or a refusal has stopped what has not started until the applicant's word.
// What only waits for a sibling is in the hands that have the sibling. What waits for a register's answer is in the hands of the
// department whose register is silent. A licence that is being issued (art. 44), and a grant that is being recalled, are in those
// of the department that granted. So an open case is always in somebody's hands, and the three sum to the calendar's working days.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Text } from "@onething/contracts/common/v1/common";
import { type Calendar, isProvisional } from "@onething/kernel/calendar";
import { addDays, civilDate } from "@onething/kernel/civil-date";
import { type Days, daysOf, type Owner, type Turn, turnByDay } from "@onething/kernel/ledger";
import {
  type CaseEvent,
  type CaseState,
  evolve,
  type ItemState,
  isBeingRecalled,
  isHeld,
  isWaiting,
} from "./case.ts";
import { receiptsFor } from "./receipts.ts";

type Told = CaseEvent & { at: string };

/** In whose hands something is. Departments by code, in the order of the plan's items. */
interface Hands {
  owner: Owner;
  departments: readonly string[];
}
export type CaseTurn = Turn & Hands;

export interface ItemLedger {
  code: string;
  /** From the start of the item to its department's decision, or to now. */
  days: Days;
  /** Of the department's days those that count for its limits: from the acceptance on. */
  used: number;
}

export interface Ledger {
  /** Date of the submission, itself nobody's day, and the last day that is counted: civil dates of the city. */
  from: string;
  until: string;
  /** It touches a year that is not announced. */
  provisional: boolean;
  days: Days;
  /** Working days that each department had something in its hands; several may have had the same day. */
  departments: { code: string; days: number }[];
  /** Items that have started. */
  items: ItemLedger[];
  each: { date: string; owner: Owner; departments: readonly string[] }[];
}

/** Undefined before the submission. What has happened lies behind us, whatever the clock says now. */
export function ledgerOf(calendar: Calendar, events: readonly Told[], now: Date): Ledger | undefined {
  const { state, turns, items, last } = turnsOf(events);
  if (!state?.submittedAt) return undefined;
  const end = state.status === "closed" ? last : later(last, now.toISOString());
  const [from, until] = [civilDate(state.submittedAt), civilDate(end)];
  const each = turnByDay(calendar, turns, end).map(({ date, turn: { owner, departments } }) => ({
    ...{ date, owner, departments },
  }));
  return {
    ...{ from, until, each },
    provisional: until > from && isProvisional(calendar, addDays(from, 1), until),
    days: daysOf(calendar, turns, end),
    departments: departmentsIn(state.plan!).flatMap((code) => {
      const days = each.filter(({ departments }) => departments.includes(code)).length;
      return turns.some(({ departments }) => departments.includes(code)) ? [{ code, days }] : [];
    }),
    items: items.map((item) => itemLedger(calendar, item, end)),
  };
}

const later = (a: string, b: string): string => (a > b ? a : b);

interface ItemTurns {
  code: string;
  turns: Turn[];
  acceptedAt?: string;
  decidedAt?: string;
}

function itemLedger(calendar: Calendar, item: ItemTurns, end: string): ItemLedger {
  const { code, turns, acceptedAt, decidedAt = end } = item;
  const days = daysOf(calendar, turns, decidedAt);
  if (!acceptedAt) return { code, days, used: 0 };
  const { owner } = turns.findLast(({ from }) => from <= acceptedAt)!;
  const counted: Turn[] = [{ from: acceptedAt, owner }, ...turns.filter(({ from }) => from > acceptedAt)];
  return { code, days, used: daysOf(calendar, counted, decidedAt).department };
}

/**
 * What happened, as turns: of the case from its submission to its end, of each item from its start to the decision. A clock that
 * was set back does not turn the ledger back.
 */
function turnsOf(events: readonly Told[]) {
  const turns: CaseTurn[] = [];
  const items = new Map<string, ItemTurns>();
  let state: CaseState | null = null;
  let last = "";
  for (const event of events) {
    state = evolve(state, { ...event, actor: "" });
    if (state.status === "draft") continue;
    last = later(last, event.at);
    take(turns, last, handsOf(state));
    for (const item of Object.values(state.items)) {
      if (!item.startedAt) continue;
      const own = items.get(item.code) ?? { code: item.code, turns: [] };
      items.set(item.code, own);
      if (own.decidedAt) continue;
      take(own.turns, last, itemHands(state, item));
      if (item.granted || item.status === "ended") own.decidedAt = last;
    }
    if (event.type === "case.item_accepted") accepted(items.get(event.data.item), event.data.how, last);
    if (state.status === "closed") break;
  }
  return { state, turns, items: [...items.values()], last };
}

/** Where no notice came in time, from the day of receipt: of the request, or of the answer to the notice before (art. 32). */
function accepted(item: ItemTurns | undefined, how: string, at: string): void {
  if (!item || item.acceptedAt) return;
  const received = item.turns.findLast(({ owner }) => owner === "department")?.from;
  item.acceptedAt = how === "deemed" ? (received ?? at) : at;
}

/** It is in these hands from now on. What was so for no time at all is not kept; nobody's hands leave it where it was. */
function take<T extends Turn>(turns: T[], from: string, hands: Omit<T, "from"> | undefined): void {
  if (!hands) return;
  if (turns.at(-1)?.from === from) turns.pop();
  const last = turns.at(-1);
  if (last && sameHands(last, hands)) return;
  turns.push({ ...hands, from } as T);
}

const keyOf = ({ owner, departments = [] }: { owner?: Owner; departments?: readonly string[] }): string =>
  [owner, ...departments].join();
const sameHands = (a: object, b: object): boolean => keyOf(a) === keyOf(b);

/** Undefined only where nothing is open. */
function handsOf(state: CaseState): Hands | undefined {
  const all = Object.values(state.items).flatMap((item) => itemHands(state, item) ?? []);
  const held = new Set(all.flatMap(({ departments }) => departments));
  if (held.size > 0)
    return { owner: "department", departments: departmentsIn(state.plan!).filter((code) => held.has(code)) };
  const owner = (["pause", "applicant"] as const).find((each) => all.some((hands) => hands.owner === each));
  return owner && { owner, departments: [] };
}

/** Undefined where it is over, or only waits for a sibling. */
function itemHands(state: CaseState, item: ItemState): Hands | undefined {
  const plan = state.plan!;
  const department = plan.items.find(({ code }) => code === item.code)?.department?.code ?? "";
  if (item.status === "ended")
    return isBeingRecalled(item) ? { owner: "department", departments: [department] } : undefined;
  if (item.status === "supplementing") return { owner: "applicant", departments: [] };
  if (!isWaiting(item))
    return item.stopped
      ? { owner: "pause", departments: [] }
      : { owner: "department", departments: [department] };
  const silent = receiptsFor(plan, state.receipts, item.code).filter((each) => each.state === "unavailable");
  if (silent.length > 0)
    return {
      owner: "department",
      departments: silent.map(({ pair }) => registerOf(plan, pair?.evidence) || department),
    };
  return isHeld(state) ? { owner: "applicant", departments: [] } : undefined;
}

const registerOf = (plan: Plan, evidence: string | undefined): string | undefined =>
  plan.evidence.find(({ code }) => code === evidence)?.register;

/** Those of its items first, then those that only keep a register. */
const departmentsIn = (plan: Plan): string[] => [
  ...new Set([
    ...plan.items.map(({ department }) => department?.code ?? ""),
    ...plan.evidence.flatMap(({ register }) => register || []),
  ]),
];

/** As the plan calls it; one that only keeps a register, as people call the register. */
export const departmentName = (plan: Plan, code: string): Text =>
  plan.items.find(({ department }) => department?.code === code)?.department?.name ??
  plan.evidence.find(({ register, registerName }) => register === code && registerName)?.registerName ?? {
    zh: code,
    en: code,
  };
