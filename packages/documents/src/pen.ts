// What everything on a page is drawn with. Points, from the top left; the side margins are those of GB/T 9704.
import PDFDocument from "pdfkit";
import { theFont, widthOf } from "./font.ts";

const mm = 72 / 25.4;

export const page = {
  width: 210 * mm,
  height: 297 * mm,
  left: 28 * mm,
  right: (210 - 26) * mm,
  top: 20 * mm,
  bottom: (297 - 20) * mm,
} as const;

export const textWidth = page.right - page.left;

export const ink = { text: "#000000", quiet: "#595959", rule: "#8c8c8c", red: "#c8161d" } as const;

export interface Style {
  size: number;
  /** From one line's top to the next one's. */
  leading: number;
  colour?: string;
  bold?: boolean;
}

/** What stands beside the seal: the same on every paper. */
export const small = {
  zh: { size: 8, leading: 11.5 },
  en: { size: 6.5, leading: 8.5, colour: ink.quiet },
} as const satisfies Record<string, Style>;

/** How large the words of a paper are set, and what stands between them. */
export interface Sizes {
  zh: Style;
  en: Style;
  cell: Style;
  cellEn: Style;
  /** Within a cell, between two paragraphs, between two parts of a paper. */
  pad: number;
  gap: number;
  part: number;
}

/** `scale` 1 is the usual size; the lines of smaller ones stand a little closer. */
export function sizesAt(scale: number): Sizes {
  const style = (size: number, leading: number, colour: string = ink.text): Style => ({
    size: size * scale,
    leading: leading * scale ** 1.15,
    colour,
  });
  return {
    zh: style(11.5, 17.25),
    en: style(8, 10.5, ink.quiet),
    cell: style(10.5, 14.5),
    cellEn: style(7.5, 9.5, ink.quiet),
    pad: 3 * scale ** 2,
    gap: 5 * scale ** 2,
    part: 6 * scale ** 2,
  };
}

export type Pen = InstanceType<typeof PDFDocument>;

export interface About {
  title: string;
  /** The day of the paper; a PDF wants an instant. */
  date: string;
}

export function takePen({ title, date }: About): Pen {
  return new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    // The typings know files only; a font that has been read is taken as well, and not read again.
    font: theFont() as unknown as string,
    bufferPages: true,
    lang: "zh-CN",
    displayTitle: true,
    pdfVersion: "1.7",
    info: {
      Title: title,
      Producer: "onething",
      Creator: "onething",
      CreationDate: new Date(`${date}T00:00:00+08:00`),
    },
  });
}

/** One line. `spacing` is put between signs. */
export function write(pen: Pen, text: string, x: number, top: number, style: Style, spacing = 0): void {
  if (text === "") return;
  const colour = style.colour ?? ink.text;
  // The box of a Chinese sign reaches 0.88 above its baseline.
  const baseline = top + (style.leading - style.size) / 2 + 0.88 * style.size;
  pen.fontSize(style.size).fillColor(colour);
  // One weight is carried; what should be bold is drawn with its outline.
  if (style.bold) pen.strokeColor(colour).lineWidth(style.size * 0.028);
  const ascent = (theFont().ascent / theFont().unitsPerEm) * style.size;
  pen.text(text, x, baseline - ascent, {
    lineBreak: false,
    characterSpacing: spacing,
    fill: true,
    stroke: style.bold === true,
  });
}

export function writeCentred(pen: Pen, text: string, centre: number, top: number, style: Style): void {
  write(pen, text, centre - widthOf(text, style.size) / 2, top, style);
}

export function rule(
  pen: Pen,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  width = 0.5,
  colour: string = ink.rule,
): void {
  pen.moveTo(x1, y1).lineTo(x2, y2).lineWidth(width).strokeColor(colour).stroke();
}
