// What the system under test has done with the made-up work, against what a department's system owes.
import type { Text } from "@onething/kernel/errors";
import { type Attempt, type Does, type OurSide, type Piece, type Trouble, workOf } from "./our-side.ts";
import type { Line } from "./report.ts";
import type { Seen } from "./stream.ts";

/** Of the same call within a second; more is hammering. */
const mostInASecond = 10;

export function linesOfSystem(side: OurSide, seen: Seen, does: readonly Does[]): Line[] {
  const all = side.pieces();
  const of = (...troubles: Trouble[]) => all.filter(({ trouble }) => troubles.includes(trouble));
  const answered = of("unavailable", "lost", "late");
  return [
    {
      says: { zh: "以本部门的身份连上并要来事项", en: "it connects as its department, and asks for work" },
      needed: true,
      look: () => {
        const whose = [...seen.strangers].join(", ");
        if (whose) return { zh: `证书是 ${whose} 的`, en: `the certificate is ${whose}'s` };
        return seen.beginnings.length > 0 ? undefined : { zh: "没有人来", en: "nobody came" };
      },
    },
    {
      says: { zh: "断流之后再连", en: "it comes back after each cut of the stream" },
      look: () =>
        seen.cuts > 0 && seen.beginnings.length > seen.cuts
          ? undefined
          : {
              zh: `断了 ${seen.cuts} 次，连了 ${seen.beginnings.length} 次`,
              en: `cut ${seen.cuts} times, came ${seen.beginnings.length} times`,
            },
    },
    {
      says: { zh: "从平台给的位置或从头接着来", en: "it goes on from a cursor of ours, or from the start" },
      look: () =>
        seen.badCursors > 0 ? { zh: "位置不是平台给的", en: "a cursor was not one of ours" } : undefined,
    },
    {
      says: { zh: "断流时到的事项没有丢", en: "nothing that came during the cut is lost" },
      look: () => named(of("meanwhile").filter(undecided)),
    },
    {
      says: { zh: "其余事项都作了决定", en: "every other piece is decided" },
      look: () => named(of("none", "twice", "late", "lost").filter(undecided)),
    },
    {
      says: {
        zh: "平台暂时不在时没收的决定，又发了一次",
        en: "a decision that was not taken (UNAVAILABLE) is sent again",
      },
      look: () => named(of("unavailable").filter(undecided)),
    },
    {
      says: {
        zh: "每件只决定一次，送来两次也一样",
        en: "each piece is decided once, though it was sent twice",
      },
      look: () => named(of("none", "twice", "meanwhile").filter(otherKeys)),
    },
    {
      says: { zh: "重发时键和内容不变", en: "what is sent again has the same key and the same content" },
      look: () => named([...answered.filter(changed), ...of("gapLost").filter(({ asked }) => differ(asked))]),
    },
    {
      says: { zh: "键合规，且一件一个", en: "keys are well-formed, and each is of one piece" },
      look: () => keys(side),
    },
    {
      says: {
        zh: "结果符合事项的格式，不予许可和通知写明理由",
        en: "results fit the item, refusals and notices have reasons",
      },
      look: () =>
        named(
          all.filter(({ unfit }) => unfit.size > 0),
          ({ unfit }) => ` ${[...unfit].map(printable).join(", ")}`,
        ),
    },
    ...(does.includes("supplement") ? supplementLines(of("gap", "gapLost")) : []),
    ...(does.includes("pause") ? [procedureLine(all)] : []),
    {
      says: { zh: "已撤回的放下不再发", en: "what was withdrawn is let go" },
      look: () => named(of("withdrawn").filter(({ attempts }) => attempts.length > 1)),
    },
    {
      says: { zh: "重试有间隔", en: "it pauses before it tries again" },
      look: () => {
        const series = [seen.beginnings, ...all.map(({ attempts }) => attempts.map(({ at }) => at))];
        const most = Math.max(...series.map(inASecond));
        return most > mostInASecond
          ? { zh: `一秒内 ${most} 次`, en: `${most} times within a second` }
          : undefined;
      },
    },
  ];
}

const undecided = ({ taken }: Piece): boolean => !taken;
const otherKeys = ({ attempts }: Piece): boolean => new Set(attempts.map(({ key }) => key)).size > 1;
/** The key is part of what was sent. */
const differ = (attempts: readonly Attempt[]): boolean => new Set(attempts.map(({ body }) => body)).size > 1;
const changed = ({ attempts }: Piece): boolean => differ(attempts);

/** Licensing Law art. 32: everything that is missing, told once. */
const supplementLines = (incomplete: readonly Piece[]): Line[] => [
  {
    says: {
      zh: "材料不全时一次告知全部缺项",
      en: "what is missing is asked for once, and all of it at once",
    },
    look: () =>
      named(incomplete.filter(notToldWhole), ({ lacking }) => ` ${Object.keys(lacking).join(", ")}`),
  },
  {
    says: { zh: "申请人补正之后接着办完", en: "it goes on once the applicant has answered" },
    look: () => named(incomplete.filter(({ notice, taken }) => notice && !taken)),
  },
];

function notToldWhole({ notice, asked, lacking }: Piece): boolean {
  const keys = new Set(asked.map(({ key }) => key));
  return !notice || keys.size > 1 || Object.keys(lacking).some((name) => !notice.fields.includes(name));
}

/** Licensing Law art. 45. */
const procedureLine = (all: readonly Piece[]): Line => ({
  says: {
    zh: "特别程序写明事由和时间，结束后接着办",
    en: "a special procedure has its ground and its length, and is ended",
  },
  look: () =>
    all.some(({ begun }) => begun > 0)
      ? named(all.filter(({ begun, ended }) => begun > ended))
      : { zh: "一次也没有进行", en: "none was begun" },
});

function named(pieces: readonly Piece[], more: (piece: Piece) => string = () => ""): Text | undefined {
  if (pieces.length === 0) return undefined;
  const list = pieces.map((piece) => `${workOf(piece).item} ${workOf(piece).id}${more(piece)}`).join("; ");
  return { zh: `有 ${pieces.length} 件不是`, en: list };
}

function keys(side: OurSide): Text | undefined {
  if (side.keysRefused() > 0)
    return { zh: "须为 8 至 200 个可见字符", en: "8 to 200 visible characters are needed" };
  const owners = new Map<string, Set<Piece>>();
  for (const piece of side.pieces())
    for (const { key } of [...piece.attempts, ...piece.asked])
      owners.set(key, (owners.get(key) ?? new Set()).add(piece));
  const shared = [...owners.values()].filter(({ size }) => size > 1).length;
  return shared > 0
    ? { zh: `${shared} 个键用于不止一件`, en: `${shared} keys are of more than one piece` }
    : undefined;
}

const inASecond = (times: readonly number[]): number =>
  Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 1_000).length));

/** Names of fields are the system's own: what would disturb a terminal is left out. */
const printable = (name: string): string => name.replace(/[^\p{L}\p{N}\p{P} ]/gu, "?").slice(0, 60);
