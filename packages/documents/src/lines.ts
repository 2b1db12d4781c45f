// Where a line of mixed Chinese and Latin text may end.

/** Never first in a line. */
const notFirst = /^[，。、；：！？）》〉」』】〕”’…—·％%,.;:!?)\]}]/u;
/** Never last in a line. */
const notLast = /[（《〈「『【〔“‘([{]$/u;
const atom =
  /[\s]+|[\p{Script=Han}\u3000-\u30ff\uff00-\uffef“”‘’…—·]|[^\s\p{Script=Han}\u3000-\u30ff\uff00-\uffef“”‘’…—·]+/gu;

export interface Line {
  text: string;
  /** The last of its paragraph; others may be stretched to the full width. */
  last: boolean;
}

/** `first` is the width of a paragraph's first line. Line feeds begin paragraphs. */
export function breakLines(
  text: string,
  width: number,
  measure: (text: string) => number,
  first: number = width,
): Line[] {
  return text.split("\n").flatMap((part) => breakParagraph(part, width, measure, first));
}

function breakParagraph(
  text: string,
  width: number,
  measure: (text: string) => number,
  first: number,
): Line[] {
  const lines: string[] = [];
  let line = "";
  let room = first;
  const end = () => {
    lines.push(line.trimEnd());
    line = "";
    room = width;
  };
  for (const piece of pieces(text)) {
    if (measure((line + piece).trimEnd()) <= room) {
      line += piece;
      continue;
    }
    if (line.trim() === "") line = "";
    else end();
    if (piece.trim() === "") continue;
    for (const part of cut(piece, room, width, measure)) {
      if (line !== "") end();
      line = part;
    }
  }
  end();
  return lines.map((each, i) => ({ text: each, last: i === lines.length - 1 }));
}

/** What stays together: a Latin word, a Chinese sign with the marks that cling to it. */
function pieces(text: string): string[] {
  const all: string[] = [];
  for (const [next] of text.matchAll(atom)) {
    const before = all.at(-1);
    const clings = before !== undefined && (notFirst.test(next) || notLast.test(before));
    if (clings && before.trim() !== "" && next.trim() !== "") all[all.length - 1] = before + next;
    else all.push(next);
  }
  return all;
}

/** A piece wider than a line (an address, a number) ends where the line does. */
function cut(piece: string, room: number, width: number, measure: (text: string) => number): string[] {
  const parts: string[] = [];
  let part = "";
  for (const sign of piece) {
    if (part !== "" && measure(part + sign) > (parts.length === 0 ? room : width)) {
      parts.push(part);
      part = "";
    }
    part += sign;
  }
  return [...parts, part];
}
