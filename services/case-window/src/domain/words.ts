// Words of the timeline for what the licensing law lets a department do about an item's time and its grant.
import type { Text } from "@onething/contracts/common/v1/common";
import type { CaseItemClock, CaseItemRevoked } from "@onething/contracts/window/v1/events";

const procedures: Record<string, Text> = {
  hearing: { zh: "听证", en: "a hearing" },
  tender: { zh: "招标", en: "a tender" },
  auction: { zh: "拍卖", en: "an auction" },
  inspection: { zh: "检验", en: "an inspection" },
  testing: { zh: "检测", en: "testing" },
  quarantine: { zh: "检疫", en: "a quarantine inspection" },
  appraisal: { zh: "鉴定", en: "an appraisal" },
  expert_review: { zh: "专家评审", en: "an expert review" },
};
export const procedureName = (code: string): Text =>
  procedures[code] ?? { zh: "特别程序", en: "a special procedure" };

const deliveries: Record<string, Text> = {
  electronic: { zh: "电子送达", en: "electronically" },
  window: { zh: "窗口领取", en: "at a window" },
  post: { zh: "邮寄送达", en: "by post" },
};
export const deliveryName = (how: string): Text => deliveries[how] ?? { zh: "已送达", en: "as agreed" };

/** Reasons behind their colon; nothing where none was given. */
export function because(reasons: readonly (Text | undefined)[]): Text {
  const given = reasons.filter((each) => each !== undefined);
  if (given.length === 0) return { zh: "", en: "" };
  return {
    zh: `：${given.map((each) => each.zh).join("；")}`,
    en: `: ${given.map((each) => each.en).join("; ")}`,
  };
}

/** A date that rests on holidays not announced yet says so. */
export function dueWords(dueOn: string | undefined, provisional = false): Text {
  if (!dueOn) return { zh: "", en: "" };
  const may = provisional
    ? {
        zh: "（暂定，放假安排公布后重新计算）",
        en: " (provisional: counted anew when the holidays are announced)",
      }
    : { zh: "", en: "" };
  return { zh: `，最晚 ${dueOn} 办完${may.zh}`, en: `, due by ${dueOn}${may.en}` };
}

/** What an item is late with, in words that do not look away. */
export const lateWords = (dueOn: string): Text => ({
  zh: `，已超过 ${dueOn} 的期限，部门的监督人员已收到提醒`,
  en: `; the date ${dueOn} has passed, and the department's supervisor has been told`,
});

export const answerByWords = (answerBy: string | undefined): Text =>
  answerBy
    ? { zh: `，最迟 ${answerBy}，逾期视为撤回`, en: `, by ${answerBy}, or it counts as withdrawn` }
    : { zh: "", en: "" };

/** Why an item counts as withdrawn without having been. */
export const unansweredNotice = (basis: Text): Text => ({
  zh: `补正通知逾期没有答复，依据${basis.zh}视为撤回，可以重新申请`,
  en: `the notice was not answered in time and counts as a withdrawal (${basis.en}); you may apply again`,
});

/** Why an item counts as granted without anybody having decided it. */
export const noDecision = (basis: Text): Text => ({
  zh: `法定期限内没有作出决定，视为准予（依据：${basis.zh}）`,
  en: `no decision was made within the legal limit, so that it counts as granted (by: ${basis.en})`,
});

export const overrunWords = (untilOn: string): Text => ({
  zh: `，原定 ${untilOn} 结束，现在还没有结束`,
  en: `; it was to end on ${untilOn} and has not ended yet`,
});

export const untilWords = (untilOn: string): Text =>
  untilOn ? { zh: `，预计 ${untilOn} 结束`, en: `, expected to end on ${untilOn}` } : { zh: "", en: "" };

/** Why the clock of an item does what it does, until when, and by which article. */
export function clockOf(name: Text, { what, dates, why, procedure, untilOn }: CaseItemClock): Text {
  const due = dueWords(dates?.dueOn, dates?.dueProvisional);
  const [reason, step] = [because([why]), procedureName(procedure)];
  const until = untilWords(untilOn);
  switch (what) {
    case "paused":
      return {
        zh: `“${name.zh}”需要${step.zh}，期间不计入办理期限（行政许可法第四十五条）${until.zh}${reason.zh}`,
        en: `"${name.en}" needs ${step.en}; that time is not counted (Licensing Law art. 45)${until.en}${reason.en}`,
      };
    case "resumed":
      return {
        zh: `“${name.zh}”的${step.zh}已经结束，办理期限继续计算（行政许可法第四十五条）${due.zh}${reason.zh}`,
        en: `For "${name.en}" ${step.en} is over and the limit runs on (Licensing Law art. 45)${due.en}${reason.en}`,
      };
    case "extended":
      return {
        zh: `“${name.zh}”经批准延长办理期限（行政许可法第四十二条）${due.zh}${reason.zh}`,
        en: `The limit of "${name.en}" is prolonged with approval (Licensing Law art. 42)${due.en}${reason.en}`,
      };
    default:
      return {
        zh: `节假日安排已经公布，“${name.zh}”的办理期限按它重新计算（行政许可法第八十二条）${due.zh}`,
        en: `The holidays are announced; the limit of "${name.en}" is counted by them anew (Licensing Law art. 82)${due.en}`,
      };
  }
}

/** Accepted by silence: no notice came in five working days. */
export const deemedAccepted = (name: Text, dueOn: string, provisional: boolean): Text => {
  const due = dueWords(dueOn, provisional);
  return {
    zh: `“${name.zh}”逾期未告知补正，自收到申请之日起即为受理（行政许可法第三十二条）${due.zh}`,
    en: `No notice came in time: "${name.en}" counts as accepted from the day it was received (Licensing Law art. 32)${due.en}`,
  };
};

export function revokedOf(name: Text, { reasons, remedies }: Omit<CaseItemRevoked, "item">): Text {
  const why = because(reasons);
  const zh = remedies.map((each) => each.zh.replace(/。$/, "")).join("；");
  const en = remedies.map((each) => each.en.replace(/\.$/, "")).join("; ");
  return {
    zh: `“${name.zh}”的批准已被撤销${why.zh}${zh ? `。救济途径：${zh}` : ""}`,
    en: `The grant of "${name.en}" was taken back${why.en}${en ? `. Remedies: ${en}` : ""}`,
  };
}
