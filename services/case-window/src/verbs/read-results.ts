// What came out of a case, handed back once: every licence and registration its items have produced.
import { GetRequest, type Licence } from "@onething/contracts/licence/v1/licence";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";

export interface CaseResult {
  item: string;
  role: string;
  licence: Licence;
}

/**
 * The applicant and the window get everything; who follows the case gets what is theirs and what is the minted person's (the
 * child's), not the applicant's own. Each look is logged for the holder, with the caller as actor.
 */
export async function readResults(deps: Deps, caller: Caller, state: CaseState): Promise<CaseResult[]> {
  const products = Object.values(state.items)
    .flatMap((item) => item.products.map((product) => ({ ...product, item: item.code })))
    .filter(({ pair, position }) => maySee(caller, state, pair.role, position));
  return Promise.all(
    products.map(async ({ identifier, item, pair }) => {
      const { licence } = await deps.peers.licences.get(
        GetRequest.fromPartial({ identifier, actor: actorOf(caller), purpose: "领取办理结果" }),
      );
      return { item, role: pair.role, licence: licence! };
    }),
  );
}

function maySee(caller: Caller, state: CaseState, role: string, position: number): boolean {
  if (caller.role !== "citizen" || caller.personId === state.applicantId) return true;
  if (state.plan?.roles.find((each) => each.code === role)?.found === "minted") return true;
  return state.subjects.some(
    (each) => each.role === role && each.position === position && each.personId === caller.personId,
  );
}
