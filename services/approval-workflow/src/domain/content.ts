// Whether what an officer writes down fits the law: the gaps of a notice, a special procedure, an extension.
import type { Gap, GapAnswer } from "@onething/contracts/approval/v1/events";
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { conflict, type FieldProblem, invalid, type Text } from "@onething/kernel/errors";
import type { Approval } from "./approval.ts";
import { mostExtension } from "./clock.ts";
import { mustBeWords } from "./result.ts";
import type { ProcedureName } from "./table.ts";

const mostGaps = 50;

/**
 * The one-time notice names everything at once (Licensing Law art. 32): each gap about a form field or a requirement of the
 * item, or else in words. A second notice is about what the answer to the first has brought, and nothing that was there before.
 */
export function gapsOf(state: Approval, given: readonly Gap[]): Gap[] {
  if (given.length === 0 || given.length > mostGaps)
    throw invalid(
      "approval.gaps_missing",
      `补正通知须列出 1 至 ${mostGaps} 项`,
      `A supplement notice names between 1 and ${mostGaps} gaps`,
    );
  const problems = given.flatMap((gap, i) => gapProblems(state.item, gap, i));
  if (problems.length > 0)
    throw invalid("approval.gap_invalid", "补正通知有误", "The notice is not right", { fields: problems });
  const gaps = given.map((gap, i) => ({
    ...gap,
    id: `${state.notices.length + 1}.${i + 1}`,
    what: both(`gaps[${i}].what`, gap.what),
    remedy: both(`gaps[${i}].remedy`, gap.remedy),
  }));
  const old = state.notices.length > 0 && gaps.find((gap) => !broughtBy(state, gap));
  if (old)
    throw conflict(
      "approval.notice_once",
      `补正须一次性告知（行政许可法第三十二条）：“${old.what.zh}”在上次通知时已经可以看到`,
      `Everything is told at once (Licensing Law art. 32): "${old.what.en}" was there to be seen at the last notice`,
    );
  return gaps;
}

function gapProblems(item: PlannedItem, gap: Gap, i: number): FieldProblem[] {
  const problem = (field: string, zh: string, en: string) => ({
    field: `gaps[${i}].${field}`,
    text: { zh, en },
  });
  const problems: FieldProblem[] = [];
  if (gap.field && gap.requirement)
    problems.push(problem("field", "字段与证明只能选一个", "names a field or a requirement, not both"));
  // Art. 31: nobody is asked for what has nothing to do with the item.
  if (gap.field && !item.formFields.includes(gap.field))
    problems.push(problem("field", "与该事项无关", "is no form field of this item"));
  if (gap.requirement && !item.requirements.includes(gap.requirement))
    problems.push(problem("requirement", "与该事项无关", "is no requirement of this item"));
  for (const name of ["what", "remedy"] as const)
    if (!gap[name]?.zh.trim() && !gap[name]?.en.trim())
      problems.push(problem(name, "不能为空", "must be said"));
  return problems;
}

/** Did the answer to the last notice bring this anew? */
function broughtBy({ notices }: Approval, { field, requirement }: Gap): boolean {
  const last = notices.at(-1);
  if (!last?.answeredAt || (!field && !requirement)) return false;
  const about = new Map(last.gaps.map((gap) => [gap.id, gap]));
  const isIt = ({ gap: id }: GapAnswer) => {
    const gap = about.get(id);
    return gap !== undefined && gap.field === field && gap.requirement === requirement;
  };
  return last.answers.some(isIt);
}

const mostDays = 365;

/** Licensing Law art. 45: only the law's own procedures, those the item names, and the applicant is told how long. */
export function procedureFits<T extends { procedure: ProcedureName; reason: Text; days: number }>(
  { item }: Approval,
  act: T,
): T {
  if (!item.procedures.includes(act.procedure))
    throw invalid(
      "approval.procedure_unknown",
      `这个事项可以启动的特别程序：${item.procedures.join("、")}`,
      `Special procedures of this item: ${item.procedures.join(", ")}`,
    );
  if (!Number.isInteger(act.days) || act.days < 1 || act.days > mostDays)
    throw invalid(
      "approval.days_invalid",
      `须书面告知所需工作日：1 至 ${mostDays}`,
      `The applicant is told how many working days it takes: 1 to ${mostDays}`,
    );
  return { ...act, reason: both("reason", act.reason) };
}

/** Licensing Law art. 42: ten working days, fifteen in joint handling; approved by the head, the reason told. */
export function extensionFits<T extends { days: number; reason: Text; approvedBy: Text }>(
  { item }: Approval,
  act: T,
): T {
  const most = mostExtension(item);
  if (!Number.isInteger(act.days) || act.days < 1 || act.days > most)
    throw invalid(
      "approval.days_invalid",
      `最多延长 ${most} 个工作日（行政许可法第四十二条）`,
      `At most ${most} working days (Licensing Law art. 42)`,
    );
  return { ...act, reason: both("reason", act.reason), approvedBy: both("approvedBy", act.approvedBy) };
}

/** Words of an officer in one language stand for both; none are none. */
export function both(field: string, text: Text | undefined): Text {
  const [zh = "", en = ""] = [text?.zh.trim(), text?.en.trim()];
  if (!zh && !en)
    throw invalid("approval.words_missing", "请填写说明", "It must be said in words", {
      fields: [{ field, text: { zh: "不能为空", en: "must be said" } }],
    });
  mustBeWords(field, zh);
  mustBeWords(field, en);
  return { zh: zh || en, en: en || zh };
}
