// Columns that line up in a terminal, where a Chinese character is two wide.
const wide = /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦“”‘’—…]/u;

export const widthOf = (text: string): number =>
  [...text].reduce((sum, char) => sum + (wide.test(char) ? 2 : 1), 0);

export const pad = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Cuts at a width, with an ellipsis where something is lost. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return pad(text, width);
  let cut = "";
  for (const char of text) {
    if (widthOf(cut + char) > width - 2) break;
    cut += char;
  }
  return pad(`${cut}…`, width);
}
