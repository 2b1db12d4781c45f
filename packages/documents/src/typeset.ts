// A paper from its head to its last page: whose it is, what it is about, what it says, who stands for it, who has received it.
import type { Text } from "@onething/kernel/errors";
import type { Block, Body, Words } from "./blocks.ts";
import { closingRow, signatureRows } from "./closing.ts";
import { printable, widthOf } from "./font.ts";
import { paperName } from "./kinds.ts";
import { fillPages } from "./pages.ts";
import type { CheckedPaper } from "./paper.ts";
import {
  ink,
  type Pen,
  page,
  rule,
  type Style,
  styles,
  takePen,
  textWidth,
  write,
  writeCentred,
} from "./pen.ts";
import { bilingual, gap, gridRow, oneLine, type Row, setLines } from "./rows.ts";
import { applicantNumber, ordinal } from "./words.ts";

const centre = (page.left + page.right) / 2;

export function typeset(paper: CheckedPaper, body: Body): Pen {
  const name = paperName(paper.kind);
  const pen = takePen({ title: `${name.zh} ${paper.number}`, date: paper.date });
  fillPages(
    pen,
    [
      headRows(paper),
      particulars(aboutRows(paper)),
      gap(6),
      ...oneLine(`${paper.applicant.name}：`, styles.zh, true),
      ...keepWithClosing(blockRows(body.blocks), body.blocks.at(-1)?.is === "paragraph"),
      closingRow(paper),
      ...signatureRows(body.signatures),
    ].flat(),
  );
  labelPages(pen, `${paper.department.name.zh}　${name.zh}　${paper.number}`);
  return pen;
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

function headRows(paper: CheckedPaper): Row[] {
  const name = paperName(paper.kind);
  const { department } = paper;
  const centred = (lines: ReturnType<typeof setLines>): Row[] =>
    lines.map(({ text, style }) => ({
      height: style.leading,
      draw: (pen, top) => writeCentred(pen, text, centre, top, style),
    }));
  return [
    ...centred(fitted(department.name.zh, heads.department, 16)),
    ...centred(fitted(department.name.en, heads.departmentEn, 8)),
    { height: 16, draw: (pen, top) => rule(pen, page.left, top + 5, page.right, top + 5, 1.4, ink.red) },
    ...centred(fitted(name.zh, heads.name, 16)),
    ...centred(fitted(name.en, heads.nameEn, 8)),
    ...centred(fitted(paper.number, heads.number, 8)),
    gap(6),
  ];
}

type Particular = { label: Words; value: Words };

function aboutRows(paper: CheckedPaper): Particular[] {
  return [
    { label: { zh: "办件编号", en: "Case number" }, value: paper.caseNumber },
    {
      label: { zh: "申请人", en: "Applicant" },
      value: `${paper.applicant.name}　${applicantNumber(paper)}`,
    },
    { label: { zh: "办理事项", en: "Item" }, value: paper.item.name },
    { label: { zh: "事项编码", en: "Handling code" }, value: paper.item.code },
  ];
}

// ---- Body ----

function particulars(rows: readonly Particular[]): Row[] {
  const widths = [textWidth * 0.28, textWidth * 0.72];
  // Never one row alone on a page; a table that is parted so needs no head.
  return rows
    .map(({ label, value }) => gridRow([label, value], widths, { beside: true }))
    .map((row, i) => ({ ...row, keep: i < rows.length - 1 && (i === 0 || i === rows.length - 2) }));
}

function tableRows({ columns, rows }: Extract<Block, { is: "table" }>): Row[] {
  const number = 36;
  const widths = [number, ...columns.map(({ share }) => share * (textWidth - number))];
  const head = gridRow([{ zh: "序号", en: "No." }, ...columns.map(({ label }) => label)], widths, {
    bold: true,
  });
  const filled = rows.map((cells, i) => ({ ...gridRow([String(i + 1), ...cells], widths), head }));
  return [{ ...head, keep: true }, ...filled, gap(6)];
}

function blockRows(blocks: readonly Block[]): Row[][] {
  const headings = blocks.filter(({ is }) => is === "heading");
  return blocks.map((block) => rowsOf(block, headings.indexOf(block) + 1));
}

function rowsOf(block: Block, heading: number): Row[] {
  switch (block.is) {
    case "paragraph":
      return bilingual(block.text);
    case "heading":
      return [headingRow(`${ordinal(heading)}、${block.text.zh}`, block.text.en)];
    case "list":
      return listed(block.items).flatMap((item) => bilingual(item));
    case "particulars":
      return [...particulars(block.rows), gap(6)];
    case "table":
      return tableRows(block);
  }
}

/** What stands alone needs no number. */
const listed = (items: readonly Text[]): readonly Text[] =>
  items.length === 1
    ? items
    : items.map(({ zh, en }, i) => ({ zh: `（${ordinal(i + 1)}）${zh}`, en: `(${i + 1}) ${en}` }));

function headingRow(zh: string, en: string): Row {
  const bold = { ...styles.zh, bold: true };
  return {
    height: styles.zh.leading + 3,
    keep: true,
    draw: (pen, top) => {
      write(pen, zh, page.left, top + 2, bold);
      write(pen, en, page.left + widthOf(zh, bold.size) + 8, top + 2, {
        ...styles.en,
        leading: styles.zh.leading + 2,
      });
    },
  };
}

// ---- Margins ----

function labelPages(pen: Pen, title: string): void {
  const { count } = pen.bufferedPageRange();
  const small: Style = { size: 8.5, leading: 12, colour: ink.quiet };
  for (let i = 0; i < count; i += 1) {
    pen.switchToPage(i);
    const words = `第 ${i + 1} 页 共 ${count} 页　Page ${i + 1} of ${count}`;
    writeCentred(pen, words, centre, page.bottom + 24, small);
    if (i > 0) {
      const head = shrunk(printable(title), small, 5);
      write(pen, printable(title), page.left, page.top - 30, head);
      rule(pen, page.left, page.top - 14, page.right, page.top - 14);
    }
  }
}
