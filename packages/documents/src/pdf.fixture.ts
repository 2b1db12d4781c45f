// Reads a PDF back, with a library that had no part in making it.
import { getDocumentProxy } from "unpdf";

export interface Piece {
  page: number;
  text: string;
  x: number;
  /** Of the baseline, from the top. */
  y: number;
  width: number;
  /** Of the type, in points. */
  size: number;
  turned: boolean;
}

export interface Read {
  pages: number;
  pieces: Piece[];
  /** All text but that along the seal, page by page, without the spaces that lines end with. */
  text: string;
}

export async function readPdf(bytes: Uint8Array): Promise<Read> {
  const pdf = await getDocumentProxy(bytes.slice());
  const pieces: Piece[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { height } = page.getViewport({ scale: 1 });
    for (const item of (await page.getTextContent()).items) {
      if (!("str" in item) || item.str.trim() === "") continue;
      const [, b, , d, x, y] = item.transform as number[];
      pieces.push({
        page: number,
        text: item.str,
        x: x!,
        y: height - y!,
        width: item.width,
        size: Math.abs(d!),
        turned: Math.abs(b!) > 1e-6,
      });
    }
  }
  const straight = pieces.filter(({ turned }) => !turned);
  return { pages: pdf.numPages, pieces, text: bare(straight.map(({ text }) => text).join("")) };
}

export const bare = (text: string): string => text.replaceAll(/\s/g, "");
