// The registry has issued a product of a grant.
import type { EventOf } from "@onething/events/names";
import { approvalId } from "../domain/approval.ts";
import type { Deps } from "./deps.ts";

export async function takeIssued(
  { journal, kind }: Deps,
  { caseId, item, identifier, evidence }: EventOf<"licence.issued">["data"],
  by: { actor: string; key: string; trace?: string },
): Promise<void> {
  // An import, or what a service issued outside a case, is of no approval.
  if (!caseId || !item) return;
  const command = { type: "issued", identifier, evidence } as const;
  await journal.submit(kind, approvalId(caseId, item), command, by);
}
