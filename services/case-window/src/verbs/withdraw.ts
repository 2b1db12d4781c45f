// Asks for the whole case back. What has not started ends at once; departments judge what they have.
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { onlyApplicant } from "./only-applicant.ts";

export async function withdraw(
  deps: Deps,
  caller: Caller,
  key: string,
  state: CaseState,
): Promise<{ id: string; status: string }> {
  onlyApplicant(caller, state);
  const actor = actorOf(caller);
  const done = await deps.journal.submit(
    caseKind,
    state.id,
    { type: "withdraw", by: actor },
    { actor, key, body: ["withdraw", state.id] },
  );
  return done.answer as { id: string; status: string };
}
