// The clock ledger of a case, day by day.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  json,
  problemResponses,
  z,
} from "@onething/service/http";
import type { Caller } from "@onething/service/types";
import type { Deps } from "./deps.ts";
import type { CaseState } from "./domain/case.ts";
import { LedgerDaysView, ledgerDaysView } from "./ledger-view.ts";
import { readLedger } from "./verbs/read-case.ts";

export function ledgerRoute(
  api: Api,
  deps: Deps,
  caseOf: (caller: Caller, id: string) => Promise<CaseState>,
): void {
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}/ledger",
      summary: "时间账 · Whose day each working day was",
      description:
        "提交之后到办结（或今天）的每个工作日，按当日开始时的情形各归一方：有事项在部门手里的归部门；否则有特别程序在进行的不计时；否则归申请人。三方之和等于日历上的工作日 · Every working day after the submission, up to the end or today, has one owner, by how it began: the departments, if any item was in their hands; else a legal pause, if a special procedure ran; else the applicant. The three sum to the calendar's working days",
      tags: ["办件 · Cases"],
      security: bearer("citizen", "clerk"),
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: json(LedgerDaysView, "时间账 · The ledger"), ...problemResponses(404, 409) },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(ledgerDaysView(state, await readLedger(deps, state)), 200);
    },
  );
}
