// The blocks of a paper as rows: paragraphs, headings, lists and tables in a size.
import type { Text } from "@onething/kernel/errors";
import type { Block, Words } from "./blocks.ts";
import { widthOf } from "./font.ts";
import { page, type Sizes, textWidth, write } from "./pen.ts";
import { bilingual, cellLines, gap, gridRow, type Row } from "./rows.ts";
import { ordinal } from "./words.ts";

export type Particular = { label: Words; value: Words };

export function blockRows(sizes: Sizes, blocks: readonly Block[]): Row[][] {
  const headings = blocks.filter(({ is }) => is === "heading");
  return blocks.map((block) => rowsOf(sizes, block, headings.indexOf(block) + 1));
}

function rowsOf(sizes: Sizes, block: Block, heading: number): Row[] {
  switch (block.is) {
    case "paragraph":
      return bilingual(sizes, once(block.text));
    case "heading":
      return [headingRow(sizes, `${ordinal(heading)}、${block.text.zh}`, block.text.en)];
    case "list":
      return listed(block.items).flatMap((item) => bilingual(sizes, item));
    case "particulars":
      return [...paired(sizes, block.rows), gap(sizes.part)];
    case "table":
      return tableRows(sizes, block);
  }
}

const once = (text: Text): Words => (text.zh === text.en ? text.zh : text);

/** What stands alone needs no number; what was said in one language is not said twice. */
const listed = (items: readonly Text[]): readonly Words[] =>
  items.map(({ zh, en }, i) => {
    const [number, numberEn] = items.length === 1 ? ["", ""] : [`（${ordinal(i + 1)}）`, `(${i + 1}) `];
    return zh === en ? number + zh : { zh: number + zh, en: numberEn + en };
  });

function headingRow(sizes: Sizes, zh: string, en: string): Row {
  const bold = { ...sizes.zh, bold: true };
  return {
    height: bold.leading + sizes.pad,
    keep: true,
    draw: (pen, top) => {
      write(pen, zh, page.left, top + 2, bold);
      const x = page.left + widthOf(zh, bold.size) + 8;
      write(pen, en, x, top + 2, { ...sizes.en, leading: bold.leading + 2 });
    },
  };
}

// ---- Tables ----

/** Of the width; whether one or two stand in a row, the labels end where those above do. */
const label = 0.25;
const widthsOf = (inRow: number): number[] =>
  Array.from({ length: inRow }, () => [label, 1 / inRow - label].map((share) => share * textWidth)).flat();

/** One below the other. */
export const particulars = (sizes: Sizes, all: readonly Particular[]): Row[] =>
  inRows(
    sizes,
    all.map((each) => [each]),
  );

/** Two that are short stand side by side, also across one that is long. */
function paired(sizes: Sizes, all: readonly Particular[]): Row[] {
  const left = [...all];
  const rows: Particular[][] = [];
  while (left.length > 0) {
    const one = left.shift()!;
    const other = isShort(sizes, one) ? left.findIndex((each, i) => i < 2 && isShort(sizes, each)) : -1;
    rows.push([one, ...(other < 0 ? [] : left.splice(other, 1))]);
  }
  return inRows(sizes, rows);
}

function inRows(sizes: Sizes, all: ReadonlyArray<readonly Particular[]>): Row[] {
  const rows = all.map((some) => {
    const cells = some.flatMap(({ label, value }) => [label, value]);
    return gridRow(sizes, cells, widthsOf(some.length), { beside: true });
  });
  // Never one row alone on a page; a table that is parted so needs no head.
  return rows.map((row, i) => ({
    ...row,
    keep: i < rows.length - 1 && (i === 0 || i === rows.length - 2),
  }));
}

/** No line of it has to be broken in half the width. */
const isShort = (sizes: Sizes, { label, value }: Particular): boolean =>
  [label, value].every((words, i) => {
    const lines = cellLines(sizes, words, widthsOf(2)[i]!);
    return lines.length <= (typeof words === "string" ? 1 : 2);
  });

function tableRows(sizes: Sizes, { columns, rows }: Extract<Block, { is: "table" }>): Row[] {
  const number = 36;
  const widths = [number, ...columns.map(({ share }) => share * (textWidth - number))];
  const titles = [{ zh: "序号", en: "No." }, ...columns.map(({ label }) => label)];
  const head = gridRow(sizes, titles, widths, { bold: true });
  const filled = rows.map((cells, i) => ({ ...gridRow(sizes, [String(i + 1), ...cells], widths), head }));
  return [{ ...head, keep: true }, ...filled, gap(sizes.part)];
}
