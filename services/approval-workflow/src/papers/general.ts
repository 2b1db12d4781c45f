// Words that stand on a paper where the city names none of its own.
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { licensingLaw } from "@onething/documents/words";
import type { Text } from "@onething/kernel/errors";

/** The government's hotline, the same in every city. */
export const hotline = "12345";

/** Reconsideration Law (2023) art. 24: by the government that the body belongs to. */
const reconsideration: Text = {
  zh: "本机关所属的本级人民政府",
  en: "the people's government that this authority belongs to",
};
const court: Text = { zh: "有管辖权的人民法院", en: "the people's court that has jurisdiction" };

export const remediesOf = ({ letterhead }: PlannedItem) => ({
  reconsideration: letterhead?.reconsideration ?? reconsideration,
  court: letterhead?.court ?? court,
});

/** Where somebody was told no: what the item names itself stands before the general ways. */
export const allRemediesOf = (item: PlannedItem) => ({
  ...remediesOf(item),
  ...(item.remedies.length > 0 && { own: item.remedies }),
});

/** What a decision rests on: the item's own rules of law, else those of every licence. */
export const basisOf = ({ basis }: PlannedItem, paragraph: 1 | 2): Text[] =>
  basis.length > 0 ? basis : [licensingLaw(34), licensingLaw(38, paragraph)];

export const queryWay: Text = {
  zh: "登录办理本事项的网站，在“我的办件”中按办件编号查询；也可以向受理窗口或者下列联系部门询问。",
  en: "Sign in where you applied and open the case by its number, or ask at the window or the contact below.",
};

export const applicationForm: Text = { zh: "申请表（网上填写）", en: "Application form (filled in online)" };
export const otherProof: Text = { zh: "证明材料", en: "Proof" };
export const somethingElse: Text = { zh: "其他", en: "Other" };

/** The law sets no time for the answer to a notice; until it comes nothing is lost but time. */
export const untilSupplemented: Text = {
  zh: "补正之前的时间不计入办理期限",
  en: "The time until then is not counted.",
};

/** A local rule does. */
export const unanswered = (basis: Text | undefined): Text => ({
  zh: `补正之前的时间不计入办理期限；逾期未补正的，依据${basis?.zh ?? ""}视为撤回申请，可以重新申请`,
  en: `The time until then is not counted. Unanswered by then, the application counts as withdrawn (${basis?.en ?? ""}); you may apply again.`,
});

/** Several texts as one. */
export const joined = (texts: readonly Text[]): Text => ({
  zh: texts.map(({ zh }) => zh).join("；"),
  en: texts.map(({ en }) => en).join("; "),
});
