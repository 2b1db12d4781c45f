// A department's one-time notice (Licensing Law art. 32) and its answer: every gap at once, each in a way that can close it.
import type { Gap } from "@onething/contracts/approval/v1/events";
import type { Plan, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { CaseItemCorrected, CaseItemSupplemented } from "@onething/contracts/window/v1/events";
import {
  conflict,
  type FieldProblem,
  forbidden,
  invalid,
  notFound,
  unavailable,
} from "@onething/kernel/errors";
import { fieldProblem } from "@onething/kernel/fields";
import { type CaseEvent, type CaseState, type ItemState, isWaiting, type Notice } from "./case.ts";
import type { Of, Resealed, Supplement } from "./commands.ts";
import { replaceReceipts } from "./receipts.ts";

/** A new value of the field, the requirement looked up again, its original seen by a clerk, or words. */
export const ways = ["value", "evidence", "original", "words"] as const;
export type Way = (typeof ways)[number];

export type Answer = { gap: string } & (
  | { way: "value"; value: string }
  | { way: "evidence" | "original" }
  | { way: "words"; words: string }
);

/** The notice that an item waits for the answer of. */
export const openNotice = (item: ItemState): Notice | undefined =>
  item.status === "supplementing" ? item.notices?.at(-1) : undefined;

export const requirementOf = (plan: Plan, { requirement }: Gap): Requirement | undefined =>
  plan.requirements.find((each) => each.id === requirement);

export const fieldOf = (plan: Plan, gap: Gap) =>
  plan.form.find((each) => gap.field !== "" && each.field?.name === gap.field);

/** In words always: what the catalogue offers no better way for can still be said. */
export function waysOf(plan: Plan, gap: Gap): Way[] {
  const rungs = requirementOf(plan, gap)?.alternatives.flatMap((each) => each.rungs) ?? [];
  return [
    ...(fieldOf(plan, gap) ? ["value" as const] : []),
    ...(rungs.includes("licence") || rungs.includes("register") ? ["evidence" as const] : []),
    ...(rungs.includes("original") ? ["original" as const] : []),
    "words",
  ];
}

export function itemOf(state: CaseState, code: string): ItemState {
  const item = state.items[code];
  if (item) return item;
  throw notFound("case.item_not_found", "这个办件里没有这个事项", "There is no such item in this case");
}

/** Errors: `not_found` for what was not asked, `invalid` naming every gap that is left open. */
export function checkComplete({ gaps }: Notice, answers: readonly { gap: string }[]): void {
  const asked = new Set(gaps.map((gap) => gap.id));
  const unknown = answers.find(({ gap }) => !asked.has(gap));
  if (unknown)
    throw notFound(
      "case.gap_unknown",
      `补正通知里没有“${unknown.gap}”这一项，请重新查看`,
      `The notice has no gap "${unknown.gap}"; please look at it again`,
    );
  const given = answers.map(({ gap }) => gap);
  const open = gaps.filter((gap) => !given.includes(gap.id));
  const twice = gaps.filter((gap) => given.indexOf(gap.id) !== given.lastIndexOf(gap.id));
  const fields = [
    ...open.map((gap) => problem(gap, gap.what?.zh ?? "", gap.what?.en ?? "")),
    ...twice.map((gap) => problem(gap, "同一项只能答复一次", "is answered twice")),
  ];
  if (fields.length > 0)
    throw invalid(
      "case.supplement_incomplete",
      "补正须一次完成：每一项都要答复，而且只答复一次",
      "A notice is answered at once: every gap, and each of them once",
      { fields },
    );
}

const problem = ({ id }: Gap, zh: string, en: string): FieldProblem => ({
  field: `answers.${id}`,
  text: { zh, en },
});

/** Whether each answer fits its gap. Errors: `forbidden` for an original that no clerk has seen; `invalid`, gap by gap. */
export function checkAnswers(plan: Plan, notice: Notice, answers: readonly Answer[], isClerk: boolean): void {
  checkComplete(notice, answers);
  if (!isClerk && answers.some(({ way }) => way === "original"))
    throw forbidden(
      "case.originals_at_window",
      "只有窗口可以登记查验原件",
      "Only a window can record originals seen",
    );
  const fields = notice.gaps.flatMap((gap) => {
    const answer = answers.find((each) => each.gap === gap.id)!;
    return answerProblem(plan, gap, answer) ?? [];
  });
  if (fields.length > 0)
    throw invalid("case.supplement_invalid", "补正内容有几处需要更正", "Some of the answers need attention", {
      fields,
    });
}

const wayWords: Record<Way, { zh: string; en: string }> = {
  value: { zh: "填写新的内容", en: "a new value" },
  evidence: { zh: "重新查询", en: "looking it up again" },
  original: { zh: "到窗口出示原件", en: "the original, shown at a window" },
  words: { zh: "文字说明", en: "words" },
};

function answerProblem(plan: Plan, gap: Gap, answer: Answer): FieldProblem | undefined {
  const open = waysOf(plan, gap);
  if (!open.includes(answer.way)) {
    const [zh, en] = [open.map((way) => wayWords[way].zh), open.map((way) => wayWords[way].en)];
    return problem(gap, `这一项可以这样补正：${zh.join("、")}`, `can be answered by ${en.join(", or ")}`);
  }
  if (answer.way === "words" && answer.words.trim() === "")
    return problem(gap, "请填写说明", "must be said in words");
  if (answer.way !== "value") return undefined;
  const text = fieldProblem(fieldOf(plan, gap)!.field!, answer.value.trim());
  return text && problem(gap, text.zh, text.en);
}

/** What was looked up again must prove it: a notice is not answered by what is still missing. */
export function checkLooked(gap: Gap, found: readonly Receipt[]): void {
  const silent = found.find(({ state }) => state === "unavailable");
  if (silent)
    throw unavailable(
      "case.register_silent",
      "部门系统暂时没有答复，请稍后再提交补正",
      "A department's register is silent; please answer the notice a little later",
      { fields: [problem(gap, silent.why?.zh ?? "", silent.why?.en ?? "")] },
    );
  const lacking = found.find(({ state }) => state !== "proved");
  if (found.length > 0 && !lacking) return;
  const text = lacking?.fix ?? lacking?.why ?? { zh: "没有查到", en: "Nothing was found" };
  throw invalid(
    "case.supplement_unproved",
    "重新查询后仍未得到证明",
    "It was looked up again and is still not proved",
    {
      fields: [problem(gap, text.zh, text.en)],
    },
  );
}

/** Errors: 404 for an item or a gap that is not there; 409 where nothing is waited for, or a form has changed meanwhile. */
export function supplemented(state: CaseState, command: Supplement): CaseEvent {
  const { item: code, answers, by, forms } = command;
  const notice = openNotice(itemOf(state, code));
  if (!notice)
    throw conflict(
      "case.nothing_to_supplement",
      "这个事项现在没有等待补正的内容",
      "This item does not wait for a supplement",
    );
  checkComplete(notice, answers);
  if (!forms[code] || forms[code].was !== (state.sealedForms[code] ?? "")) throw moved();
  const receipts = state.receipts.filter((receipt) => receipt.item === code);
  return {
    type: "case.item_supplemented",
    data: CaseItemSupplemented.fromPartial({
      ...{ caseId: state.id, item: code, answers, by, sealedForm: forms[code].now },
      receipts: replaceReceipts(receipts, command.receipts),
      waitingForms: waitingFormsOf(state, code, forms),
    }),
  };
}

/** The department's own form counts for the item, whatever the case knew of it. */
export function corrected(state: CaseState, { item, fields, sealedForm, forms }: Of<"corrected">): CaseEvent {
  const data = { item, fields, sealedForm, waitingForms: waitingFormsOf(state, item, forms) };
  return { type: "case.item_corrected", data: CaseItemCorrected.fromPartial(data) };
}

/** Of other items that have not started; each made of the form that is still there. */
function waitingFormsOf(state: CaseState, code: string, forms: Record<string, Resealed>) {
  const waiting = Object.entries(forms).filter(([each]) => each !== code && mayStillStart(state, each));
  if (waiting.some(([each, { was }]) => was !== (state.sealedForms[each] ?? ""))) throw moved();
  return Object.fromEntries(waiting.map(([each, { now }]) => [each, now]));
}

const moved = () =>
  conflict(
    formMoved,
    "表单刚刚有了改动，请再提交一次",
    "The form has just changed; please send it once more",
  );

/** Reason of the refusal after which the same answer is prepared again. */
export const formMoved = "case.form_moved";

export const mayStillStart = (state: CaseState, code: string): boolean =>
  state.items[code] !== undefined && isWaiting(state.items[code]);
