// What people are told about an approval's past. Accounts, never names.
import { conflict, type OnethingError, type Text } from "@onething/kernel/errors";

interface Decided {
  status: string;
  decidedAt: string;
  decidedBy: string;
}

const outcomes: Record<string, Text> = {
  granted: { zh: "准予", en: "granted" },
  refused: { zh: "不予许可", en: "refused" },
  cancelled: { zh: "撤回", en: "withdrawn" },
};

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
    zh: `账号 ${who} 已于 ${when} 作出决定：${what.zh}`,
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
