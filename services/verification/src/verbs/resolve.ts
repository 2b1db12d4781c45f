// Resolve: is it proved, and by what? Looks up, climbs the ladder, seals what was relied on; with `pin` keeps the outcome.
import type { Receipt, ResolveRequest } from "@onething/contracts/verification/v1/verification";
import { invalid } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import { toAskAgain } from "../domain/evidence.ts";
import { evidenceType } from "../domain/facts.ts";
import { findAll, rungNames } from "../domain/ladder.ts";
import { evidence } from "../kind.ts";
import { lookUp } from "../look-up.ts";
import { sealFindings } from "../seal.ts";
import type { VerbDeps } from "./deps.ts";

export async function resolve(deps: VerbDeps, caller: Caller, request: ResolveRequest): Promise<Receipt[]> {
  check(request);
  const facts = await lookUp(deps, request);
  const receipts = await sealFindings(deps.keyring, request, findAll(request, facts));
  return request.pin ? pin(deps, caller, request, receipts) : receipts;
}

/** A repeat with the same key answers with what is known by now. */
async function pin(
  deps: VerbDeps,
  caller: Caller,
  request: ResolveRequest,
  receipts: Receipt[],
): Promise<Receipt[]> {
  const { caseId, purpose, idempotencyKey: key } = request;
  const outcome = { caseId, receipts, purpose, ...toAskAgain(request, receipts) };
  const command = { type: "request" as const, outcome, retryAfterMs: deps.retry.firstMs };
  const by = { actor: actorOf(caller), key, body: request };
  const { state } = await deps.journal.submit(evidence, caseId, command, by);
  return state.receipts;
}

function check(request: ResolveRequest): void {
  if (request.caseId === "") {
    throw invalid("resolve.no_case", "缺少办件编号", "The case id is missing");
  }
  if (request.pin && request.idempotencyKey === "") {
    throw invalid("resolve.no_key", "记录结果需要幂等键", "Pinning needs an idempotency key");
  }
  for (const { id, alternatives } of request.requirements) {
    for (const { pair, rungs } of alternatives) {
      if (!pair || pair.role === "" || !evidenceType(request, pair.evidence)) {
        const named = pair?.evidence ?? "";
        throw invalid(
          "resolve.unknown_evidence",
          `要求${id}所用的证明类型“${named}”未知`,
          `Requirement ${id} names an unknown evidence type or no role: “${named}”`,
        );
      }
      const unknown = rungs.find((rung) => !(rungNames as readonly string[]).includes(rung));
      if (unknown !== undefined) {
        throw invalid(
          "resolve.unknown_rung",
          `要求${id}的核验方式“${unknown}”未知`,
          `Requirement ${id} names an unknown rung: “${unknown}”`,
        );
      }
    }
  }
}
