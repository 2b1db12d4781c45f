// How dates, laws and people are written on papers, and the sentences that several papers share.
import type { Text } from "@onething/kernel/errors";
import { maskNumber } from "@onething/kernel/identity";
import type { CheckedPaper, Remedies } from "./paper.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `2026-11-24` as 2026年11月24日 and 24 November 2026. */
export function dateText(date: string): Text {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  return { zh: `${year}年${month}月${day}日`, en: `${day} ${months[month - 1]} ${year}` };
}

const digits = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** 1 to 999 as 一, 十, 二十一, 一百零三. */
export function ordinal(n: number): string {
  const [hundreds, tens, ones] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10];
  const high = hundreds > 0 ? `${digits[hundreds]}百` : "";
  if (tens > 0) return `${high}${tens === 1 && hundreds === 0 ? "" : digits[tens]}十${digits[ones]}`;
  return `${high}${hundreds > 0 && ones > 0 ? "零" : ""}${digits[ones]}`;
}

/** An article of the Administrative Licensing Law, with paragraph and sub-paragraph where there are several. */
export function licensingLaw(article: number, paragraph?: number, item?: number): Text {
  const zh =
    `《中华人民共和国行政许可法》第${ordinal(article)}条` +
    (paragraph ? `第${ordinal(paragraph)}款` : "") +
    (item ? `第（${ordinal(item)}）项` : "");
  const part = (n: number | undefined) => (n ? `(${n})` : "");
  return { zh, en: `article ${article}${part(paragraph)}${part(item)} of the Administrative Licensing Law` };
}

/** What was said in a few words ends like a sentence; what was said in one language stays the same in both. */
export function sentence({ zh, en }: Text): Text {
  const ended = /[。！？；：.!?;:]$/.test(zh) ? zh : `${zh}。`;
  if (zh === en) return { zh: ended, en: ended };
  return { zh: ended, en: /[.!?;:]$/.test(en) ? en : `${en}.` };
}

/** A form of address: 你, and to an organisation 你单位. */
export const youOf = (paper: CheckedPaper): string => (paper.applicant.kind === "citizen" ? "你" : "你单位");

export const applicantNumber = ({ applicant }: CheckedPaper): string =>
  applicant.kind === "citizen" ? maskNumber(applicant.number) : applicant.number;

/** What every notice begins with. */
export function opening(paper: CheckedPaper): Text {
  const on = dateText(paper.appliedOn);
  return {
    zh: `${youOf(paper)}于${on.zh}提出的“${paper.item.name.zh}”申请收悉。`,
    en: `We have received your application of ${on.en} for "${paper.item.name.en}".`,
  };
}

/** Of a date, or of dates, that rest on holidays not announced yet. */
export const provisionalText: Text = {
  zh: "（暂定，放假安排公布后重新计算）",
  en: " (provisional: counted anew when the holidays are announced)",
};

/** Reconsideration within 60 days, a lawsuit within 6 months: days and months of the calendar. */
export function remedyText({ reconsideration, court }: Remedies, paperName: Text, what = "本决定"): Text {
  return {
    zh:
      `如不服${what}，可以自收到本${paperName.zh}之日起六十日内，依照《中华人民共和国行政复议法》第二十条向` +
      `${reconsideration.zh}申请行政复议；也可以自收到本${paperName.zh}之日起六个月内，依照《中华人民共和国` +
      `行政诉讼法》第四十六条向${court.zh}提起行政诉讼。`,
    en:
      `If you disagree, you may ask ${reconsideration.en} for administrative reconsideration within 60 days of ` +
      "receiving this paper (Administrative Reconsideration Law, article 20), or bring a lawsuit before " +
      `${court.en} within 6 months of receiving it (Administrative Litigation Law, article 46).`,
  };
}
