// What must be proved before a case may be submitted: the right to file it, and everything its items require.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { forbidden, invalid } from "@onething/kernel/errors";
import { missingOf, standingReceipts } from "./receipts.ts";

/** Errors: `forbidden` without standing; `invalid` naming every proof that is missing, with the shortest fix. */
export function checkProofs(plan: Plan, receipts: readonly Receipt[], notNeeded: readonly string[]): void {
  checkStanding(plan, receipts);
  const missing = missingOf(plan, receipts, notNeeded);
  if (missing.length > 0) throw stillMissing(missing);
}

/** Who cannot show the right to file is refused; a silent register is waited for, and until then nothing starts. */
function checkStanding(plan: Plan, receipts: readonly Receipt[]): void {
  if (!plan.standing?.requirement) return;
  const about = standingReceipts(plan, receipts);
  const missing = about.find((receipt) => receipt.state === "missing");
  if (about.length > 0 && !missing) return;
  const why = missing?.why ?? { zh: "缺少证明", en: "there is no proof of it" };
  throw forbidden(
    "case.no_standing",
    `无法确认您可以办理“${plan.name?.zh}”：${why.zh}。如有疑问，请携带身份证到综合窗口咨询`,
    `It could not be confirmed that you may apply for "${plan.name?.en}": ${why.en}. Please ask at the service window with your identity card`,
  );
}

function stillMissing(missing: readonly Receipt[]) {
  return invalid(
    "case.evidence_missing",
    `还缺 ${missing.length} 样证明，补齐后再提交；也可以到综合窗口出示原件`,
    `${missing.length} proofs are still missing; you may show the originals at the service window`,
    {
      fields: missing.map((receipt) => ({
        field: `requirements.${receipt.requirement}`,
        text: receipt.fix ?? receipt.why ?? { zh: "缺少证明", en: "Proof missing" },
      })),
    },
  );
}
