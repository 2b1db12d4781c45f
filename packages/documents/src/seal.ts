// A drawn seal that nobody can take for a real one: its ring is broken, and it says what it is.
import type { Text } from "@onething/kernel/errors";
import { widthOf } from "./font.ts";
import { ink, type Pen, writeCentred } from "./pen.ts";

export const sealRadius = 51;

export function drawSeal(pen: Pen, department: Text, centreX: number, centreY: number): void {
  pen.save().opacity(0.8);
  pen.circle(centreX, centreY, sealRadius).lineWidth(2).dash(7, { space: 2.5 }).strokeColor(ink.red).stroke();
  pen.undash();
  star(pen, centreX, centreY - 0.34 * sealRadius, 0.2 * sealRadius);
  onArc(pen, department.zh, centreX, centreY);
  const sample = { size: 9.5, leading: 12, colour: ink.red, bold: true };
  writeCentred(pen, "样章 SAMPLE", centreX, centreY + 0.55 * sealRadius, sample);
  pen.restore();
}

function star(pen: Pen, x: number, y: number, radius: number): void {
  const points = Array.from({ length: 10 }, (_, i): [number, number] => {
    const angle = (i * Math.PI) / 5;
    const reach = i % 2 === 0 ? radius : radius * 0.382;
    return [x + reach * Math.sin(angle), y - reach * Math.cos(angle)];
  });
  pen
    .polygon(...points)
    .fillColor(ink.red)
    .fill();
}

/** Along the upper arc; a long name gets smaller and reaches further round. */
function onArc(pen: Pen, name: string, x: number, y: number): void {
  const signs = [...name];
  const reach = sealRadius - 4;
  const span = Math.min(240, 15 * signs.length);
  const step = signs.length > 1 ? span / (signs.length - 1) : 0;
  const arc = ((step || 20) * Math.PI * (reach - 8)) / 180;
  const size = Math.min(12, arc * 1.05);
  signs.forEach((sign, i) => {
    pen.save().rotate(-span / 2 + i * step, { origin: [x, y] });
    writeCentred(pen, sign, x, y - reach, {
      size,
      leading: size * 1.1,
      colour: ink.red,
      bold: widthOf(sign, size) > 8,
    });
    pen.restore();
  });
}
