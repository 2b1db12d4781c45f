// The one-time supplement notice (Licensing Law art. 32), and the applicant's answer to it as the case hands it over.

import { Gap } from "@onething/contracts/approval/v1/events";
import type { Work } from "@onething/contracts/approval/v1/work";
import type { EventOf } from "@onething/events/names";
import { approvalId } from "../domain/approval.ts";
import type { Official } from "../domain/obstacles.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

export type GapInput = Partial<Omit<Gap, "id">>;

export const requestSupplement = (
  deps: Deps,
  by: Official,
  asked: Asked,
  gaps: readonly GapInput[],
): Promise<Work> =>
  act(deps, by, asked, { supplement: asked.id, gaps }, () => ({
    type: "supplement",
    by,
    gaps: gaps.map((gap) => Gap.fromPartial(gap)),
  }));

export async function takeSupplement(
  { journal, kind, arrivals }: Deps,
  data: EventOf<"case.item_supplemented">["data"],
  by: { actor: string; key: string; trace?: string },
): Promise<void> {
  const { caseId, item, sealedForm, answers } = data;
  const id = approvalId(caseId, item);
  // Its own receipts and nothing else, whatever was sent.
  const receipts = data.receipts.filter((receipt) => receipt.item === "" || receipt.item === item);
  const command = { type: "supplemented", sealedForm, receipts, answers } as const;
  const { state } = await journal.submit(kind, id, command, { ...by, body: { supplemented: id } });
  arrivals.ring(state.department);
}
