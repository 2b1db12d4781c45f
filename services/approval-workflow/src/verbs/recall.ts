// The case recalls what was granted, because something else of its bundle was refused and the bundle has such a rule.
import type { EventOf } from "@onething/events/names";
import { approvalId } from "../domain/approval.ts";
import type { Deps } from "./deps.ts";

export async function recall(
  { journal, kind }: Deps,
  { caseId, items, reason }: EventOf<"case.recall_requested">["data"],
  by: { actor: string; key: string; trace?: string },
): Promise<void> {
  const command = { type: "recall", reason: reason! } as const;
  const takeBack = (item: string) =>
    journal.submit(kind, approvalId(caseId, item), command, { ...by, key: `${by.key}:${item}` });
  await Promise.all(items.map(takeBack));
}
