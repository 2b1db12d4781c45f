// The bundle's refusal policy: what becomes of the other items when a department says no to one. What departments have is
// theirs to judge; what was granted stays, or is recalled by a rule of its own (`recall.ts`).
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Text } from "@onething/contracts/common/v1/common";
import { CaseHeld, CaseWithdrawRequested } from "@onething/contracts/window/v1/events";
import { ended, type Progress, settle } from "./advance.ts";
import { type CaseEvent, isWaiting, isWithDepartment } from "./case.ts";
import { ofIssued } from "./recall.ts";

/** Who asks for a withdrawal that the policy makes. */
export const byPolicy = "rule:refusal_policy";

/** Right after the refusal and before anything starts because of it. What needed the refused item ends as not possible. */
export function playPolicy(progress: Progress, refused: string): void {
  const policy = progress.state.plan?.refusalPolicy;
  if (policy !== "hold" && policy !== "withdraw") return;
  settle(progress);
  const items = Object.values(progress.state.items);
  const waiting = items.filter(isWaiting).map(({ code }) => code);
  if (policy === "withdraw") withdrawOthers(progress, refused, waiting);
  else if (waiting.length > 0)
    progress.add({ type: "case.held", data: CaseHeld.fromPartial({ becauseOf: [refused], items: waiting }) });
}

function withdrawOthers(progress: Progress, refused: string, waiting: readonly string[]): void {
  const desks = Object.values(progress.state.items).filter(isWithDepartment);
  // Asked for once: whoever has it judges it, whether the applicant or the policy has asked.
  if (progress.state.withdrawRequested || waiting.length + desks.length === 0) return;
  const { id: caseId, plan } = progress.state;
  const items = desks.map(({ code }) => code);
  progress.add({
    type: "case.withdraw_requested",
    data: CaseWithdrawRequested.fromPartial({ caseId, by: byPolicy, items }),
  });
  const name = plan?.items.find(({ code }) => code === refused)?.name;
  const why: Text = {
    zh: `“${name?.zh}”没有通过，按这件事的约定一并撤回`,
    en: `"${name?.en}" was refused, and the others are withdrawn with it as was told before filing`,
  };
  for (const code of waiting)
    progress.add(ended({ code }, "withdrawn", { reasons: [why], becauseOf: [refused] }));
}

export const isRefusal = (event: CaseEvent): event is Extract<CaseEvent, { type: "case.item_ended" }> =>
  event.type === "case.item_ended" && ["refused", "not_accepted"].includes(event.data.outcome);

/** Told before filing: what will happen if one item is refused, also to what is done by then. */
export function ifRefused(plan: Plan): Text {
  const [others, issued] = [othersIfRefused(plan.refusalPolicy), ofIssued(plan)];
  return {
    zh: `如果有一项没有通过：${others.zh}。${issued.zh}`,
    en: `If one item is refused: ${others.en}. ${issued.en}`,
  };
}

function othersIfRefused(policy: string): Text {
  switch (policy) {
    case "hold":
      return {
        zh: "已经送到部门的事项照常办理；还没开始的先停下，由您决定继续办理还是撤回",
        en: "what departments have goes on, and what has not started stops until you say go on, or withdraw",
      };
    case "withdraw":
      return {
        zh: "还没开始的事项一并撤回；已经送到部门的，由部门逐项判断还能不能撤回",
        en: "what has not started is withdrawn with it, and each department judges whether what it has can still be withdrawn",
      };
    default:
      return {
        zh: "其他事项照常办理；只有需要它的结果的事项办不了，会说明原因，以后可以单独再申请",
        en: "the others go on; only what needs its result cannot, says why, and may be applied for again later",
      };
  }
}
