// Takes the answers: the plan they mean is frozen into the draft. Answering again makes a new plan.
import { GetBundleRequest, PlanRequest } from "@onething/contracts/catalog/v1/catalog";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { findPeople, type GivenPerson, requirePeople } from "../people.ts";
import { onlyApplicant } from "./only-applicant.ts";

export interface Answers {
  answers: Record<string, string>;
  /** Replaces the people named when the case was opened. */
  people?: GivenPerson[];
}

export async function answer(
  deps: Deps,
  caller: Caller,
  key: string,
  state: CaseState,
  input: Answers,
): Promise<{ id: string }> {
  onlyApplicant(caller, state);
  const actor = actorOf(caller);
  const [{ plan }, { evidence }] = await Promise.all([
    deps.peers.catalog.plan(
      PlanRequest.fromPartial({ bundle: state.bundle, version: state.bundleVersion, answers: input.answers }),
    ),
    deps.peers.catalog.getBundle(
      GetBundleRequest.fromPartial({ code: state.bundle, version: state.bundleVersion }),
    ),
  ]);
  const subjects = input.people
    ? await findPeople(deps, {
        caseId: state.id,
        roles: plan!.roles,
        evidence,
        applicantId: state.applicantId,
        people: input.people,
        actor,
        purpose: `${plan!.name?.zh}:办理前查找人员`,
      })
    : state.subjects;
  requirePeople(plan!.roles, subjects);
  const done = await deps.journal.submit(
    caseKind,
    state.id,
    { type: "answer", plan: plan!, subjects },
    { actor, key, body: ["answer", state.id, input] },
  );
  return { id: done.id };
}
