// Our side for a department's system under test: the departments' door with made-up work, until all has been played or time is up.
import { setTimeout as sleep } from "node:timers/promises";
import type { DecideRequest, DecideResult } from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { conflict, OnethingError } from "@onething/kernel/errors";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { type RpcContext, type RpcImplementation, rpc, startGrpcServer } from "@onething/service/rpc";
import { linesOfSystem } from "./judge.ts";
import { lackingIn, madeUp, type PlayedItem } from "./made-up.ts";
import { ask, begin, end } from "./notice.ts";
import {
  type Change,
  createOurSide,
  type Does,
  type OurSide,
  open,
  type Piece,
  type Trouble,
} from "./our-side.ts";
import type { Line } from "./report.ts";
import { createStream, type Stream } from "./stream.ts";

export interface SystemOptions {
  department: string;
  items: readonly PlayedItem[];
  address: string;
  /** What the system does besides deciding. */
  does?: readonly Does[];
  /** At most; it ends earlier once everything has been played. */
  seconds: number;
  /** Folder of our certificate; without it whoever reaches the port may call. */
  tls?: string | undefined;
}

export interface Played {
  address: string;
  judged: Promise<Line[]>;
  /** Ends it and judges what there is. */
  stop(): void;
}

const atFirst: Trouble[] = ["none", "twice", "none", "unavailable", "lost"];
const later: Trouble[] = ["meanwhile", "meanwhile", "late", "withdrawn", "withdrawn", "twice", "unavailable"];
const incomplete: Trouble[] = ["gap", "gapLost"];
/** After everything is played: time for what must not happen any more. */
const quietMs = 1_500;

export async function playOurSide(options: SystemOptions): Promise<Played> {
  const side = createOurSide();
  const does = options.does ?? [];
  const add = adder(side, options.items);
  const more = does.includes("supplement") ? [...later, ...incomplete] : later;
  const stream = createStream(side, atFirst.map(add), () => more.map(add));
  const caller = {
    sub: `${options.department}-system`,
    role: "department" as const,
    department: options.department,
  };
  const server = await startGrpcServer({
    doors: [
      rpc(ApprovalServiceDefinition, door(side, stream, options.department), { allow: ["department"] }),
    ],
    deps: {
      authenticate: async () => caller,
      log: createLog({ service: "conform", level: "silent" }),
      meters: createMeters(),
    },
    ...{ address: options.address, tls: options.tls },
  });
  const stopping = new AbortController();
  const until = AbortSignal.any([stopping.signal, AbortSignal.timeout(options.seconds * 1_000)]);
  const judged = allPlayed(side, stream, until).then(async () => {
    await server.stop(0);
    return linesOfSystem(side, stream.seen, does);
  });
  return { address: server.address, judged, stop: () => stopping.abort() };
}

/** Makes up pieces of all the items in turn; what lacks something is of an item whose form has something that it must. */
function adder(side: OurSide, items: readonly PlayedItem[]): (trouble: Trouble) => Piece {
  const withForm = items.filter((item) => lackingIn(item).length > 0);
  const byDepartment = withForm.filter(({ acceptance }) => acceptance === "department");
  const lackable = byDepartment.length > 0 ? byDepartment : withForm;
  let n = 0;
  return (trouble) => {
    const isGap = incomplete.includes(trouble) && lackable.length > 0;
    const of = isGap ? lackable : items;
    const item = of[n % of.length]!;
    n += 1;
    const lacking = isGap ? lackingIn(item) : [];
    return side.add(trouble, { detail: madeUp(item, n), procedures: item.procedures, lacking });
  };
}

async function allPlayed(side: OurSide, { seen }: Stream, until: AbortSignal): Promise<void> {
  const busy = () =>
    seen.cuts < 2 || side.pieces().some(({ trouble, taken }) => trouble !== "withdrawn" && !taken);
  const pause = (ms: number) => sleep(ms, undefined, { signal: until }).catch(() => undefined);
  while (busy() && !until.aborted) await pause(100);
  await pause(quietMs);
}

/** What is not played is refused as the platform refuses what cannot be done now. */
function door(
  side: OurSide,
  stream: Stream,
  department: string,
): RpcImplementation<typeof ApprovalServiceDefinition> {
  const note = ({ caller }: RpcContext) => {
    if (caller.department !== department) stream.seen.strangers.add(caller.department ?? caller.sub);
  };
  type Request = { id: string; idempotencyKey: string };
  const act = (verb: string, change: Change) => async (request: Request) => ({
    work: side.act(verb, request, change),
  });
  const notPlayed = async (): Promise<never> => {
    throw conflict("conform.not_played", "一致性检验里没有这一步", "The conformance run does not play this");
  };
  return {
    listWork: async (_, context) => {
      note(context);
      return stream.list();
    },
    watchWork: ({ after }, context) => {
      note(context);
      return stream.watch(after, context.signal);
    },
    getWork: async ({ id }) => ({ detail: side.look(id) }),
    claim: async (request) => ({ work: side.act("claim", request, { from: open, claimedBy: "conform" }) }),
    release: act("release", { from: open, claimedBy: "" }),
    accept: act("accept", { from: ["received", "supplementing"], to: "accepted" }),
    correct: act("correct", { from: ["received"], to: "accepted" }),
    requestSupplement: async (request) => ({ work: await ask(side, request, stream.again) }),
    pause: async (request) => ({
      work: side.act("pause", request, {
        ...{ from: ["accepted"], to: "paused" },
        also: (piece) => begin(piece, request),
      }),
    }),
    resume: async (request) => ({
      work: side.act("resume", request, {
        ...{ from: ["paused"], to: "accepted" },
        also: (piece) => end(piece, request),
      }),
    }),
    extend: act("extend", { from: ["accepted"] }),
    decide: async (request, { signal }) => ({ work: await side.decide(request, signal) }),
    decideMany: async ({ decisions }, { signal }) => ({
      results: await Promise.all(decisions.map((row) => resultOf(side, row, signal))),
    }),
    ...{ decline: notPlayed, refer: notPlayed, giveLegality: notPlayed },
    ...{ giveSecondLook: notPlayed, consult: notPlayed, answerConsultation: notPlayed },
    ...{ listConsultations: async () => ({ consultations: [] }), deliver: notPlayed, revoke: notPlayed },
  };
}

async function resultOf(side: OurSide, row: DecideRequest, signal: AbortSignal): Promise<DecideResult> {
  try {
    return { id: row.id, outcome: { $case: "work", value: await side.decide(row, signal) } };
  } catch (error) {
    if (!(error instanceof OnethingError)) throw error;
    const { code, reason, public: text, fields } = error;
    return { id: row.id, outcome: { $case: "problem", value: { code, reason, text, fields } } };
  }
}
