// What was granted already when something is refused: it stays, or the bundle's rule recalls it. The department revokes it then, and
// the registry what it has issued; the case ends with what came of it.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Text } from "@onething/contracts/common/v1/common";
import { CaseRecallRequested } from "@onething/contracts/window/v1/events";
import { isRefused, type Progress } from "./advance.ts";

/** Once something was refused: each grant there is, and each that comes because it was on its way; asked for once. */
export function recallGranted(progress: Progress): void {
  const { id: caseId, plan, items } = progress.state;
  if (!plan?.recall) return;
  const all = Object.values(items);
  const becauseOf = all.filter(isRefused).map(({ code }) => code);
  const granted = all.filter((item) => item.granted && !item.revoked && !item.recallAsked);
  const recalled = granted.map(({ code }) => code).filter((code) => !staysAnyway(plan, code));
  if (becauseOf.length === 0 || recalled.length === 0) return;
  const data = { caseId, items: recalled, becauseOf, reason: reasonOf(plan, becauseOf) };
  progress.add({ type: "case.recall_requested", data: CaseRecallRequested.fromPartial(data) });
}

const staysAnyway = (plan: Plan, code: string): boolean =>
  plan.items.some((item) => item.code === code && item.neverRecalled);

function reasonOf(plan: Plan, becauseOf: readonly string[]): Text {
  const names = plan.items.filter(({ code }) => becauseOf.includes(code)).map(({ name }) => name);
  const zh = names.map((name) => `“${name?.zh}”`).join("、");
  const en = names.map((name) => `"${name?.en}"`).join(", ");
  const { basis } = plan.recall!;
  return {
    zh: `${zh}没有通过，按这件事的规定收回（依据：${basis?.zh}）`,
    en: `${en} was refused, and by the rule of the bundle this grant is recalled (${basis?.en})`,
  };
}

/** Told before filing, behind what becomes of the others. */
export function ofIssued(plan: Plan): Text {
  if (!plan.recall) return { zh: "已经办好的仍然有效", en: "What is done already stays valid" };
  const { basis } = plan.recall;
  const kept = plan.items.filter(({ neverRecalled }) => neverRecalled).map(({ name }) => name);
  const but =
    kept.length > 0
      ? {
          zh: `；${kept.map((name) => `“${name?.zh}”`).join("、")}不收回`,
          en: `; ${kept.map((name) => `"${name?.en}"`).join(", ")} stays`,
        }
      : { zh: "", en: "" };
  return {
    zh: `已经办好的，以及来不及撤回而办好的，也会收回，有关证照随之失效（依据：${basis?.zh}）${but.zh}`,
    en: `What is done already, or is done because it was too late to withdraw it, is recalled, and its licences are revoked (${basis?.en})${but.en}`,
  };
}
