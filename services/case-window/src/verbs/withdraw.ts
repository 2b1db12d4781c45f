// Asks for the whole case back. What has not started ends at once; departments judge what they have.

import { forbidden } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";

export async function withdraw(
  deps: Deps,
  caller: Caller,
  key: string,
  state: CaseState,
): Promise<{ id: string; status: string }> {
  // Who follows a case sees it; only who filed it, or the window that took it in, takes it back.
  if (caller.role === "citizen" && caller.personId !== state.applicantId)
    throw forbidden(
      "case.not_applicant",
      "只有申请人本人可以撤回",
      "Only the applicant may withdraw the case",
    );
  const actor = actorOf(caller);
  const done = await deps.journal.submit(
    caseKind,
    state.id,
    { type: "withdraw", by: actor },
    { actor, key, body: ["withdraw", state.id] },
  );
  return done.answer as { id: string; status: string };
}
