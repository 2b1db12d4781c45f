// The end of a paper: the authority's name and the date under the seal, the way to its check, and where it is signed.
import type { Blank, Words } from "./blocks.ts";
import { widthOf } from "./font.ts";
import type { CheckedPaper } from "./paper.ts";
import {
  type Pen,
  page,
  type Sizes,
  type Style,
  sizesAt,
  small,
  textWidth,
  write,
  writeCentred,
} from "./pen.ts";
import { drawQr } from "./qr.ts";
import { gridRow, heightOf, type Row, type SetLine, setLines } from "./rows.ts";
import { drawSeal, sealRadius } from "./seal.ts";
import { dateText } from "./words.ts";

const qrSize = 66;
/** The middle of the seal, and of the name and date below it. */
const sealX = page.right - 92;
const qrRight = page.left + qrSize + 10;
/** What stands left of the seal ends here. */
const asideRight = sealX - 96;

const set = (width: number, rows: ReadonlyArray<readonly [string, Style]>): SetLine[] =>
  rows.flatMap(([text, style]) => setLines(text, width, style));

/** The seal lies over name and date: its top within a line of the text, name and date in its lower half. */
export function closingRow(sizes: Sizes, paper: CheckedPaper): Row {
  const [signed, english] = [signedLines(paper), englishLines(paper)];
  const [ask, prove] = [askLines(paper), proveLines(paper)];
  const sealed = 2 * sealRadius + 4;
  const proof = Math.max(qrSize, heightOf(prove));
  const height = Math.max(sealed + heightOf(english), 6 + heightOf(ask) + 6 + proof);
  return {
    height: height + sizes.gap + 3,
    keep: true,
    draw: (pen, top) => {
      drawSeal(pen, paper.department.name, sealX, top + sealRadius + 2);
      writeLines(pen, signed, sealX, top + sealRadius * 1.56 - heightOf(signed), writeCentred);
      writeLines(pen, english, sealX, top + sealed, writeCentred);
      writeLines(pen, ask, page.left, top + 6);
      const check = top + height - proof;
      drawQr(pen, paper.check.url, page.left, check, qrSize);
      writeLines(pen, prove, qrRight, check + (proof - heightOf(prove)) / 2);
    },
  };
}

/** Name and date stand in the seal, which has one size. */
const inSeal = sizesAt(1).zh;

const signedLines = ({ department, date }: CheckedPaper): SetLine[] =>
  set(184, [
    [department.name.zh, inSeal],
    [dateText(date).zh, inSeal],
  ]);

const englishLines = ({ department, date }: CheckedPaper): SetLine[] =>
  set(184, [[`${department.name.en}, ${dateText(date).en}`, small.en]]);

function writeLines(pen: Pen, lines: readonly SetLine[], x: number, top: number, how = write): void {
  let y = top;
  for (const { text, style } of lines) {
    how(pen, text, x, y, style);
    y += style.leading;
  }
}

const askLines = ({ contact }: CheckedPaper): SetLine[] =>
  contact
    ? set(asideRight - page.left, [
        [`联系部门：${contact.office.zh}`, small.zh],
        [`联系电话：${contact.phone}`, small.zh],
        [`Contact: ${contact.office.en}, ${contact.phone}`, small.en],
      ])
    : [];

/** An address is easier to type from one line. */
const fittingOn = (url: string, width: number): Style => {
  const size = (width / widthOf(url, 1)) * 0.999;
  return { ...small.en, size: Math.max(5, Math.min(small.en.size, size)) };
};

const proveLines = ({ check }: CheckedPaper): SetLine[] =>
  set(asideRight - qrRight, [
    ["查验码 Check code", small.zh],
    [check.code, { ...small.zh, size: 10, leading: 14, bold: true }],
    ["扫描二维码或者登录下列网址查验本文书。", small.zh],
    ["Scan the code, or open the address, to check this paper.", small.en],
    [check.url, fittingOn(check.url, asideRight - qrRight)],
  ]);

/** Two to a row, and what needs room in a row of its own. */
export function signatureRows(sizes: Sizes, blanks: readonly Blank[]): Row[] {
  const label = 0.25 * textWidth;
  const cells = (some: readonly Blank[]): Words[] => some.flatMap((blank) => [blank.label, blank.hint ?? ""]);
  const narrow = blanks.filter(({ wide }) => !wide);
  const pairs = narrow.flatMap((_, i) => (i % 2 === 0 ? [narrow.slice(i, i + 2)] : []));
  const rows = [...pairs, ...blanks.filter(({ wide }) => wide).map((blank) => [blank])].map((some) =>
    gridRow(
      sizes,
      cells(some),
      some.flatMap(() => [label, textWidth / some.length - label]),
      { least: 26 },
    ),
  );
  return rows.map((row, i) => ({ ...row, keep: i < rows.length - 1 }));
}
