// Acts of a department's system that have a second half: the one-time notice, which the applicant answers, and the special
// procedure, which ends.
import { setTimeout as sleep } from "node:timers/promises";
import type {
  PauseRequest,
  RequestSupplementRequest,
  ResumeRequest,
} from "@onething/contracts/approval/v1/acts";
import { type Work, Notice as WrittenNotice } from "@onething/contracts/approval/v1/work";
import type { Text } from "@onething/contracts/common/v1/common";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, invalid } from "@onething/kernel/errors";
import { away, move, notNow, type OurSide, otherRequest, type Piece, workOf } from "./our-side.ts";

/** How long the applicant takes; long enough for the system to go on with something else. */
const answerMs = 400;

/** Takes a notice, and lets the applicant answer it: then the piece is sent again. */
export async function ask(
  side: OurSide,
  request: RequestSupplementRequest,
  sendAgain: (piece: Piece) => void,
): Promise<Work> {
  const piece = side.find(request.id);
  const attempt = { key: request.idempotencyKey, body: canonicalJson(request), at: Date.now() };
  piece.asked.push(attempt);
  side.checked(attempt.key);
  if (piece.notice?.key === attempt.key) return repeated(piece, attempt.body);
  if (workOf(piece).status !== "received") throw notNow(piece);
  if (piece.notice) throw once();
  mustName(piece, request);
  piece.notice = { key: attempt.key, fields: request.gaps.map(({ field }) => field) };
  piece.detail.notices.push(
    WrittenNotice.fromPartial({ at: new Date().toISOString(), by: "department:conform", gaps: request.gaps }),
  );
  move(piece, "supplementing");
  void answered(piece).then(() => sendAgain(piece));
  if (piece.trouble === "gapLost") throw away();
  return workOf(piece);
}

function repeated(piece: Piece, body: string): Work {
  if (piece.asked.every((each) => each.key !== piece.notice?.key || each.body === body)) return workOf(piece);
  throw otherRequest();
}

async function answered(piece: Piece): Promise<void> {
  await sleep(answerMs, undefined, { ref: false });
  const { form, notices } = piece.detail;
  Object.assign(form, piece.lacking);
  const notice = notices.at(-1)!;
  notice.answeredAt = new Date().toISOString();
  notice.answers = notice.gaps.map((_, i) => ({ gap: `1.${i + 1}`, way: "value", words: "" }));
  if (workOf(piece).status === "supplementing") move(piece, "received");
}

const isSaid = (text: Text | undefined): boolean => Boolean(text?.zh.trim() || text?.en.trim());

/** Each gap says what is wrong and what would do, of a field of the form or of a requirement, or of neither. */
function mustName(piece: Piece, { gaps }: RequestSupplementRequest): void {
  const names = new Set(piece.detail.formSchema.map(({ name }) => name));
  const requirements = new Set(piece.detail.evidence.map(({ receipt }) => receipt?.requirement));
  const problems = gaps.flatMap(({ field, requirement, what, remedy }, i) => [
    ...(isSaid(what) ? [] : [`gaps[${i}].what`]),
    ...(isSaid(remedy) ? [] : [`gaps[${i}].remedy`]),
    ...((field && !names.has(field)) || (field && requirement) ? [`gaps[${i}].field`] : []),
    ...(requirement && !requirements.has(requirement) ? [`gaps[${i}].requirement`] : []),
  ]);
  refuse(piece, gaps.length > 0 ? problems : ["gaps"]);
}

/** For `act`: a procedure of the item's, with its ground and its length. */
export function begin(piece: Piece, { procedure, reason, days }: PauseRequest): void {
  refuse(piece, [
    ...(piece.procedures.includes(procedure) ? [] : ["procedure"]),
    ...(isSaid(reason) ? [] : ["reason"]),
    ...(days >= 1 ? [] : ["days"]),
  ]);
  piece.begun += 1;
}

export function end(piece: Piece, { result }: ResumeRequest): void {
  refuse(piece, isSaid(result) ? [] : ["result"]);
  piece.ended += 1;
}

function refuse(piece: Piece, problems: readonly string[]): void {
  if (problems.length === 0) return;
  for (const field of problems) piece.unfit.add(field);
  const fields = problems.map((field) => ({
    field,
    text: { zh: "缺少或不对", en: "is missing or not right" },
  }));
  throw invalid("approval.invalid", "请求内容不符合要求", "The request does not fit", { fields });
}

const once = () =>
  conflict(
    "approval.notice_once",
    "补正须一次性告知（行政许可法第三十二条）",
    "Everything is told at once (Licensing Law art. 32)",
  );
