// GetReceipts: what is recorded for a case.
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { notFound } from "@onething/kernel/errors";
import { evidence } from "../kind.ts";
import type { VerbDeps } from "./deps.ts";

export async function getReceipts(
  { journal }: Pick<VerbDeps, "journal">,
  caseId: string,
): Promise<Receipt[]> {
  const found = await journal.load(evidence, caseId);
  if (!found)
    throw notFound("evidence.unknown_case", "这一办件没有核验记录", "Nothing is recorded for this case");
  return found.state.receipts;
}
