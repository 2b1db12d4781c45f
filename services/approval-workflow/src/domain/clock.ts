// When an item is due: civil dates of the city's own zone, counted by the official calendar.
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Limit } from "@onething/contracts/common/v1/common";
import { type Calendar, dueDate } from "@onething/kernel/calendar";
import { isCivilDate, startOfDay } from "@onething/kernel/civil-date";
import type { Facts } from "./conditions.ts";

export interface Dates {
  /** Promised end. */
  dueOn: string;
  /** True while a year that the count touches is not announced. */
  dueProvisional: boolean;
  /** Legal end, never before the promised one. */
  legalDueOn: string;
}

/** Moments besides acceptance that a limit may count from, by the name it gives them. */
export type Starts = { readonly [from: string]: Date | undefined };

/** Licensing Law art. 42: twenty working days from acceptance, where the item names no limit at all. */
const general: Limit = { n: 20, unit: "workingDay", from: "accepted" };

const units = ["workingDay", "hour", "day", "month"] as const;
type Unit = (typeof units)[number];
const isUnit = (unit: string): unit is Unit => (units as readonly string[]).includes(unit);

/** A limit of zero counts (decided on the spot); a missing one, or one in a unit we do not know, is no limit. */
const usable = (limit: Limit | undefined): Limit | undefined =>
  limit && isUnit(limit.unit) ? limit : undefined;

export function datesOf(
  calendar: Calendar,
  item: Pick<PlannedItem, "promised" | "legal">,
  accepted: Date,
  starts: Starts = {},
): Dates {
  const end = ({ n, unit, from }: Limit) =>
    dueDate(calendar, { n, unit: unit as Unit }, starts[from] ?? accepted);
  const legal = usable(item.legal);
  const promised = usable(item.promised) ?? legal ?? general;
  const due = end(promised);
  const last = end(legal ?? promised);
  const [dueOn, legalDueOn] = last.on < due.on ? [due.on, due.on] : [due.on, last.on];
  return { dueOn, dueProvisional: due.provisional, legalDueOn };
}

/** A limit may count from a date in the evidence, named `<requirement>.<field>`. */
export const evidenceNamed = (from: string): boolean => from.includes(".");

export function evidenceDate(evidence: Facts["evidence"], from: string): Date | undefined {
  const [name = "", field = ""] = from.split(".");
  const date = evidence[name]?.[field] ?? "";
  return isCivilDate(date) ? startOfDay(date) : undefined;
}
