// The code that leads to a paper's check.
import qrcode from "qrcode-generator";
import { ink, type Pen } from "./pen.ts";

export function drawQr(pen: Pen, words: string, x: number, y: number, size: number): void {
  const code = qrcode(0, "M");
  code.addData(words);
  code.make();
  const count = code.getModuleCount();
  const unit = size / count;
  for (let row = 0; row < count; row += 1)
    for (const [from, to] of darkRuns(count, (column) => code.isDark(row, column)))
      pen.rect(x + from * unit, y + row * unit, (to - from) * unit, unit);
  pen.fillColor(ink.text).fill();
}

/** Neighbours are one rectangle: no hairlines between them, and a third of the bytes. */
function darkRuns(count: number, isDark: (at: number) => boolean): Array<[number, number]> {
  const runs: Array<[number, number]> = [];
  for (let at = 0; at < count; at += 1) {
    if (!isDark(at)) continue;
    const last = runs.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  return runs;
}
