// Ask again: the timer of an unavailable register has run out. What was proved stays as it was pinned.
import { OnethingError } from "@onething/kernel/errors";
import { backoffMs, changes, type EvidenceState, toAskAgain } from "../domain/evidence.ts";
import type { Inquiry } from "../domain/facts.ts";
import { findAll } from "../domain/ladder.ts";
import { evidence } from "../kind.ts";
import { lookUp } from "../look-up.ts";
import { sealFindings } from "../seal.ts";
import type { VerbDeps } from "./deps.ts";

const actor = "service:verification";

export async function askAgain(
  deps: VerbDeps,
  input: { caseId: string; attempt: number },
  by: { actor: string; key: string },
): Promise<void> {
  const { caseId, attempt } = input;
  const { state } = (await deps.journal.load(evidence, caseId)) ?? {};
  // Overtaken: answered meanwhile, asked anew, or the case has closed.
  if (!state?.askingSince || state.attempt !== attempt) return;
  const receipts = await lookAgain(deps, state);
  const retryAfterMs = backoffMs(attempt + 1, deps.retry.firstMs, deps.retry.maxMs);
  await deps.journal.submit(
    evidence,
    caseId,
    { type: "resolve", attempt, receipts, retryAfterMs },
    { ...by, body: input },
  );
}

async function lookAgain(deps: VerbDeps, state: EvidenceState): Promise<EvidenceState["receipts"]> {
  // Statements, originals, refusals and siblings would have settled it the first time.
  const none = { siblings: [], statementsMade: [], originalsSeen: [], refused: [] };
  const inquiry: Inquiry = { ...toAskAgain(state, state.receipts), ...none };
  const { caseId, purpose } = state;
  try {
    const facts = await lookUp(deps, { ...inquiry, caseId, purpose, actor, registerDeadlineMs: 0 });
    const { requirements } = inquiry;
    const found = await sealFindings(deps.keyring, { caseId, requirements }, findAll(inquiry, facts));
    return changes(state.receipts, found);
  } catch (error) {
    // Our own registry is away: the same timer asks it again.
    if (error instanceof OnethingError && error.code === "unavailable") return [];
    throw error;
  }
}
