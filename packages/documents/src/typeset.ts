// A paper from its head to its last page: whose it is, what it is about, what it says, who stands for it, who has received it.
import type { Body } from "./blocks.ts";
import { blockRows, type Particular, particulars } from "./body-rows.ts";
import { closingRow, signatureRows } from "./closing.ts";
import { printable, widthOf } from "./font.ts";
import { paperName } from "./kinds.ts";
import { fillPages, pageHeight } from "./pages.ts";
import type { CheckedPaper } from "./paper.ts";
import {
  ink,
  type Pen,
  page,
  rule,
  type Style,
  sizesAt,
  takePen,
  textWidth,
  write,
  writeCentred,
} from "./pen.ts";
import { gap, oneLine, type Row, setLines } from "./rows.ts";
import { applicantNumber } from "./words.ts";

const centre = (page.left + page.right) / 2;
/** From the usual size down to the smallest that is still read with ease: not quite 9 points. */
const scales = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76];

export function typeset(paper: CheckedPaper, body: Body): Pen {
  const name = paperName(paper.kind);
  const pen = takePen({ title: `${name.zh} ${paper.number}`, date: paper.date });
  fillPages(pen, fittedRows(paper, body));
  labelPages(pen, `${paper.department.name.zh}　${name.zh}　${paper.number}`);
  return pen;
}

/** As large as fits on one page; what is too long for one has the usual size on several. */
function fittedRows(paper: CheckedPaper, body: Body): Row[] {
  const usual = rowsAt(scales[0]!, paper, body);
  for (let rows = usual, i = 0; ; i += 1, rows = rowsAt(scales[i]!, paper, body)) {
    if (rows.reduce((sum, { height }) => sum + height, 0) <= pageHeight) return rows;
    if (i === scales.length - 1) return usual;
  }
}

function rowsAt(scale: number, paper: CheckedPaper, body: Body): Row[] {
  const sizes = sizesAt(scale);
  return [
    headRows(paper, scale),
    particulars(sizes, aboutRows(paper)),
    gap(sizes.part),
    ...oneLine(`${paper.applicant.name}：`, sizes.zh, true),
    ...keepWithClosing(blockRows(sizes, body.blocks), body.blocks.at(-1)?.is === "paragraph"),
    closingRow(sizes, paper),
    ...signatureRows(sizes, body.signatures),
  ].flat();
}

/** The seal never stands on a page without a word of the paper; a short last paragraph goes with it whole. */
function keepWithClosing(blocks: readonly Row[][], endsInWords: boolean): Row[] {
  const last = blocks.at(-1)!;
  const height = last.reduce((sum, row) => sum + row.height, 0);
  const kept = endsInWords && height < 160 ? last.length : 3;
  return [
    ...blocks.slice(0, -1).flat(),
    ...last.map((row, i) => (i < last.length - kept ? row : { ...row, keep: true })),
  ];
}

// ---- Head ----

const heads = {
  department: { size: 24, leading: 31, colour: ink.red, bold: true },
  departmentEn: { size: 10, leading: 14, colour: ink.red },
  name: { size: 20, leading: 27, bold: true },
  nameEn: { size: 10, leading: 14, colour: ink.quiet },
  number: { size: 11, leading: 18 },
} as const satisfies Record<string, Style>;

/** As large as fits on one line, down to where it needs two. */
function shrunk(text: string, style: Style, least: number): Style {
  const fits = (textWidth / widthOf(text, style.size)) * style.size;
  return fits >= style.size ? style : { ...style, size: Math.max(least, fits) };
}

const fitted = (words: string, style: Style, least: number) =>
  setLines(words, textWidth, shrunk(printable(words), style, least));

/** On a full page the names are smaller too, though less so. */
function headRows(paper: CheckedPaper, scale: number): Row[] {
  const name = paperName(paper.kind);
  const { department } = paper;
  const closer = ({ size, leading, ...style }: Style): Style => ({
    ...style,
    size: size * scale ** 0.5,
    leading: leading * scale,
  });
  const centred = (words: string, style: Style, least: number): Row[] =>
    fitted(words, closer(style), least).map(({ text, style }) => ({
      height: style.leading,
      draw: (pen, top) => writeCentred(pen, text, centre, top, style),
    }));
  return [
    ...centred(department.name.zh, heads.department, 16),
    ...centred(department.name.en, heads.departmentEn, 8),
    {
      height: 16 * scale,
      draw: (pen, top) => rule(pen, page.left, top + 5, page.right, top + 5, 1.4, ink.red),
    },
    ...centred(name.zh, heads.name, 16),
    ...centred(name.en, heads.nameEn, 8),
    ...centred(paper.number, heads.number, 8),
    gap(6 * scale),
  ];
}

function aboutRows(paper: CheckedPaper): Particular[] {
  return [
    { label: { zh: "办件编号", en: "Case number" }, value: paper.caseNumber },
    {
      label: { zh: "申请人", en: "Applicant" },
      value: `${paper.applicant.name}　${applicantNumber(paper)}`,
    },
    { label: { zh: "办理事项", en: "Item" }, value: paper.item.name },
    { label: { zh: "事项编码", en: "Item code" }, value: paper.item.code },
  ];
}

// ---- Margins ----

function labelPages(pen: Pen, title: string): void {
  const { count } = pen.bufferedPageRange();
  const small: Style = { size: 8.5, leading: 12, colour: ink.quiet };
  for (let i = 0; i < count; i += 1) {
    pen.switchToPage(i);
    const words = `第 ${i + 1} 页 共 ${count} 页　Page ${i + 1} of ${count}`;
    writeCentred(pen, words, centre, page.bottom + 20, small);
    if (i > 0) {
      const head = shrunk(printable(title), small, 5);
      write(pen, printable(title), page.left, page.top - 28, head);
      rule(pen, page.left, page.top - 14, page.right, page.top - 14);
    }
  }
}
