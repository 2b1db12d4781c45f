// The papers there are, what they are called, and how they are numbered.
import type { Text } from "@onething/kernel/errors";

interface About {
  name: Text;
  /** The word of the kind in a number: 示卫许受〔2026〕第12号. */
  word: string;
}

const kinds = {
  receipt: { name: { zh: "收件凭证", en: "Receipt of Application Papers" }, word: "收" },
  acceptance: { name: { zh: "受理通知书", en: "Notice of Acceptance" }, word: "受" },
  supplement: { name: { zh: "一次性补正告知书", en: "One-time Notice to Supplement" }, word: "补" },
  non_acceptance: { name: { zh: "不予受理通知书", en: "Notice of Non-acceptance" }, word: "不受" },
  special_procedure: { name: { zh: "特别程序告知书", en: "Notice of Special Procedure" }, word: "特" },
  extension: { name: { zh: "延期告知书", en: "Notice of Extension" }, word: "延" },
  granted: { name: { zh: "准予行政许可决定书", en: "Decision to Grant a Licence" }, word: "准" },
  deemed_grant: { name: { zh: "视为准予行政许可告知书", en: "Notice of a Grant by Silence" }, word: "视准" },
  refused: { name: { zh: "不予行政许可决定书", en: "Decision to Refuse a Licence" }, word: "不准" },
  delivery: { name: { zh: "送达回证", en: "Receipt of Delivery" }, word: "送" },
  revocation: { name: { zh: "收回行政许可决定书", en: "Decision to Take Back a Licence" }, word: "撤" },
} as const satisfies Record<string, About>;

export type PaperKind = keyof typeof kinds;

export const paperKinds = Object.keys(kinds) as PaperKind[];

export const paperName = (kind: PaperKind): Text => kinds[kind].name;

/** `mark` is the department's own (示卫许); serials run by department, year and kind. */
export function documentNumber(mark: string, year: number, kind: PaperKind, serial: number): string {
  if (mark.trim() === "" || /[〔〕\s]/.test(mark)) throw new RangeError(`not a department's mark: "${mark}"`);
  if (!Number.isInteger(year) || year < 1000 || year > 9999) throw new RangeError(`not a year: ${year}`);
  if (!Number.isSafeInteger(serial) || serial < 1) throw new RangeError(`not a serial: ${serial}`);
  return `${mark}${kinds[kind].word}〔${year}〕第${serial}号`;
}
