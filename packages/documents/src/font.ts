// The one font: Noto Serif SC, read once for the life of the process. Every paper carries only the signs it shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font, type Glyph } from "fontkit";

const file = "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf";

let font: Font | undefined;

export function theFont(): Font {
  if (font) return font;
  const read = create(readFileSync(createRequire(import.meta.url).resolve(file)));
  if (!("layout" in read)) throw new Error(`${file} is a collection of fonts`);
  // Sign by sign: the same whatever was set before, and several times faster than shaping that Chinese does not need.
  read.layout = ((text: string) => layOut(read, text)) as Font["layout"];
  font = read;
  return read;
}

/** A glyph that two signs share remembers the first one ever set; a paper must not depend on earlier papers. */
function glyphOf(of: Font, sign: number): Glyph {
  const glyph = of.glyphForCodePoint(sign);
  return glyph.codePoints[0] === sign ? glyph : Object.create(glyph, { codePoints: { value: [sign] } });
}

function layOut(of: Font, text: string) {
  const glyphs = [...text].map((sign) => glyphOf(of, sign.codePointAt(0)!));
  const positions = glyphs.map(({ advanceWidth }) => ({
    xAdvance: advanceWidth,
    yAdvance: 0,
    xOffset: 0,
    yOffset: 0,
  }));
  return { glyphs, positions, advanceWidth: glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) };
}

const widths = new Map<string, number>();

/** Of one line, in the unit of the size. */
export function widthOf(text: string, size: number): number {
  let sum = 0;
  for (const sign of text) {
    let width = widths.get(sign);
    if (width === undefined) {
      width = theFont().glyphForCodePoint(sign.codePointAt(0)!).advanceWidth / theFont().unitsPerEm;
      widths.set(sign, width);
    }
    sum += width;
  }
  return sum * size;
}

export const hasSign = (sign: string): boolean => theFont().hasGlyphForCodePoint(sign.codePointAt(0)!);

/** Neither seen nor wanted on paper: controls, directions, joiners, what picks a variant. Line feeds stay. */
const unseen = /[\p{Cf}\p{Variation_Selector}\u2028\u2029]|(?!\n)\p{Cc}/gu;

/** As it can be printed. A sign that the font lacks is written as its code: nothing of a name goes missing unseen. */
export function printable(text: string): string {
  const clean = text.trim().replace(/\r\n?/g, "\n").replaceAll("\t", " ").replace(unseen, "");
  let all = "";
  for (const sign of clean)
    all += sign === "\n" || hasSign(sign) ? sign : `[U+${sign.codePointAt(0)!.toString(16).toUpperCase()}]`;
  return all;
}
