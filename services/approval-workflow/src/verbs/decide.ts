// An officer, or a department's system, decides: grant with a typed result, or refuse with reasons.
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid, type Text } from "@onething/kernel/errors";
import type { Approval } from "../domain/approval.ts";
import type { Act } from "../domain/commands.ts";
import type { Official } from "../domain/obstacles.ts";
import { mustBeWords, reasonsOf, resultInvalid, type Values, validateResult } from "../domain/result.ts";
import { type Asked, act, actOn } from "./act.ts";
import type { Deps } from "./deps.ts";

export type Outcome = { grant: { result: Values; opinion: string } } | { refuse: { reasons: Text[] } };

export interface Decision extends Asked {
  outcome: Outcome;
}

export const decide = (deps: Deps, by: Official, { outcome, ...asked }: Decision): Promise<Work> =>
  act(deps, by, asked, { id: asked.id, ...outcome }, (work) => commandOf(deps, by, outcome, work));

/** The same of work that was read already. */
export const decideFound = (
  deps: Deps,
  by: Official,
  { outcome, ...asked }: Decision,
  found: Approval | undefined,
): Promise<Work> =>
  actOn(deps, by, asked, { id: asked.id, ...outcome }, (work) => commandOf(deps, by, outcome, work), found);

async function commandOf(deps: Deps, by: Official, outcome: Outcome, work: Approval): Promise<Act> {
  if ("refuse" in outcome) return { type: "refuse", by, reasons: reasonsOf(outcome.refuse.reasons) };
  const { result, opinion } = outcome.grant;
  const problems = validateResult(work.item.result, result);
  if (problems.length > 0) throw resultInvalid(problems);
  mustBeWords("opinion", opinion);
  const sealer = await deps.keyring.sealer(`case/${work.caseId}`);
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
