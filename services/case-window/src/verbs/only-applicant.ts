// Who follows a case sees how it goes and what came out. What it is made of, and whether it goes on, is for the applicant, or
// for the window that took it in.
import { forbidden } from "@onething/kernel/errors";
import type { Caller } from "@onething/service/types";
import type { CaseState } from "../domain/case.ts";

export function onlyApplicant(caller: Caller, { applicantId }: Pick<CaseState, "applicantId">): void {
  if (caller.role !== "citizen" || caller.personId === applicantId) return;
  throw forbidden(
    "case.not_applicant",
    "您可以查看办理进度和结果；填写、提交和撤回只能由申请人本人办理",
    "You may follow this case and see its results; only the applicant may fill it in, submit or withdraw it",
  );
}
