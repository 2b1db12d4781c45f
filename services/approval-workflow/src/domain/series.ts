// The numbers of a department's papers, by kind and year: one after the other, none twice, none left out.
import type { SeriesNumbered } from "@onething/contracts/approval/v1/desk_events";

export interface Series {
  department: string;
  year: number;
  kind: string;
  /** Serial of the last paper. */
  last: number;
}

/** The paper is named: whoever asks again for the same one is told the same number by the journal. */
export type Next = { type: "next"; department: string; year: number; kind: string; paper: string };
export type SeriesEvent = { type: "series.numbered"; data: SeriesNumbered };

export const seriesId = ({ department, year, kind }: Omit<Next, "type" | "paper">): string =>
  `${department}:${year}:${kind}`;

export function decide(state: Series | null, next: Next): { events: SeriesEvent[]; answer: number } {
  const { type: _, ...about } = next;
  const serial = (state?.last ?? 0) + 1;
  return { events: [{ type: "series.numbered", data: { ...about, serial } }], answer: serial };
}

export function evolve(_: Series | null, { data }: SeriesEvent): Series {
  const { department, year, kind, serial: last } = data;
  return { department, year, kind, last };
}
