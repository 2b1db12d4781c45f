// The end of a paper: the authority's name and the date under the seal, the way to its check, and where it is signed.
import type { Blank, Words } from "./blocks.ts";
import type { CheckedPaper } from "./paper.ts";
import { type Pen, page, type Style, styles, textWidth, write, writeCentred } from "./pen.ts";
import { drawQr } from "./qr.ts";
import { gridRow, heightOf, type Row, type SetLine, setLines } from "./rows.ts";
import { drawSeal, sealRadius } from "./seal.ts";
import { dateText } from "./words.ts";

const qrSize = 66;
/** The middle of the seal, and of the name and date below it. */
const sealX = page.right - 100;

const set = (width: number, rows: ReadonlyArray<readonly [string, Style]>): SetLine[] =>
  rows.flatMap(([text, style]) => setLines(text, width, style));

/** The seal lies over name and date: its top within a line of the text, name and date in its lower half. */
export function closingRow(paper: CheckedPaper): Row {
  const english = englishLines(paper);
  const sealed = 2 * sealRadius + 4;
  return {
    height: sealed + heightOf(english) + 8,
    keep: true,
    draw: (pen, top) => {
      drawSeal(pen, paper.department.name, sealX, top + sealRadius + 2);
      const signed = signedLines(paper);
      writeLines(pen, signed, top + sealRadius * 1.56 - heightOf(signed));
      writeLines(pen, english, top + sealed);
      drawCheck(pen, paper, top + sealed + heightOf(english));
    },
  };
}

const signedLines = ({ department, date }: CheckedPaper): SetLine[] =>
  set(200, [
    [department.name.zh, styles.zh],
    [dateText(date).zh, styles.zh],
  ]);

const englishLines = ({ department, date }: CheckedPaper): SetLine[] =>
  set(200, [[`${department.name.en}, ${dateText(date).en}`, styles.smallEn]]);

function writeLines(pen: Pen, lines: readonly SetLine[], top: number): void {
  let y = top;
  for (const { text, style } of lines) {
    writeCentred(pen, text, sealX, y, style);
    y += style.leading;
  }
}

function drawCheck(pen: Pen, { check }: CheckedPaper, bottom: number): void {
  const x = page.left + qrSize + 8;
  const lines = set(sealX - 100 - 8 - x, [
    ["查验码 Check code", styles.small],
    [check.code, { ...styles.small, size: 10, leading: 14, bold: true }],
    ["扫描二维码或者登录下列网址，可以查验本文书真伪。", styles.small],
    ["Scan the code or open the address to check this paper.", styles.smallEn],
    [check.url, styles.smallEn],
  ]);
  const height = heightOf(lines);
  drawQr(pen, check.url, page.left, bottom - Math.max(qrSize, height), qrSize);
  let y = bottom - Math.max(height, qrSize) + Math.max(0, qrSize - height) / 2;
  for (const { text, style } of lines) {
    write(pen, text, x, y, style);
    y += style.leading;
  }
}

/** Two to a row, and what needs room in a row of its own. */
export function signatureRows(blanks: readonly Blank[]): Row[] {
  const label = 0.22 * textWidth;
  const cells = (some: readonly Blank[]): Words[] => some.flatMap((blank) => [blank.label, blank.hint ?? ""]);
  const narrow = blanks.filter(({ wide }) => !wide);
  const pairs = narrow.flatMap((_, i) => (i % 2 === 0 ? [narrow.slice(i, i + 2)] : []));
  const rows = [...pairs, ...blanks.filter(({ wide }) => wide).map((blank) => [blank])].map((some) =>
    gridRow(
      cells(some),
      some.flatMap(() => [label, textWidth / some.length - label]),
      { least: 36 },
    ),
  );
  return rows.map((row, i) => ({ ...row, keep: i < rows.length - 1 }));
}
