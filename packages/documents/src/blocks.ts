// What the body of a paper is made of, before anything is measured. Papers are written in these, and only `typeset.ts` draws.
import type { Text } from "@onething/kernel/errors";

/** Both languages, or what is the same in both. */
export type Words = Text | string;

export interface Column {
  label: Text;
  /** Of the width. */
  share: number;
}

export type Block =
  | { is: "paragraph"; text: Text }
  /** Numbered 一、二、三、 in the order of the paper. */
  | { is: "heading"; text: Text }
  /** Numbered （一）（二）（三）. */
  | { is: "list"; items: readonly Text[] }
  | { is: "particulars"; rows: ReadonlyArray<{ label: Text; value: Words }> }
  /** The rows' numbers come first by themselves. */
  | { is: "table"; columns: readonly Column[]; rows: ReadonlyArray<readonly Words[]> };

/** A place to sign or to write; a wide one takes the whole row. */
export interface Blank {
  label: Text;
  /** Printed into the blank, to be written around. */
  hint?: string;
  wide?: boolean;
}

export interface Body {
  blocks: Block[];
  /** In rows of two. */
  signatures: Blank[];
}

export const paragraph = (text: Text): Block => ({ is: "paragraph", text });
export const heading = (zh: string, en: string): Block => ({ is: "heading", text: { zh, en } });

const dateHint = "年　　月　　日";

/** What the applicant signs on a notice or decision. */
export const receivedBy: Blank[] = [
  { label: { zh: "签收人（签名）", en: "Received by (signature)" } },
  { label: { zh: "签收日期", en: "Received on" }, hint: dateHint },
];

export const signedOn = (zh: string, en: string): Blank => ({ label: { zh, en }, hint: dateHint });
