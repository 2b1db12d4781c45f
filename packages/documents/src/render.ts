// A paper in, a PDF out. Pure: the same paper gives the same bytes, whatever was rendered before it.
import type { Paper } from "./paper.ts";
import { checkPaper } from "./paper.ts";
import { bodyOf } from "./papers/bodies.ts";
import type { Pen } from "./pen.ts";
import { typeset } from "./typeset.ts";

/** Throws `document.incomplete`, naming every field that is missing or wrong. */
export async function render(paper: Paper): Promise<Uint8Array> {
  const checked = checkPaper(paper);
  return bytesOf(typeset(checked, bodyOf(checked)));
}

function bytesOf(pen: Pen): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    pen.on("data", (part: Buffer) => parts.push(part));
    pen.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    pen.on("error", reject);
    pen.end();
  });
}
