// The applicant withdraws: each item is judged by itself, for a decision may have come first.
import type { EventOf } from "@onething/events/names";
import { approvalId } from "../domain/approval.ts";
import type { Deps } from "./deps.ts";

type WithdrawRequested = EventOf<"case.withdraw_requested">["data"];

export async function cancel(
  { journal, kind }: Deps,
  { caseId, items }: WithdrawRequested,
  by: { actor: string; key: string; trace?: string },
): Promise<void> {
  const judge = (item: string) =>
    journal.submit(kind, approvalId(caseId, item), { type: "cancel" }, { ...by, key: `${by.key}:${item}` });
  await Promise.all(items.map(judge));
}
