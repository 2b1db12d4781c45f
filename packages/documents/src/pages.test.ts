import { expect, test } from "vitest";
import { fillPages } from "./pages.ts";
import { page, takePen } from "./pen.ts";
import type { Row } from "./rows.ts";

const room = page.bottom - page.top;

/** Fills pages with rows that only say where they were put: `<page>:<name>`. */
function filled(rows: (row: (name: string, height: number, more?: Partial<Row>) => Row) => Row[]): string[] {
  const put: string[] = [];
  const pen = takePen({ title: "-", date: "2026-11-24" });
  const row = (name: string, height: number, more: Partial<Row> = {}): Row => ({
    height,
    draw: (on, top) => {
      expect(top + height).toBeLessThanOrEqual(page.bottom + 0.001);
      put.push(`${on.bufferedPageRange().count}:${name}`);
    },
    ...more,
  });
  fillPages(pen, rows(row));
  return put;
}

test("rows fill a page and go on with the next one", () => {
  expect(filled((row) => [row("a", room / 2), row("b", room / 2), row("c", 10)])).toEqual([
    "1:a",
    "1:b",
    "2:c",
  ]);
});

test("what is kept with the next row moves with it", () => {
  const rows = filled((row) => [row("a", room - 50), row("title", 20, { keep: true }), row("b", 40)]);
  expect(rows).toEqual(["1:a", "2:title", "2:b"]);
});

test("a chain longer than a page that began a page before is broken where a page ends", () => {
  const rows = filled((row) => [1, 2, 3].map((i) => row(`${i}`, room * 0.4, { keep: true })));
  expect(rows).toEqual(["1:1", "2:2", "2:3"]);
});

test("a row longer than the room is parted, and its head stands above the rest again", () => {
  const rows = filled((row) => {
    const head = row("head", 20);
    const part = (left: number): Row =>
      row(`part ${left}`, left, {
        head,
        split: (height) => [row(`first ${height}`, height), part(left - height)],
      });
    return [{ ...head, keep: true }, part(room + 100)];
  });
  expect(rows).toEqual(["1:head", `1:first ${room - 20}`, "2:head", "2:part 120"]);
});

test("a row that cannot be parted is put on a page of its own", () => {
  expect(filled((row) => [row("a", 10), row("b", room), row("c", 10)])).toEqual(["1:a", "2:b", "3:c"]);
});
