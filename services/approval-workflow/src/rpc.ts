// The departments' door. Whose work it is comes from the token, never from the request.
import {
  ApprovalServiceDefinition,
  type DecideManyResponse,
  type DecideRequest,
} from "@onething/contracts/approval/v1/approval";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import { claim, release } from "./verbs/claim.ts";
import { checkedKey, decide, type Outcome, outcomeMissing } from "./verbs/decide.ts";
import { decideMany, type RowResult } from "./verbs/decide-many.ts";
import type { Deps } from "./verbs/deps.ts";
import { getWork } from "./verbs/get-work.ts";
import { listWork } from "./verbs/list-work.ts";
import { watchWork } from "./verbs/watch-work.ts";
import { officialOf } from "./work.ts";

export const rpcDoor = (deps: Deps): RpcDoor =>
  rpc(
    ApprovalServiceDefinition,
    {
      listWork: (request, { caller }) => listWork(deps, officialOf(caller), request),
      watchWork: ({ after }, { caller, signal }) => watchWork(deps, officialOf(caller), after, signal),
      getWork: async ({ id }, { caller }) => ({ detail: await getWork(deps, officialOf(caller), id) }),
      claim: async ({ id, idempotencyKey }, { caller }) => ({
        work: await claim(deps, officialOf(caller), { id, key: checkedKey(idempotencyKey) }),
      }),
      release: async ({ id, idempotencyKey }, { caller }) => ({
        work: await release(deps, officialOf(caller), { id, key: checkedKey(idempotencyKey) }),
      }),
      decide: async (request, { caller }) => {
        const { id, idempotencyKey } = request;
        const decision = { id, key: checkedKey(idempotencyKey), outcome: given(outcomeOf(request)) };
        return { work: await decide(deps, officialOf(caller), decision) };
      },
      decideMany: async ({ decisions }, { caller }) => {
        const rows = decisions.map((row) => ({
          id: row.id,
          key: row.idempotencyKey,
          outcome: outcomeOf(row),
        }));
        return manyOf(await decideMany(deps, officialOf(caller), rows));
      },
    },
    { allow: ["department", "officer"] },
  );

function outcomeOf({ decision }: DecideRequest): Outcome | undefined {
  if (!decision) return undefined;
  return decision.$case === "grant" ? { grant: decision.value } : { refuse: decision.value };
}

function given(outcome: Outcome | undefined): Outcome {
  if (!outcome) throw outcomeMissing();
  return outcome;
}

const manyOf = (results: readonly RowResult[]): DecideManyResponse => ({
  results: results.map((result) => {
    if ("work" in result) return { id: result.id, outcome: { $case: "work", value: result.work } };
    const { code, reason, public: text } = result.problem;
    return { id: result.id, outcome: { $case: "problem", value: { code, reason, text } } };
  }),
});
