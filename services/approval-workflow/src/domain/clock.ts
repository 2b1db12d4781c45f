// When an item is due: civil dates of the city's own zone, counted by the official calendar, of the days that the department
// held it.
import type { Dates } from "@onething/contracts/approval/v1/events";
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Limit } from "@onething/contracts/common/v1/common";
import { addWorkingDays, type Calendar, workingDaysBefore } from "@onething/kernel/calendar";
import { addDays, civilDate, isCivilDate, startOfDay } from "@onething/kernel/civil-date";
import { daysOf, dueOf, lightOf, lightTurnsOn, type Turn } from "@onething/kernel/ledger";
import { usualSupervision, type Watch } from "@onething/kernel/supervision";
import type { Approval } from "./approval.ts";
import type { Facts } from "./conditions.ts";

/** Licensing Law art. 42: twenty working days from acceptance, where the item names no limit at all; 45 in joint handling. */
const generalDays = { alone: 20, jointly: 45 };
/** Art. 42 again: how far the head of the body, or in joint handling of the government, may prolong it. */
export const mostExtension = ({ joint }: PlannedItem): number => (joint ? 15 : 10);
/** Art. 32: working days for the one-time notice. */
const noticeDays = 5;
/** Art. 44: working days to make and deliver what was granted. */
const deliveryDays = 10;

const units = ["workingDay", "hour", "day", "month"] as const;
type Unit = (typeof units)[number];
const isUnit = (unit: string): unit is Unit => (units as readonly string[]).includes(unit);

/** A limit of zero counts (decided on the spot); a missing one, or one in a unit we do not know, is no limit. */
const usable = (limit: Limit | undefined): Limit | undefined =>
  limit && isUnit(limit.unit) ? limit : undefined;

type Clocked = Pick<
  Approval,
  ("item" | "turns" | "receivedAt" | "acceptedAt" | "promisedFrom" | "legalFrom" | "extension") | "status"
>;

const promisedOf = ({ promised, legal, joint }: PlannedItem): Limit =>
  usable(promised) ??
  usable(legal) ?? {
    n: joint ? generalDays.jointly : generalDays.alone,
    unit: "workingDay",
    from: "accepted",
  };

/** The dates as they stand at `now`; of what is not accepted yet, as if it had been with its receipt (art. 32). */
export function datesOf(
  calendar: Calendar,
  of: Clocked & Pick<Approval, "silentResult">,
  now: Date,
  watch: Watch = usualSupervision,
): Dates {
  const at = now.toISOString();
  const accepted = of.acceptedAt || of.receivedAt;
  const end = (limit: Limit, from: string) => {
    const due = dueOf(calendar, counted(limit), since(of.turns, from), from, at);
    if (!of.extension) return due;
    const { date, provisional } = addWorkingDays(calendar, due.on, of.extension.days);
    return { on: date, provisional: due.provisional || provisional, stopped: due.stopped };
  };
  const promised = promisedOf(of.item);
  const legal = usable(of.item.legal);
  const due = end(promised, of.promisedFrom || accepted);
  const last = legal ? end(legal, of.legalFrom || accepted) : due;
  const latest = last.on < due.on ? due : last;
  const legalDueOn = latest.on;
  const acceptBy = of.status === "received" ? noticeBy(calendar, of.receivedAt) : "";
  const silentOn = acceptBy || (of.item.silence && of.silentResult ? legalDueOn : "");
  const watched = watch.supervised && !due.stopped;
  return {
    ...{ yellowAt: undefined, redAt: undefined, overdueAt: undefined },
    ...(watched && of.acceptedAt ? lightsOf(calendar, of, at, watch) : {}),
    silenceAt:
      watched && silentOn ? startOf(workingDaysBefore(calendar, silentOn, watch.warnDays)) : undefined,
    dueOn: due.on,
    dueProvisional: due.provisional,
    ...{ legalDueOn, legalProvisional: latest.provisional, stopped: due.stopped, acceptBy },
  };
}

const startOf = (date: string): string => startOfDay(date).toISOString();

/** The promised limit as far as it was prolonged; an extension is in working days, whatever the limit is in. */
const prolonged = (of: Clocked) => {
  const limit = counted(promisedOf(of.item));
  return of.extension && limit.unit === "workingDay" ? { ...limit, n: limit.n + of.extension.days } : limit;
};

function lightsOf(calendar: Calendar, of: Clocked, at: string, watch: Watch) {
  const from = of.promisedFrom || of.acceptedAt;
  const turns = lightTurnsOn(calendar, prolonged(of), since(of.turns, from), from, at, watch);
  return { yellowAt: turns.yellow, redAt: turns.red, overdueAt: turns.overdue };
}

/** How much of the promised time the department has used. */
export function lightNow(calendar: Calendar, of: Clocked, now: Date, watch: Watch) {
  const from = of.promisedFrom || of.acceptedAt || of.receivedAt;
  return lightOf(calendar, prolonged(of), since(of.turns, from), from, now.toISOString(), watch);
}

const counted = (limit: Limit) => ({ ...limit, unit: limit.unit as Unit });

/** A limit that began before the item came here counts those days too. */
const since = (turns: readonly Turn[], from: string): readonly Turn[] =>
  turns[0] && from < turns[0].from ? [{ from, owner: "department" }, ...turns] : turns;

/** Art. 32: a notice is in time on this day and before. */
const noticeBy = (calendar: Calendar, received: string): string =>
  addWorkingDays(calendar, civilDate(new Date(received)), noticeDays).date;

/** Where a local rule sets a last day for the answer to a notice: that day. */
export const answerBy = (calendar: Calendar, { unanswered }: PlannedItem, asked: Date): string =>
  unanswered ? addWorkingDays(calendar, civilDate(asked), unanswered.days).date : "";

export const deliverBy = (calendar: Calendar, decided: Date): string =>
  addWorkingDays(calendar, civilDate(decided), deliveryDays).date;

/** As the applicant is told of a special procedure: over on this day. */
export const procedureEnds = (calendar: Calendar, days: number, now: Date): string =>
  addWorkingDays(calendar, civilDate(now), days).date;

/** The instant at which a civil date is over in the city. */
export const endOf = (date: string): string => startOfDay(addDays(date, 1)).toISOString();

/** Every working day since the receipt, by who held it. */
export const ledgerOf = (
  calendar: Calendar,
  { turns, decidedAt }: Pick<Approval, "turns" | "decidedAt">,
  now: Date,
) => daysOf(calendar, turns, decidedAt || now.toISOString());

/** Moments besides acceptance that a limit may count from, by the name it gives them. */
export type Starts = { readonly [from: string]: Date | undefined };

/** A limit may count from a date in the evidence, named `<requirement>.<field>`. */
export const evidenceNamed = (from: string): boolean => from.includes(".");

export function evidenceDate(evidence: Facts["evidence"], from: string): Date | undefined {
  const [name = "", field = ""] = from.split(".");
  const date = evidence[name]?.[field] ?? "";
  return isCivilDate(date) ? startOfDay(date) : undefined;
}
