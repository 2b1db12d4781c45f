// Rows onto pages: what belongs together stays together, what is longer than a page is parted.
import { type Pen, page } from "./pen.ts";
import type { Row } from "./rows.ts";

/** A row at least this high is parted rather than moved to the next page whole. */
const worthParting = 150;
/** Of a row that may be parted, at least this much stays with what it belongs to. */
const beginning = 60;
/** Sums of fractions are not exact. */
const slack = 0.01;

/** What the rows of one page may add up to. */
export const pageHeight = page.bottom - page.top;

export function fillPages(pen: Pen, rows: readonly Row[]): void {
  const left = [...rows];
  let y: number = page.top;
  let fresh = true;
  const put = (row: Row) => {
    row.draw(pen, y);
    y += row.height;
    fresh = false;
  };
  const turn = (head: Row | undefined) => {
    pen.addPage();
    y = page.top;
    if (head) put(head);
    fresh = true;
  };
  while (left.length > 0) {
    const row = left.shift()!;
    const room = page.bottom - y;
    const parted = row.height > room && row.height > worthParting && room >= beginning;
    const parts = parted ? row.split?.(room) : undefined;
    if (parts) {
      put(parts[0]);
      left.unshift({ ...parts[1], keep: row.keep === true, ...(row.head && { head: row.head }) });
    } else if (fresh || together(row, left) <= room + slack) put(row);
    else {
      left.unshift(row);
      turn(row.head);
    }
  }
}

/** The height of what must stand together, from this row on. */
function together(row: Row, following: readonly Row[]): number {
  let height = row.height;
  for (let i = 0, at = row; at.keep === true && i < following.length; i += 1) {
    at = following[i]!;
    height += at.height > worthParting && at.split ? beginning : at.height;
  }
  return height;
}
