// How the clock ledger of a case looks at the HTTP door.
import type { Limit, Text as Words } from "@onething/contracts/common/v1/common";
import { z } from "@onething/service/http";
import type { CaseState } from "./domain/case.ts";
import { departmentName, type Ledger } from "./domain/ledger.ts";
import { Text, text } from "./text-view.ts";

const Day = z.string().openapi({ format: "date" });
const Count = z.number().int();
const Days = z.object({ department: Count, applicant: Count, pause: Count }).openapi("LedgerDays", {
  description: "工作日，按当日开始时在谁手里计 · Working days, by who had it when the day began",
});
const Department = z.object({ code: z.string(), name: Text });
const Promised = z.object({ n: z.number().int(), unit: z.string(), from: z.string() }).nullable();

export const LedgerView = z
  .object({
    from: Day.openapi({ description: "提交之日，不计入 · Date of the submission, itself not counted" }),
    until: Day.openapi({ description: "办结之日或今天 · Date of the end, or today" }),
    provisional: z.boolean().openapi({
      description: "涉及节假日安排尚未公布的年份 · It touches a year whose holidays are not announced",
    }),
    days: Days,
    promised: Promised,
    used: Count.openapi({ description: "部门用了几个工作日 · Working days that departments have used" }),
    departments: z.array(Department.extend({ days: Count })).openapi({
      description: "同一天可能同时在几个部门 · Several may have had the same day",
    }),
    items: z.array(
      z.object({
        ...{ code: z.string(), name: Text, department: Department, days: Days, promised: Promised },
        used: Count.openapi({
          description:
            "受理之后部门用了几个工作日 · Working days its department has used since the acceptance",
        }),
      }),
    ),
  })
  .openapi("Ledger");

export const LedgerDaysView = LedgerView.extend({
  each: z.array(
    z.object({
      date: Day,
      owner: z.enum(["department", "applicant", "pause"]),
      departments: z.array(Department),
    }),
  ),
}).openapi("LedgerDayByDay");

const promisedOf = (limit: Limit | undefined) =>
  limit ? { n: limit.n, unit: limit.unit, from: limit.from } : null;

export function ledgerView(state: CaseState, ledger: Ledger): z.infer<typeof LedgerView> {
  const plan = state.plan!;
  const { from, until, provisional, days } = ledger;
  return {
    ...{ from, until, provisional, days, promised: promisedOf(plan.promised), used: days.department },
    departments: ledger.departments.map((each) => ({ ...departmentOf(state, each.code), days: each.days })),
    items: ledger.items.map(({ code, days, used }) => {
      const item = plan.items.find((each) => each.code === code);
      const department = departmentOf(state, item?.department?.code ?? "");
      return { code, name: text(item?.name), department, days, promised: promisedOf(item?.promised), used };
    }),
  };
}

export const ledgerDaysView = (state: CaseState, ledger: Ledger): z.infer<typeof LedgerDaysView> => ({
  ...ledgerView(state, ledger),
  each: ledger.each.map(({ date, owner, departments }) => ({
    ...{ date, owner, departments: departments.map((code) => departmentOf(state, code)) },
  })),
});

const departmentOf = (state: CaseState, code: string): { code: string; name: Words } => ({
  code,
  name: departmentName(state.plan!, code),
});
