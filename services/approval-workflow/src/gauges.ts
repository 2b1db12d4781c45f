// What those who watch the platform see of the departments' work: what is nearly due, and what is late.
import { addDays, civilDate } from "@onething/kernel/civil-date";
import type { Database } from "@onething/postgres/database";
import type { GaugeSpec } from "@onething/service/meters";
import { deadlines } from "./store-supervision.ts";

/** Days before its date from which work counts as nearly due. */
const nearDays = 1;

export function deadlineGauges(db: Database, now: () => Date): GaugeSpec[] {
  const look = (which: "near" | "missed") => async () => {
    const today = civilDate(now());
    const rows = await deadlines(db, today, addDays(today, nearDays));
    // Never nothing: a panel or an alert that finds no series cannot tell "none" from "not asked".
    if (rows.length === 0) return [{ value: 0 }];
    return rows.map((row) => ({ labels: { department: row.department }, value: row[which] }));
  };
  const labels = ["department"];
  return [
    {
      ...{ name: "onething_deadlines_near", help: "Work in hand due today or tomorrow", labels },
      look: look("near"),
    },
    {
      ...{ name: "onething_deadlines_missed", help: "Work in hand past its due date", labels },
      look: look("missed"),
    },
  ];
}
