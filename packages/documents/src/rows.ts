// Rows are what pages are filled with: everything on a paper becomes a list of them.

import type { Text } from "@onething/kernel/errors";
import type { Words } from "./blocks.ts";
import { printable, widthOf } from "./font.ts";
import { breakLines, type Line } from "./lines.ts";
import { type Pen, page, rule, type Sizes, type Style, textWidth, write } from "./pen.ts";

export interface Row {
  height: number;
  draw(pen: Pen, top: number): void;
  /** Stands on the same page as the next row. */
  keep?: boolean;
  /** The part that fits into the room, and the rest. */
  split?(room: number): [Row, Row] | undefined;
  /** Drawn again above what continues on a new page. */
  head?: Row;
}

export const gap = (height: number, keep = false): Row => ({ height, draw: () => {}, keep });

interface Setting {
  style: Style;
  indent?: number;
  /** Of the first line, beyond the indent. */
  first?: number;
  /** Chinese lines reach the margin on both sides. */
  full?: boolean;
}

const lines = (text: string, width: number, style: Style, first = width): Line[] =>
  breakLines(printable(text), width, (part) => widthOf(part, style.size), first);

function textRows(text: string, { style, indent = 0, first = 0, full = false }: Setting): Row[] {
  const width = textWidth - indent;
  const broken = lines(text, width, style, width - first);
  return broken.map((line, i) => {
    const begin = i === 0 || broken[i - 1]!.last ? first : 0;
    const spare = width - begin - widthOf(line.text, style.size);
    const spacing = full && !line.last ? spare / Math.max(1, [...line.text].length - 1) : 0;
    return {
      height: style.leading,
      // No line of a paragraph stands alone on a page.
      keep: i === 0 || i === broken.length - 2,
      draw: (pen, top) => write(pen, line.text, page.left + indent + begin, top, style, spacing),
    };
  });
}

/** Chinese, and its English under it; beside it where it fits on the rest of the line. */
export function bilingual(sizes: Sizes, words: Words): Row[] {
  const setting = { style: sizes.zh, first: 2 * sizes.zh.size, full: true };
  if (typeof words === "string") return textRows(words, setting);
  const zh = textRows(words.zh, setting);
  const aside = besideLast(sizes, words);
  if (aside) return [...zh.slice(0, -1), { ...drawnWith(zh.at(-1)!, aside), keep: true }, gap(sizes.gap)];
  const en = textRows(words.en, { style: sizes.en });
  zh.at(-1)!.keep = true;
  en.at(-1)!.keep = false;
  return [...zh, ...en, gap(sizes.gap)];
}

const between = 8;

/** Draws the English behind the last line of its Chinese, on the same baseline. */
function besideLast({ zh, en }: Sizes, words: Text): Row["draw"] | undefined {
  const first = 2 * zh.size;
  const broken = lines(words.zh, textWidth, zh, textWidth - first);
  const x = (broken.length === 1 ? first : 0) + widthOf(broken.at(-1)!.text, zh.size) + between;
  const text = printable(words.en);
  if (text.includes("\n") || x + widthOf(text, en.size) > textWidth) return undefined;
  return (pen, top) => write(pen, text, page.left + x, top, onBaselineOf(zh, en));
}

/** The smaller style, moved down to where the larger one stands. */
const onBaselineOf = (large: Style, style: Style): Style => ({
  ...style,
  leading: large.leading + (large.size - style.size) * 0.76,
});

const drawnWith = (row: Row, more: Row["draw"]): Row => ({
  ...row,
  draw: (pen, top) => {
    row.draw(pen, top);
    more(pen, top);
  },
});

export function oneLine(text: string, style: Style, keep: boolean): Row[] {
  return textRows(text, { style }).map((row) => ({ ...row, keep }));
}

/** A line that knows how it is written. */
export interface SetLine {
  text: string;
  style: Style;
  /** To the right of where lines begin. */
  x?: number;
}

export const setLines = (text: string, width: number, style: Style): SetLine[] =>
  lines(text, width, style).map((line) => ({ text: line.text, style }));

export const heightOf = (of: readonly SetLine[]): number =>
  of.reduce((sum, { style, x }) => sum + (x === undefined ? style.leading : 0), 0);

// ---- Grids ----

interface Grid {
  bold?: boolean;
  /** English stands beside its Chinese where there is room. */
  beside?: boolean;
  /** The least height. */
  least?: number;
}

const padX = 5;

export function gridRow(
  sizes: Sizes,
  cells: readonly Words[],
  widths: readonly number[],
  grid: Grid = {},
): Row {
  const set = cells.map((words, i) => cellLines(sizes, words, widths[i]!, grid));
  return rowOf(set, widths, sizes.pad, grid.least ?? 0);
}

/** What a cell of this width holds. */
export function cellLines(
  { cell, cellEn }: Sizes,
  words: Words,
  cellWidth: number,
  { bold = false, beside = false }: Grid = {},
): SetLine[] {
  const width = cellWidth - 2 * padX;
  const style: Style = { ...cell, bold };
  if (typeof words === "string") return setLines(words, width, style);
  const [zh, en] = [setLines(words.zh, width, style), setLines(words.en, width, cellEn)];
  const x = widthOf(zh[0]!.text, style.size) + 6;
  const fits = zh.length === 1 && en.length === 1 && x + widthOf(en[0]!.text, cellEn.size) <= width;
  if (!beside || !fits) return [...zh, ...en];
  return [{ ...en[0]!, style: onBaselineOf(style, cellEn), x }, ...zh];
}

function rowOf(cells: SetLine[][], widths: readonly number[], pad: number, least: number): Row {
  const height = Math.max(least, ...cells.map((cell) => heightOf(cell) + 2 * pad));
  return {
    height,
    draw: (pen, top) => drawCells(pen, cells, widths, { top, height, pad }),
    split: (room) => {
      // A page more for a line or two is not worth it.
      const most = Math.min(room, height - 30);
      const fits = cells.map((cell) =>
        cell.filter((_, i) => heightOf(cell.slice(0, i + 1)) + 2 * pad <= most),
      );
      if (fits.every((cell) => cell.length === 0)) return undefined;
      const rest = cells.map((cell, i) => cell.slice(fits[i]!.length));
      return [rowOf(fits, widths, pad, 0), rowOf(rest, widths, pad, 0)];
    },
  };
}

function drawCells(
  pen: Pen,
  cells: SetLine[][],
  widths: readonly number[],
  { top, height, pad }: { top: number; height: number; pad: number },
): void {
  const right = page.left + widths.reduce((sum, width) => sum + width, 0);
  rule(pen, page.left, top, right, top);
  rule(pen, page.left, top + height, right, top + height);
  let x: number = page.left;
  rule(pen, x, top, x, top + height);
  cells.forEach((cell, i) => {
    let y = top + pad;
    for (const { text, style, x: aside } of cell) {
      write(pen, text, x + padX + (aside ?? 0), y, style);
      if (aside === undefined) y += style.leading;
    }
    x += widths[i]!;
    rule(pen, x, top, x, top + height);
  });
}
