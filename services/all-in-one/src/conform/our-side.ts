// Our side as a department's system meets it on a bad day: made-up work, with the trouble that each piece has in store. What the
// system does is written down, to be judged.
import { setTimeout as sleep } from "node:timers/promises";
import type { DecideRequest } from "@onething/contracts/approval/v1/acts";
import type { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, invalid, notFound, unavailable } from "@onething/kernel/errors";
import { fieldProblems } from "@onething/kernel/fields";

/**
 * twice: sent two times running, and again later. meanwhile: comes while the stream is cut. unavailable: its first decision is
 * not taken. lost: it is taken, and the answer lost. late: it is taken, and answered late. withdrawn: at the latest when it is
 * decided. gap: something is missing in it. gapLost: the same, and the answer to the notice of it is lost.
 */
export type Trouble =
  | "none"
  | "twice"
  | "meanwhile"
  | "unavailable"
  | "lost"
  | "late"
  | "withdrawn"
  | "gap"
  | "gapLost";

/** What a system does besides deciding. supplement: asks for what is missing. pause: runs special procedures. */
export const allDoes = ["supplement", "pause"] as const;
export type Does = (typeof allDoes)[number];

export interface Attempt {
  key: string;
  body: string;
  at: number;
}

export interface Piece {
  trouble: Trouble;
  detail: WorkDetail;
  attempts: Attempt[];
  /** The attempt that was taken. */
  taken?: Attempt;
  /** Paths of what did not fit in what was sent. */
  unfit: Set<string>;
  acts: Map<string, string>;
  procedures: readonly string[];
  /** Form fields that are missing, with what the applicant would answer. */
  lacking: Record<string, string>;
  /** Every notice that was sent, and the one that was taken. */
  asked: Attempt[];
  notice?: { key: string; fields: string[] };
  /** Special procedures: begun, and ended. */
  begun: number;
  ended: number;
}

/** A made-up piece of work, and what goes with it. */
export interface Made {
  detail: WorkDetail;
  procedures: readonly string[];
  /** Names of form fields that are to be empty at first. */
  lacking: readonly string[];
}

export interface OurSide {
  add(trouble: Trouble, made: Made): Piece;
  pieces(): Piece[];
  find(id: string): Piece;
  look(id: string): WorkDetail;
  decide(request: DecideRequest, signal: AbortSignal): Promise<Work>;
  act(verb: string, request: { id: string; idempotencyKey: string }, change: Change): Work;
  /** The key as it is, or refused. */
  checked(key: string): string;
  keysRefused(): number;
}

export interface Change {
  from: readonly string[];
  to?: string;
  claimedBy?: string;
  /** Looks at the request, and notes what comes of it; throws what is refused. */
  also?(piece: Piece): void;
}

export const open = ["received", "accepted"];
const lateMs = 1_500;
const actions: Record<string, string[]> = {
  received: ["claim", "release", "accept", "correct", "supplement", "decline", "grant", "refuse"],
  supplementing: ["accept"],
  accepted: ["claim", "release", "pause", "extend", "grant", "refuse"],
  paused: ["resume"],
};

export function createOurSide(): OurSide {
  const pieces = new Map<string, Piece>();
  let keysRefused = 0;
  const find = (id: string): Piece => {
    const piece = pieces.get(id);
    if (piece) return piece;
    throw notFound(
      "approval.not_found",
      "没有这件事项，或者不属于您的部门",
      "There is no such work, or it is not your department's",
    );
  };
  const checked = (key: string): string => {
    if (/^[\x21-\x7e]{8,200}$/.test(key)) return key;
    keysRefused += 1;
    throw invalid(
      "idempotency_key.invalid",
      "idempotency_key 须为 8 至 200 个可见字符",
      "idempotency_key must have 8 to 200 visible characters",
    );
  };
  return {
    find,
    checked,
    pieces: () => [...pieces.values()],
    keysRefused: () => keysRefused,
    add(trouble, { detail, procedures, lacking }) {
      const missing = Object.fromEntries(lacking.map((name) => [name, detail.form[name] ?? ""]));
      const piece: Piece = {
        ...{ trouble, detail, procedures, lacking: missing, begun: 0, ended: 0 },
        ...{ attempts: [], asked: [], unfit: new Set(), acts: new Map() },
      };
      for (const name of lacking) detail.form[name] = "";
      pieces.set(workOf(piece).id, piece);
      move(piece, "received");
      return piece;
    },
    look(id) {
      const piece = find(id);
      const seen = structuredClone(piece.detail);
      // Withdrawn right after it was looked at, so that what was seen is no longer so.
      if (piece.trouble === "withdrawn") move(piece, "cancelled");
      return seen;
    },
    act(verb, { id, idempotencyKey }, { from, to, claimedBy, also }) {
      const piece = find(id);
      const key = checked(idempotencyKey);
      if (piece.acts.get(key) === verb) return workOf(piece);
      if (!from.includes(workOf(piece).status)) throw notNow(piece);
      also?.(piece);
      piece.acts.set(key, verb);
      if (claimedBy !== undefined) workOf(piece).claimedBy = claimedBy;
      move(piece, to ?? workOf(piece).status);
      return workOf(piece);
    },
    async decide(request, signal) {
      const piece = find(request.id);
      const attempt = { key: request.idempotencyKey, body: canonicalJson(request), at: Date.now() };
      piece.attempts.push(attempt);
      const { length: nth } = piece.attempts;
      checked(attempt.key);
      if (piece.taken?.key === attempt.key) return again(piece, attempt);
      if (piece.trouble === "unavailable" && nth === 1) throw away();
      if (piece.trouble === "withdrawn") move(piece, "cancelled");
      if (!open.includes(workOf(piece).status)) throw notNow(piece);
      mustFit(piece, request);
      piece.taken = attempt;
      move(piece, request.decision?.$case === "grant" ? "granted" : "refused");
      if (piece.trouble === "lost") throw away();
      if (piece.trouble === "late") await sleep(lateMs, undefined, { signal }).catch(() => undefined);
      return workOf(piece);
    },
  };
}

export const workOf = ({ detail }: Pick<Piece, "detail">): Work => detail.work!;

export function move(piece: Piece, status: string): void {
  const work = workOf(piece);
  if (work.status !== status) work.version += 1;
  work.status = status;
  const may = actions[status] ?? [];
  work.actions = piece.procedures.length > 0 ? may : may.filter((action) => action !== "pause");
}

function again(piece: Piece, attempt: Attempt): Work {
  if (piece.taken?.body === attempt.body) return workOf(piece);
  throw otherRequest();
}

export function otherRequest() {
  return conflict(
    "idempotency_key.reused",
    "这个 idempotency_key 已用于另一个请求",
    "This idempotency_key was used for another request",
  );
}

function mustFit(piece: Piece, { decision }: DecideRequest): void {
  const fields =
    decision?.$case === "grant"
      ? fieldProblems(workOf(piece).result, decision.value.result, "result")
      : reasonsMissing(decision?.value.reasons ?? []);
  for (const { field } of fields) piece.unfit.add(field);
  if (fields.length > 0)
    throw invalid(
      "approval.result_invalid",
      "办理结果不符合该事项的要求",
      "The result does not fit what this item ends with",
      { fields },
    );
}

const reasonsMissing = (reasons: readonly { zh: string; en: string }[]) =>
  reasons.some(({ zh, en }) => zh.trim() || en.trim())
    ? []
    : [{ field: "reasons", text: { zh: "至少一条理由", en: "at least one reason" } }];

export const notNow = (piece: Piece) =>
  workOf(piece).status === "cancelled"
    ? conflict("approval.cancelled", "申请人已撤回", "The applicant has withdrawn it")
    : conflict(
        "approval.decided",
        "事项已有决定，或此刻不能这样办",
        "It is decided already, or this cannot be done now",
      );

export const away = () =>
  unavailable(
    "server.stopping",
    "系统正在重启，请稍后重连",
    "The system is restarting; connect again in a moment",
  );
