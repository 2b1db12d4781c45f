// The situation questions of a draft, answered already where the evidence knows.
import { GetBundleRequest, type Question } from "@onething/contracts/catalog/v1/catalog";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import type { Prefilled } from "../domain/form.ts";
import { fieldsOf, prefilled, prefillRequirements, resolve } from "../lookup.ts";
import { onlyApplicant } from "./only-applicant.ts";

export interface AskedQuestion {
  question: Question;
  known: Prefilled | undefined;
}

export async function askQuestions(deps: Deps, caller: Caller, state: CaseState): Promise<AskedQuestion[]> {
  onlyApplicant(caller, state);
  const { questions, evidence, summary } = await deps.peers.catalog.getBundle(
    GetBundleRequest.fromPartial({ code: state.bundle, version: state.bundleVersion }),
  );
  const audit = { actor: actorOf(caller), purpose: `${summary?.name?.zh}:预填情形问题` };
  const wanted = questions.map(({ id, prefill }) => ({ name: id, prefill }));
  const receipts = await resolve(deps, {
    caseId: state.id,
    requirements: prefillRequirements(wanted),
    evidence,
    subjects: state.subjects,
    ...audit,
  });
  const known = prefilled(wanted, receipts, await fieldsOf(deps, receipts, audit));
  return questions.map((question) => ({ question, known: known.get(question.id) }));
}
