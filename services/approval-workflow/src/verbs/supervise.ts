// Supervision sees how the departments' work stands: numbers and lights, no case and no person.
import { forbidden } from "@onething/kernel/errors";
import type { Caller } from "@onething/service/types";
import { type DepartmentFigures, departmentFigures } from "../store-supervision.ts";
import type { Deps } from "./deps.ts";

/** What was decided is looked back on so far. */
const lookBackDays = 30;

/** Operators see every department, a supervisor of a department its own. */
export async function supervise(
  { db, now }: Pick<Deps, "db" | "now">,
  caller: Caller,
): Promise<DepartmentFigures[]> {
  const { role, department = "", duties = [] } = caller;
  if (role !== "operator" && !(department && duties.includes("supervisor")))
    throw forbidden(
      "supervision.no_duty",
      "效能监察由监察人员查看",
      "Supervision is for those with that duty",
    );
  const at = now();
  const since = new Date(at.getTime() - lookBackDays * 86_400_000).toISOString();
  return departmentFigures(db, {
    department: role === "operator" ? "" : department,
    now: at.toISOString(),
    since,
  });
}
