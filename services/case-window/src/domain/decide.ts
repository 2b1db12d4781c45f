// The law of a case: which command may do what in which state. Pure; words of refusals are for people.
import {
  CaseAnswered,
  CaseContinued,
  CaseDrafted,
  CaseSubmitted,
  CaseWithdrawRequested,
} from "@onething/contracts/window/v1/events";
import { codecs } from "@onething/events/names";
import type { Decision, Kind } from "@onething/journal/journal";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, invalid, type Text } from "@onething/kernel/errors";
import { advance, ended, Progress } from "./advance.ts";
import { type CaseEvent, type CaseState, evolve, isHeld, isWaiting, isWithDepartment } from "./case.ts";
import type { CaseCommand, Of } from "./commands.ts";
import { checkProofs } from "./proofs.ts";
import { answeredMeanwhile } from "./receipts.ts";
import { report } from "./report.ts";
import { supplemented } from "./supplement.ts";
import { waitsForNothing } from "./unfinished.ts";

export type { CaseCommand } from "./commands.ts";

export function decide(state: CaseState | null, command: CaseCommand, now: Date): Decision<CaseEvent> {
  if (command.type === "open") return open(state, command);
  if (!state) throw conflict("case.not_open", "这个办件还没有建立", "This case has not been opened yet");
  const answer = { id: state.id };
  switch (command.type) {
    case "answer":
      return { events: [answered(state, command)], answer };
    case "submit":
      return submit(state, command, now);
    case "withdraw":
      return withdraw(state, command, now);
    case "continue":
      return goOn(state, command, now);
    case "supplement": {
      const event = supplemented(state, command);
      return { events: [event], answer: { ...answer, item: command.item, status: "with_department" } };
    }
    default:
      return { events: report(state, command, now), answer };
  }
}

function open(state: CaseState | null, { drafted }: Of<"open">): Decision<CaseEvent> {
  if (state) throw conflict("case.exists", "这个办件已经建立", "This case exists already");
  const data = CaseDrafted.fromPartial(drafted);
  return { events: [{ type: "case.drafted", data }], answer: { id: data.id } };
}

function answered(state: CaseState, { plan, subjects }: Of<"answer">): CaseEvent {
  if (state.status !== "draft") throw alreadySubmitted();
  return { type: "case.answered", data: CaseAnswered.fromPartial({ plan, subjects }) };
}

const alreadySubmitted = () =>
  conflict(
    "case.already_submitted",
    "这个办件已经提交，不能再改。需要更改请先撤回，再重新办理",
    "This case has been submitted and cannot be changed; withdraw it and start again if you need to",
  );

function submit(
  state: CaseState,
  { submitted, plan: prepared }: Of<"submit">,
  now: Date,
): Decision<CaseEvent> {
  if (state.status !== "draft") throw alreadySubmitted();
  const { plan } = state;
  if (!plan)
    throw invalid("case.no_answers", "请先回答情形问题，再提交", "Answer the questions first, then submit");
  if (!sameJson([prepared, submitted.subjects], [plan, state.subjects])) throw answersChanged();
  const receipts = answeredMeanwhile(submitted.receipts, state.receipts);
  checkProofs(plan, receipts, submitted.notNeeded);
  const progress = new Progress(state, now);
  progress.add({ type: "case.submitted", data: CaseSubmitted.fromPartial(submitted) });
  for (const item of plan.items)
    if (submitted.notNeeded.includes(item.code) || item.handling === "offline")
      progress.add(ended(item, "not_needed", { reasons: [whyNotNeeded(item.handling)] }));
  const events = advance(progress);
  return { events, answer: { id: state.id, number: submitted.number, status: progress.state.status } };
}

/** The proofs at hand are those of other answers. */
const answersChanged = () =>
  conflict(
    "case.answers_changed",
    "提交的同时回答有了改动，请重新查看预览后再提交",
    "The answers were changed while the case was being submitted; look at the preview again, then submit",
  );

const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const whyNotNeeded = (handling: string): Text =>
  handling === "offline"
    ? {
        zh: "这一项由主管部门线下办理，结果由登记系统取得",
        en: "Handled by the department in person; the platform reads its register",
      }
    : { zh: "已经持有有效结果，不用再办", en: "A valid result is held already" };

function withdraw(state: CaseState, { by }: Of<"withdraw">, now: Date): Decision<CaseEvent> {
  if (state.status === "draft")
    throw conflict(
      "case.not_submitted",
      "这个办件还没有提交，不需要撤回",
      "This case has not been submitted; there is nothing to withdraw",
    );
  if (state.status === "closed")
    throw conflict(
      "case.closed",
      "这个办件已经办结，不能撤回",
      "This case has ended and cannot be withdrawn",
    );
  if (state.withdrawRequested)
    throw conflict("case.withdrawing", "已经收到撤回申请，正在处理", "A withdrawal is already being handled");
  const progress = new Progress(state, now);
  const items = Object.values(state.items);
  const withDepartments = items.filter(isWithDepartment).map((item) => item.code);
  progress.add({
    type: "case.withdraw_requested",
    data: CaseWithdrawRequested.fromPartial({ caseId: state.id, by, items: withDepartments }),
  });
  for (const item of items) if (isWaiting(item)) progress.add(ended(item, "withdrawn"));
  const events = advance(progress);
  return { events, answer: { id: state.id, status: progress.state.status } };
}

function goOn(state: CaseState, { by }: Of<"continue">, now: Date): Decision<CaseEvent> {
  if (!isHeld(state))
    throw conflict(
      "case.not_held",
      "这个办件没有停下等您决定的事项",
      "Nothing of this case waits for you to say go on",
    );
  const progress = new Progress(state, now);
  progress.add({ type: "case.continued", data: CaseContinued.fromPartial({ by }) });
  const events = advance(progress);
  return { events, answer: { id: state.id, status: progress.state.status } };
}

export const caseKind: Kind<CaseState, CaseCommand, CaseEvent> = {
  name: "case",
  table: "case_file",
  apart: ["plan", "receipts", "sealedForms"] satisfies (keyof CaseState)[],
  codecs: codecs(
    "case.drafted",
    "case.answered",
    "case.submitted",
    "case.item_ready",
    "case.evidence_updated",
    "case.item_accepted",
    "case.item_supplement_requested",
    "case.item_corrected",
    "case.item_supplemented",
    "case.item_clock",
    "case.item_delivered",
    "case.item_revoked",
    "case.item_decided",
    "case.item_issued",
    "case.item_ended",
    "case.withdraw_requested",
    "case.recall_requested",
    "case.withdrawal_refused",
    "case.held",
    "case.continued",
    "case.closed",
  ),
  decide,
  evolve,
  caseOf: (state) => state.id,
  unfinished: (state) => waitsForNothing(state),
};
