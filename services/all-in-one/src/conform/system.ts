// Our side for a department's system under test: the departments' door with made-up work, until all has been played or time is up.
import { setTimeout as sleep } from "node:timers/promises";
import type { DecideRequest, DecideResult } from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { conflict, OnethingError } from "@onething/kernel/errors";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { type RpcImplementation, rpc, startGrpcServer } from "@onething/service/rpc";
import { linesOfSystem } from "./judge.ts";
import { madeUp, type PlayedItem } from "./made-up.ts";
import { type Change, createOurSide, type OurSide, open, type Piece, type Trouble } from "./our-side.ts";
import type { Line } from "./report.ts";
import { createStream, type Stream } from "./stream.ts";

export interface SystemOptions {
  department: string;
  items: readonly PlayedItem[];
  address: string;
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
/** After everything is played: time for what must not happen any more. */
const quietMs = 1_500;

export async function playOurSide(options: SystemOptions): Promise<Played> {
  const side = createOurSide();
  let n = 0;
  const add = (trouble: Trouble): Piece =>
    side.add(trouble, madeUp(options.items[n % options.items.length]!, n++));
  const stream = createStream(side, atFirst.map(add), () => later.map(add));
  const caller = {
    sub: `${options.department}-system`,
    role: "department" as const,
    department: options.department,
  };
  const server = await startGrpcServer({
    doors: [rpc(ApprovalServiceDefinition, door(side, stream), { allow: ["department"] })],
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
    return linesOfSystem(side, stream.seen);
  });
  return { address: server.address, judged, stop: () => stopping.abort() };
}

async function allPlayed(side: OurSide, { seen }: Stream, until: AbortSignal): Promise<void> {
  const busy = () =>
    seen.cuts < 2 || side.pieces().some(({ trouble, taken }) => trouble !== "withdrawn" && !taken);
  const pause = (ms: number) => sleep(ms, undefined, { signal: until }).catch(() => undefined);
  while (busy() && !until.aborted) await pause(100);
  await pause(quietMs);
}

/** What is not played is refused as the platform refuses what cannot be done now. */
function door(side: OurSide, stream: Stream): RpcImplementation<typeof ApprovalServiceDefinition> {
  type Request = { id: string; idempotencyKey: string };
  const act = (verb: string, change: Change) => async (request: Request) => ({
    work: side.act(verb, request, change),
  });
  const notPlayed = async (): Promise<never> => {
    throw conflict("conform.not_played", "一致性检验里没有这一步", "The conformance run does not play this");
  };
  return {
    listWork: async () => stream.list(),
    watchWork: ({ after }, { signal }) => stream.watch(after, signal),
    getWork: async ({ id }) => ({ detail: side.look(id) }),
    claim: async (request) => ({ work: side.act("claim", request, { from: open, claimedBy: "conform" }) }),
    release: act("release", { from: open, claimedBy: "" }),
    accept: act("accept", { from: ["received"], to: "accepted" }),
    correct: act("correct", { from: ["received"], to: "accepted" }),
    pause: act("pause", { from: ["accepted"], to: "paused" }),
    resume: act("resume", { from: ["paused"], to: "accepted" }),
    extend: act("extend", { from: ["accepted"] }),
    decide: async (request, { signal }) => ({ work: await side.decide(request, signal) }),
    decideMany: async ({ decisions }, { signal }) => ({
      results: await Promise.all(decisions.map((row) => resultOf(side, row, signal))),
    }),
    ...{ requestSupplement: notPlayed, decline: notPlayed, refer: notPlayed, giveLegality: notPlayed },
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
