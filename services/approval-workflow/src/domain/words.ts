// What people are told about an approval's past. Accounts, never names.
import { conflict, notFound, type OnethingError, type Text } from "@onething/kernel/errors";
import type { DeskAction, Status } from "./table.ts";

interface Decided {
  status: string;
  decidedAt: string;
  decidedBy: string;
}

const outcomes: Record<string, Text> = {
  granted: { zh: "准予", en: "granted" },
  delivered: { zh: "准予", en: "granted" },
  revoked: { zh: "准予（后被撤销）", en: "granted (and revoked later)" },
  refused: { zh: "不予许可", en: "refused" },
  not_needed: { zh: "不需要办理", en: "found not needed" },
  not_accepted: { zh: "不予受理", en: "not accepted" },
  cancelled: { zh: "撤回", en: "withdrawn" },
};

const stateWords: Record<Status, Text> = {
  received: { zh: "待受理", en: "awaiting acceptance" },
  supplementing: { zh: "等待申请人补正", en: "waiting for the applicant's supplement" },
  accepted: { zh: "审查中", en: "under review" },
  paused: { zh: "特别程序进行中", en: "in a special procedure" },
  legality: { zh: "法制审核中", en: "with the legality review" },
  granted: { zh: "已准予", en: "granted" },
  delivered: { zh: "已送达", en: "delivered" },
  refused: { zh: "不予许可", en: "refused" },
  not_needed: { zh: "不需要办理", en: "not needed" },
  not_accepted: { zh: "不予受理", en: "not accepted" },
  cancelled: { zh: "已撤回", en: "withdrawn" },
  revoked: { zh: "已撤销", en: "revoked" },
};

export const actionWords: Record<DeskAction, Text> = {
  claim: { zh: "认领", en: "claim it" },
  release: { zh: "退回", en: "give it back" },
  accept: { zh: "受理", en: "accept it" },
  correct: { zh: "当场更正", en: "correct it on the spot" },
  supplement: { zh: "一次性告知补正", en: "request a supplement" },
  decline: { zh: "不予受理", en: "decline it" },
  pause: { zh: "启动特别程序", en: "begin a special procedure" },
  resume: { zh: "结束特别程序", en: "end the special procedure" },
  extend: { zh: "延长期限", en: "prolong the limit" },
  refer: { zh: "提交法制审核", en: "refer to the legality review" },
  give_legality: { zh: "出具法制审核意见", en: "give the legality opinion" },
  grant: { zh: "准予", en: "grant it" },
  refuse: { zh: "不予许可", en: "refuse it" },
  second_look: { zh: "复核自动决定", en: "look again at the automatic decision" },
  deliver: { zh: "送达", en: "deliver it" },
  revoke: { zh: "撤销", en: "revoke it" },
  attach: { zh: "添加附件", en: "attach a file" },
};

export const notInHand = ({ status }: { status: Status }): OnethingError =>
  conflict(
    "approval.not_in_hand",
    `这件事项现在是“${stateWords[status].zh}”，不在办理中`,
    `This item is ${stateWords[status].en}; it is not in hand`,
  );

/** Somebody, or time, was quicker than who acts on a version that is no longer the work's. */
export const movedOn = (status: Status, seen: number, version: number): OnethingError =>
  conflict(
    "approval.moved_on",
    `这件事项已有新的变动（您看到的是第 ${seen} 版，现在是第 ${version} 版，“${stateWords[status].zh}”），请重新查看后再办理`,
    `This item has moved on (you saw version ${seen}; it is now at version ${version}, ${stateWords[status].en}): look at it again, then act`,
  );

/** What can be done instead stands in the work's `actions`. */
export const notNow = (status: Status, action: DeskAction): OnethingError =>
  conflict(
    "approval.not_now",
    `这件事项现在是“${stateWords[status].zh}”，不能${actionWords[action].zh}`,
    `This item is ${stateWords[status].en}; you cannot ${actionWords[action].en} now`,
  );

/** The account of an actor, without its role: `officer:li` is account `li`. */
export const account = (actor: string): string => actor.slice(actor.indexOf(":") + 1);

const clock = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  dateStyle: "short",
  timeStyle: "short",
});

/** An instant as the city's people read it, whatever zone the machine is in. */
export const cityTime = (at: string): string => clock.format(new Date(at));

function whoAndWhen({ status, decidedAt, decidedBy }: Decided): Text {
  const what = outcomes[status] ?? { zh: status, en: status };
  const when = cityTime(decidedAt);
  if (!decidedBy) return { zh: `已于 ${when} ${what.zh}`, en: `${what.en} on ${when} (Beijing time)` };
  if (decidedBy.startsWith("rule:"))
    return { zh: `已于 ${when} 按规则自动${what.zh}`, en: `${what.en} by rule on ${when} (Beijing time)` };
  const who = account(decidedBy);
  return {
    zh: `已于 ${when} 由账号 ${who} 作出决定：${what.zh}`,
    en: `${what.en} by account ${who} on ${when} (Beijing time)`,
  };
}

export function alreadyDecided(state: Decided): OnethingError {
  const { zh, en } = whoAndWhen(state);
  const reason = state.status === "cancelled" ? "approval.withdrawn" : "approval.already_decided";
  return conflict(reason, `该事项${zh}`, `This item was ${en}`);
}

export function tooLate(state: Decided): Text {
  const { zh, en } = whoAndWhen(state);
  return { zh: `来不及撤回：该事项${zh}`, en: `Too late to withdraw: this item was ${en}` };
}

export const unknownWork = () =>
  notFound(
    "approval.not_found",
    "没有这件待办，或者它不属于您的部门",
    "There is no such work, or it is not your department's",
  );

/** Why what was proved is not any more. */
export const revokedSince = (reference: string, reasons: readonly Text[]): Text => ({
  zh: `证照 ${reference} 已被撤销：${reasons.map(({ zh }) => zh).join("；")}`,
  en: `Licence ${reference} was revoked since: ${reasons.map(({ en }) => en).join("; ")}`,
});
