// The stream and the list of made-up work: cut in the middle, cut again at rest, some of it sent more than once.
import { EventEmitter, once } from "node:events";
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid, unavailable } from "@onething/kernel/errors";
import { type OurSide, open, type Piece, workOf } from "./our-side.ts";

export interface Stream {
  watch(after: string, signal: AbortSignal): AsyncGenerator<{ work: Work; cursor: string }>;
  list(): { work: Work[]; nextCursor: string };
  /** Something happened to a piece that puts it before the department again. */
  again(piece: Piece): void;
  seen: Seen;
}

export interface Seen {
  /** When it began to watch, or asked for the list. */
  beginnings: number[];
  cuts: number;
  badCursors: number;
  /** Departments of certificates that are not the one under test. */
  strangers: Set<string>;
}

/** Messages before the first cut. */
const beforeCut = 3;
const restMs = 700;
const mostCuts = 2;

/** `meanwhile` adds what arrives while the stream is cut. */
export function createStream(side: OurSide, arrived: Piece[], meanwhile: () => Piece[]): Stream {
  const log = [...arrived];
  const news = new EventEmitter().setMaxListeners(0);
  const seen: Seen = { beginnings: [], cuts: 0, badCursors: 0, strangers: new Set() };
  const cut = () => {
    seen.cuts += 1;
    if (seen.cuts === 1) log.push(...meanwhile());
    if (seen.cuts === mostCuts) log.push(...side.pieces().filter(({ trouble }) => trouble === "twice"));
    news.emit("more");
    return unavailable(
      "server.stopping",
      "系统正在重启，请稍后重连",
      "The system is restarting; connect again in a moment",
    );
  };
  const from = (after: string): number => {
    if (after === "") return 0;
    const at = /^conform-(\d{1,6})$/.exec(after)?.[1];
    if (at !== undefined && Number(at) <= log.length) return Number(at);
    seen.badCursors += 1;
    throw invalid(
      "cursor.invalid",
      "翻页位置无效，请从头开始",
      "This cursor is not one of ours; start from the beginning",
    );
  };
  return {
    seen,
    again(piece) {
      log.push(piece);
      news.emit("more");
    },
    async *watch(after, signal) {
      seen.beginnings.push(Date.now());
      let at = from(after);
      const begin = after === "" ? log.length : 0;
      let sent = 0;
      while (!signal.aborted) {
        for (; at < log.length; at++) {
          if (seen.cuts === 0 && sent >= beforeCut) throw cut();
          const piece = log[at]!;
          // From the start comes what is in hand; what is sent again is sent as it stands.
          if (at < begin && !open.includes(workOf(piece).status)) continue;
          const message = { work: structuredClone(workOf(piece)), cursor: `conform-${at + 1}` };
          yield message;
          if (piece.trouble === "twice") yield message;
          sent += 1;
        }
        const rest = AbortSignal.any([signal, AbortSignal.timeout(restMs)]);
        await once(news, "more", { signal: rest }).catch(() => undefined);
        if (seen.cuts < mostCuts && !signal.aborted && at === log.length) throw cut();
      }
    },
    list() {
      seen.beginnings.push(Date.now());
      if (seen.beginnings.length > 1 && seen.cuts < mostCuts) throw cut();
      const inHand = side
        .pieces()
        .filter((piece) => log.includes(piece) && open.includes(workOf(piece).status));
      return { work: inHand.map((piece) => structuredClone(workOf(piece))), nextCursor: "" };
    },
  };
}
