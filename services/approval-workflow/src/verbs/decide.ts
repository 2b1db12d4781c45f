// An officer, or a department's system, decides: grant with a typed result, or refuse with reasons.
import type { Work } from "@onething/contracts/approval/v1/approval";
import { invalid, type Text } from "@onething/kernel/errors";
import { type Approval, type Command, type Official, unknownWork } from "../domain/approval.ts";
import { mustBeWords, reasonsOf, resultInvalid, type Values, validateResult } from "../domain/result.ts";
import { approvalKind, type Standing } from "../kind.ts";
import { workById } from "../store.ts";
import { workOf } from "../work.ts";
import type { Deps } from "./deps.ts";

export type Outcome = { grant: { result: Values; opinion: string } } | { refuse: { reasons: Text[] } };

export interface Decision {
  id: string;
  key: string;
  outcome: Outcome;
}

export async function decide(deps: Deps, by: Official, decision: Decision): Promise<Work> {
  const found = await workById(deps.db, by.department, decision.id);
  return decideFound(deps, by, decision, found?.state);
}

export async function decideFound(
  deps: Deps,
  by: Official,
  { id, key, outcome }: Decision,
  found: Approval | undefined,
): Promise<Work> {
  if (!found) throw unknownWork();
  const command = await commandOf(deps, by, outcome, found);
  // The key stands for what was asked in plain: sealed, the same result is other bytes each time.
  const done = await deps.journal.submit(approvalKind, id, command, {
    actor: by.actor,
    key,
    body: { id, ...outcome },
  });
  return workOf(done.state, done.version, done.answer as unknown as Standing);
}

async function commandOf(deps: Deps, by: Official, outcome: Outcome, found: Approval): Promise<Command> {
  if ("refuse" in outcome) return { type: "refuse", by, reasons: reasonsOf(outcome.refuse.reasons) };
  const { result, opinion } = outcome.grant;
  const problems = validateResult(found.item.result, result);
  if (problems.length > 0) throw resultInvalid(problems);
  mustBeWords("opinion", opinion);
  const sealer = await deps.keyring.sealer(`case/${found.caseId}`);
  return { type: "grant", by, sealedResult: sealer.seal({ ...result }), opinion };
}

export const outcomeMissing = () =>
  invalid(
    "approval.decision_missing",
    "请说明准予（附结果）或不予许可（附理由）",
    "Say either grant, with its result, or refuse, with its reasons",
  );

/** A key that gRPC carried in the message; HTTP's stands in the header and is checked at the door. */
export function checkedKey(key: string): string {
  if (/^[\x21-\x7e]{8,220}$/.test(key)) return key;
  throw invalid(
    "idempotency_key.invalid",
    "idempotency_key 须为 8 至 200 个可见字符，重发同一请求时保持不变",
    "idempotency_key must have 8 to 200 visible characters, the same when the same request is sent again",
  );
}
