// The timeline of a case in plain words: what happened, and who has it now.
import type { Text } from "@onething/contracts/common/v1/common";
import type { CaseItemSupplementRequested } from "@onething/contracts/window/v1/events";
import { type CaseEvent, type CaseState, type ItemState, isBeingRecalled, isHeld } from "./case.ts";
import { byPolicy } from "./policy.ts";
import { receiptsFor } from "./receipts.ts";
import { openNotice } from "./supplement.ts";
import {
  answerByWords,
  because,
  clockOf,
  deemedAccepted,
  deliveryName,
  dueWords,
  lateWords,
  noDecision,
  overrunWords,
  procedureName,
  revokedOf,
  untilWords,
} from "./words.ts";

export interface TimelineEntry extends Text {
  at: string;
  item: string;
}

/** Sentences for people; internal steps that mean nothing to them are left out. */
export function timelineOf(
  state: CaseState,
  events: readonly (CaseEvent & { at: string })[],
): TimelineEntry[] {
  return events.flatMap((event) => {
    const sentence = sentenceOf(state, event);
    return sentence ? [{ at: event.at, item: itemOf(event), ...sentence }] : [];
  });
}

const itemOf = (event: CaseEvent): string => {
  if (event.type === "case.item_ready") return event.data.item?.code ?? "";
  return "item" in event.data && typeof event.data.item === "string" ? event.data.item : "";
};

function sentenceOf(state: CaseState, event: CaseEvent): Text | undefined {
  switch (event.type) {
    case "case.submitted":
      return { zh: `已提交，办件编号 ${event.data.number}`, en: `Submitted as case ${event.data.number}` };
    case "case.item_ready": {
      const { code } = event.data.item!;
      const [name, department] = [nameOf(state, code), departmentOf(state, code)];
      return { zh: `“${name.zh}”已送到${department.zh}`, en: `"${name.en}" is with ${department.en}` };
    }
    case "case.item_accepted": {
      const { item, dueOn, dueProvisional, how } = event.data;
      if (how === "deemed") return deemedAccepted(nameOf(state, item), dueOn, dueProvisional);
      const [name, department] = [nameOf(state, item), departmentOf(state, item)];
      const due = dueWords(dueOn, dueProvisional);
      return {
        zh: `${department.zh}已受理“${name.zh}”${due.zh}`,
        en: `${department.en} has accepted "${name.en}"${due.en}`,
      };
    }
    case "case.item_supplement_requested":
      return noticeOf(nameOf(state, event.data.item), departmentOf(state, event.data.item), event.data);
    case "case.item_corrected": {
      const { item, fields } = event.data;
      const [name, department] = [nameOf(state, item), departmentOf(state, item)];
      const labels = fields.map((field) => labelOf(state, field));
      return {
        zh: `${department.zh}当场更正了“${name.zh}”的${labels.map(({ zh }) => zh).join("、")}（行政许可法第三十二条）`,
        en: `${department.en} has corrected "${name.en}" on the spot: ${labels.map(({ en }) => en).join(", ")} (Licensing Law art. 32)`,
      };
    }
    case "case.item_supplemented": {
      const [name, department] = [nameOf(state, event.data.item), departmentOf(state, event.data.item)];
      return {
        zh: `“${name.zh}”的补正已经提交，${department.zh}继续办理`,
        en: `The notice about "${name.en}" is answered; ${department.en} goes on`,
      };
    }
    case "case.item_clock":
      return clockOf(nameOf(state, event.data.item), event.data);
    case "case.item_delivered": {
      const [name, how] = [nameOf(state, event.data.item), deliveryName(event.data.how)];
      return {
        zh: `“${name.zh}”的结果已经送达（${how.zh}）`,
        en: `The result of "${name.en}" is delivered (${how.en})`,
      };
    }
    case "case.item_revoked":
      return revokedOf(nameOf(state, event.data.item), event.data);
    case "case.item_decided":
      return event.data.deemed && grantedBySilence(nameOf(state, event.data.item), event.data.deemed);
    case "case.item_ended":
      return endOf(nameOf(state, event.data.item), event.data.outcome, event.data.reasons);
    case "case.evidence_updated":
      if (event.data.receipts.length === 0) return undefined;
      return evidenceSentence(event.data.receipts.some((receipt) => receipt.state === "unavailable"));
    case "case.held": {
      const [names, others] = [namesOf(state, event.data.becauseOf), namesOf(state, event.data.items)];
      return {
        zh: `${names.zh}没有通过，还没开始的${others.zh}先停下，等您决定：继续办理，或者撤回`,
        en: `${names.en} was refused; ${others.en} stops until you say go on, or withdraw`,
      };
    }
    case "case.continued":
      return { zh: "已决定继续办理其余事项", en: "You have said to go on with the others" };
    case "case.withdraw_requested":
      if (event.data.by === byPolicy)
        return {
          zh: "有事项没有通过，按这件事的约定撤回其余事项：没开始的不再办理，已送部门的由部门逐项判断",
          en: "An item was refused and the others are withdrawn with it: nothing further starts, and departments judge what they have",
        };
      return {
        zh: "已申请撤回，未办的事项不再办理",
        en: "Withdrawal requested; nothing further will be started",
      };
    case "case.recall_requested": {
      const [names, why] = [namesOf(state, event.data.items), because([event.data.reason])];
      return {
        zh: `要求收回${names.zh}的批准${why.zh}`,
        en: `The grant of ${names.en} is being recalled${why.en}`,
      };
    }
    case "case.withdrawal_refused": {
      const [name, why] = [nameOf(state, event.data.item), because([event.data.why])];
      return { zh: `“${name.zh}”来不及撤回${why.zh}`, en: `Too late to withdraw "${name.en}"${why.en}` };
    }
    case "case.closed":
      return closeOf(event.data.outcome);
    default:
      return undefined;
  }
}

const evidenceSentence = (silent: boolean): Text =>
  silent
    ? {
        zh: "有一个部门的系统暂时没有答复，我们会继续询问",
        en: "A department's register is silent; we keep asking",
      }
    : { zh: "部门系统已经答复，继续办理", en: "The department's register has answered; the case goes on" };

/** Everything at once: what is missing or wrong, and what would do. */
function noticeOf(name: Text, department: Text, { gaps, answerBy }: CaseItemSupplementRequested): Text {
  const by = answerByWords(answerBy);
  const each = gaps.map(({ what, remedy }, i) => ({
    zh: `${i + 1}. ${what?.zh}（补正办法：${remedy?.zh}）`,
    en: `${i + 1}. ${what?.en} (what would do: ${remedy?.en})`,
  }));
  return {
    zh: `“${name.zh}”需要补正，${department.zh}一次性告知：${each.map(({ zh }) => zh).join("；")}${by.zh}`,
    en: `"${name.en}" needs a supplement; ${department.en} tells all of it at once: ${each.map(({ en }) => en).join("; ")}${by.en}`,
  };
}

function endOf(name: Text, outcome: string, reasons: readonly Text[]): Text {
  const why = because(reasons);
  switch (outcome) {
    case "granted":
      return { zh: `“${name.zh}”办好了${why.zh}`, en: `"${name.en}" is done${why.en}` };
    case "refused":
      return { zh: `“${name.zh}”没有通过${why.zh}`, en: `"${name.en}" was refused${why.en}` };
    case "not_accepted":
      return { zh: `“${name.zh}”不予受理${why.zh}`, en: `"${name.en}" was not accepted${why.en}` };
    case "withdrawn":
      return { zh: `“${name.zh}”已撤回${why.zh}`, en: `"${name.en}" is withdrawn${why.en}` };
    case "not_needed":
      return { zh: `“${name.zh}”不用办${why.zh}`, en: `"${name.en}" is not needed${why.en}` };
    default:
      return { zh: `“${name.zh}”办不了${why.zh}`, en: `"${name.en}" is not possible${why.en}` };
  }
}

function grantedBySilence(name: Text, basis: Text): Text {
  const why = noDecision(basis);
  return { zh: `“${name.zh}”在${why.zh}`, en: `"${name.en}": ${why.en}` };
}

function closeOf(outcome: string): Text {
  const words: Record<string, Text> = {
    all_granted: { zh: "全部办好了", en: "Everything is done" },
    partly_granted: {
      zh: "已办结，有的事项没有办成，原因见各项说明",
      en: "Ended; some items were not granted, each says why",
    },
    none_granted: {
      zh: "已办结，没有事项办成，原因见各项说明",
      en: "Ended; nothing was granted, each item says why",
    },
    withdrawn: { zh: "已撤回", en: "Withdrawn" },
  };
  return words[outcome] ?? { zh: "已办结", en: "Ended" };
}

/** Who has an item now, and what happens next; `today` is a date of the city. */
export function whoHasIt(state: CaseState, item: ItemState, today: string): Text {
  if (item.revoked) return revokedOf(nameOf(state, item.code), item.revoked);
  if (isBeingRecalled(item))
    return { zh: "已经批准，正在按规定收回", en: "Granted; the grant is being recalled" };
  if (item.status === "ended") return endOf(nameOf(state, item.code), item.outcome ?? "", item.reasons);
  const department = departmentOf(state, item.code);
  if (item.status === "issuing" && item.deemed) {
    const why = noDecision(item.deemed);
    return { zh: `${why.zh}，正在制作结果`, en: `The result is being made: ${why.en}` };
  }
  if (item.status === "issuing")
    return { zh: "已经同意，正在制作结果", en: "Granted; the result is being made" };
  const open = openNotice(item);
  if (open) {
    const [n, by] = [open.gaps.length, answerByWords(open.answerBy)];
    return {
      zh: `等申请人补正，共 ${n} 项${by.zh}`,
      en: `Waits for the applicant to answer a notice of ${n}${by.en}`,
    };
  }
  if (item.stopped) {
    const { procedure, untilOn } = item.stopped;
    const step = procedureName(procedure);
    const until = today > untilOn && untilOn ? overrunWords(untilOn) : untilWords(untilOn);
    return {
      zh: `${department.zh}正在进行${step.zh}，不计入办理期限${until.zh}`,
      en: `${department.en} carries out ${step.en}; that time is not counted${until.en}`,
    };
  }
  if (item.status === "with_department") {
    const { dueOn, dueProvisional } = item;
    const due = dueOn && today > dueOn ? lateWords(dueOn) : dueWords(dueOn, dueProvisional);
    return { zh: `${department.zh}正在办理${due.zh}`, en: `With ${department.en}${due.en}` };
  }
  const silent =
    state.plan &&
    receiptsFor(state.plan, state.receipts, item.code).find((each) => each.state === "unavailable");
  if (silent) return silent.why ?? evidenceSentence(true);
  if (isHeld(state))
    return {
      zh: "有事项没有通过，先停下，等申请人决定：继续办理，或者撤回",
      en: "An item was refused: this one stops until the applicant says go on, or withdraw",
    };
  const before = item.waitedFor.filter((code) => state.items[code]?.status !== "ended");
  const names = namesOf(state, before);
  return { zh: `等${names.zh}办好后自动开始`, en: `Starts by itself after ${names.en}` };
}

function namesOf(state: CaseState, codes: readonly string[]): Text {
  const names = codes.map((code) => nameOf(state, code));
  return {
    zh: names.map((each) => `“${each.zh}”`).join("、"),
    en: names.map((each) => `"${each.en}"`).join(", "),
  };
}

const planned = (state: CaseState, code: string) => state.plan?.items.find((item) => item.code === code);
const nameOf = (state: CaseState, code: string): Text => planned(state, code)?.name ?? { zh: code, en: code };
const labelOf = (state: CaseState, field: string): Text =>
  state.plan?.form.find((asked) => asked.field?.name === field)?.field?.label ?? { zh: field, en: field };
const departmentOf = (state: CaseState, code: string): Text =>
  planned(state, code)?.department?.name ?? { zh: "主管部门", en: "the department" };
