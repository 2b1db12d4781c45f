// The applicant's word after a refusal: go on with the items that have not started.
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { onlyApplicant } from "./only-applicant.ts";

export async function goOn(
  deps: Pick<Deps, "journal">,
  caller: Caller,
  key: string,
  state: CaseState,
): Promise<{ id: string; status: string }> {
  onlyApplicant(caller, state);
  const by = actorOf(caller);
  const submission = { actor: by, key, body: ["continue", state.id] };
  const done = await deps.journal.submit(caseKind, state.id, { type: "continue", by }, submission);
  return done.answer as { id: string; status: string };
}
