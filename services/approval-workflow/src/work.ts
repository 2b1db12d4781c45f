// An approval as departments see it.
import { Work, WorkDetail } from "@onething/contracts/approval/v1/approval";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { forbidden } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Approval, Official } from "./domain/approval.ts";
import { shownOf } from "./domain/viewing.ts";
import { account } from "./domain/words.ts";
import type { Standing } from "./kind.ts";

/** What a list needs of an approval: all but what only the reader of one piece of work needs. */
export type Listed = Omit<
  Approval,
  "receipts" | "evidence" | "sealedForm" | "subjects" | "answers" | "unmet"
>;

export function workOf(state: Listed, version: number, standing?: Standing): Work {
  const { id, caseId, caseNumber, bundle, item, openedAt, dueOn, dueProvisional, legalDueOn } = state;
  const { status, claimedBy, decidedAt } = standing ?? state;
  return Work.fromPartial({
    id,
    caseId,
    caseNumber,
    bundle,
    item: item.code,
    name: item.name,
    department: item.department,
    status,
    claimedBy: claimedBy && account(claimedBy),
    openedAt,
    dueOn,
    dueProvisional,
    legalDueOn,
    decidedAt: decidedAt || undefined,
    result: item.result,
    version,
  });
}

type Opened = { readonly [field: string]: string };

/** One piece of work with its opened form and, in the order of its receipts, the opened fields of its evidence. */
export function detailOf(
  state: Approval,
  version: number,
  form: Opened,
  fields: readonly Opened[],
): WorkDetail {
  const { item, subjects, answers, receipts, unmet } = state;
  const evidence = receipts.map((receipt, i) => ({
    receipt: shown(receipt),
    fields: shownOf(item, receipt, fields[i] ?? {}),
  }));
  return WorkDetail.fromPartial({ work: workOf(state, version), form, evidence, subjects, answers, unmet });
}

/** Opened fields stand beside the receipt; the ciphertext is nobody's business. */
const shown = (receipt: Receipt): Receipt => ({
  ...receipt,
  proof: receipt.proof && { ...receipt.proof, sealedFields: "" },
});

/** The desk somebody stands at: always the department that the token names. */
export function officialOf(caller: Caller): Official {
  const { department, role } = caller;
  if (!department)
    throw forbidden(
      "approval.no_department",
      "您的账号不属于任何部门",
      "Your account does not belong to a department",
    );
  return { actor: actorOf(caller), department, system: role === "department" };
}
