// Rows are what pages are filled with: everything on a paper becomes a list of them.

import type { Words } from "./blocks.ts";
import { printable, widthOf } from "./font.ts";
import { breakLines, type Line } from "./lines.ts";
import { type Pen, page, rule, type Style, styles, textWidth, write } from "./pen.ts";

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

/** Chinese, and its English under it. */
export function bilingual(words: Words, indent = 0, first = 2 * styles.zh.size): Row[] {
  if (typeof words === "string") return textRows(words, { style: styles.zh, indent, first, full: true });
  const zh = textRows(words.zh, { style: styles.zh, indent, first, full: true });
  const en = textRows(words.en, { style: styles.en, indent });
  zh.at(-1)!.keep = true;
  en.at(-1)!.keep = false;
  return [...zh, ...en, gap(5)];
}

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

const pad = { x: 5, y: 3 };

export function gridRow(cells: readonly Words[], widths: readonly number[], grid: Grid = {}): Row {
  const set = cells.map((words, i) => cellLines(words, widths[i]! - 2 * pad.x, grid));
  return rowOf(set, widths, grid.least ?? 0);
}

function cellLines(words: Words, width: number, { bold = false, beside = false }: Grid): SetLine[] {
  const style: Style = { ...styles.cell, bold };
  if (typeof words === "string") return setLines(words, width, style);
  const [zh, en] = [setLines(words.zh, width, style), setLines(words.en, width, styles.cellEn)];
  const x = widthOf(zh[0]!.text, style.size) + 6;
  const fits = zh.length === 1 && en.length === 1 && x + widthOf(en[0]!.text, styles.cellEn.size) <= width;
  if (!beside || !fits) return [...zh, ...en];
  // On the same baseline as its Chinese.
  return [{ ...en[0]!, style: { ...styles.cellEn, leading: style.leading + 2 }, x }, ...zh];
}

function rowOf(cells: SetLine[][], widths: readonly number[], least: number): Row {
  const height = Math.max(least, ...cells.map((cell) => heightOf(cell) + 2 * pad.y));
  return {
    height,
    draw: (pen, top) => drawCells(pen, cells, widths, top, height),
    split: (room) => {
      // A page more for a line or two is not worth it.
      const most = Math.min(room, height - 30);
      const fits = cells.map((cell) =>
        cell.filter((_, i) => heightOf(cell.slice(0, i + 1)) + 2 * pad.y <= most),
      );
      if (fits.every((cell) => cell.length === 0)) return undefined;
      const rest = cells.map((cell, i) => cell.slice(fits[i]!.length));
      return [rowOf(fits, widths, 0), rowOf(rest, widths, 0)];
    },
  };
}

function drawCells(
  pen: Pen,
  cells: SetLine[][],
  widths: readonly number[],
  top: number,
  height: number,
): void {
  const right = page.left + widths.reduce((sum, width) => sum + width, 0);
  rule(pen, page.left, top, right, top);
  rule(pen, page.left, top + height, right, top + height);
  let x: number = page.left;
  rule(pen, x, top, x, top + height);
  cells.forEach((cell, i) => {
    let y = top + pad.y;
    for (const { text, style, x: aside } of cell) {
      write(pen, text, x + pad.x + (aside ?? 0), y, style);
      if (aside === undefined) y += style.leading;
    }
    x += widths[i]!;
    rule(pen, x, top, x, top + height);
  });
}
