// What the run says in numbers: goodput against the quiet stretch, recovery by kind of fault, the tail after the last one.
import type { Success } from "./client.ts";
import type { Kind } from "./schedule.ts";

/** A fault that was done, by the clock. */
export interface Done {
  kind: Kind;
  /** When it struck and when it was mended. */
  from: number;
  to: number;
}

export interface Stretch {
  from: number;
  to: number;
}

/** Undefined where nothing was measured: too short a stretch, or nothing in it to hold another against. */
type Measured = number | undefined;

export interface Rates {
  /** Cases that ended, cases that were filed, and requests answered, a second. */
  ended: Measured;
  filed: Measured;
  requests: Measured;
}

export interface Recovery {
  kind: Kind;
  times: number;
  /** From the stroke to the next command acknowledged that was sent after it, seconds. */
  acknowledged: Spread;
  /** From the stroke to the next case that ended, seconds. */
  ended: Spread;
}

export interface Spread {
  median: Measured;
  worst: Measured;
}

export interface Figures {
  quiet: Rates;
  faulty: Rates;
  /** Of the quiet stretch's rate, what was left during the faults. */
  goodput: Rates;
  recovery: Recovery[];
  /** From when all was mended to the last case's end, seconds. */
  tail: number;
}

interface Observed {
  quiet: Stretch;
  faulty: Stretch;
  faults: readonly Done[];
  successes: readonly Success[];
  /** Moments of submissions and of ends. */
  filed: readonly number[];
  ended: readonly number[];
}

export function figuresOf({ quiet, faulty, faults, successes, filed, ended }: Observed): Figures {
  const answered = successes.map(({ at }) => at);
  const during = (stretch: Stretch): Rates => ({
    ended: rate(ended, stretch),
    filed: rate(filed, stretch),
    requests: rate(answered, stretch),
  });
  const [before, meanwhile] = [during(quiet), during(faulty)];
  const commands = successes.filter(({ command }) => command).sort((one, other) => one.at - other.at);
  const ends = [...ended].sort((one, other) => one - other);
  const recoveryOf = (kind: Kind): Recovery => {
    const strokes = faults.filter((each) => each.kind === kind).map(({ from }) => from);
    const after = (next: (from: number) => number | undefined) =>
      spread(strokes.flatMap((from) => ((next(from) ?? 0) > 0 ? [(next(from)! - from) / 1000] : [])));
    return {
      kind,
      times: strokes.length,
      acknowledged: after((from) => commands.find(({ sent }) => sent >= from)?.at),
      ended: after((from) => ends.find((at) => at > from)),
    };
  };
  const mended = Math.max(faulty.to, ...faults.map(({ to }) => to));
  return {
    quiet: before,
    faulty: meanwhile,
    goodput: {
      ended: share(meanwhile.ended, before.ended),
      filed: share(meanwhile.filed, before.filed),
      requests: share(meanwhile.requests, before.requests),
    },
    recovery: [...new Set(faults.map(({ kind }) => kind))].sort().map(recoveryOf),
    tail: Math.max(0, (ends.at(-1) ?? mended) - mended) / 1000,
  };
}

const rate = (moments: readonly number[], { from, to }: Stretch): Measured =>
  to > from ? moments.filter((at) => at >= from && at < to).length / ((to - from) / 1000) : undefined;

const share = (part: Measured, whole: Measured): Measured =>
  part !== undefined && whole ? part / whole : undefined;

function spread(seconds: readonly number[]): Spread {
  const sorted = seconds.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return {
    median: low === undefined || high === undefined ? undefined : (low + high) / 2,
    worst: sorted.at(-1),
  };
}

/** As people read it. */
export function linesOf({ quiet, faulty, goodput, recovery, tail }: Figures): string[] {
  const n = (value: Measured, digits = 1) => value?.toFixed(digits) ?? "–";
  const rates = (name: string, one: Rates, digits = 1) =>
    `  ${name.padEnd(18)}${n(one.ended, digits).padStart(8)}${n(one.filed, digits).padStart(8)}${n(one.requests, digits).padStart(10)}`;
  const row = ({ kind, times, acknowledged, ended }: Recovery) =>
    `  ${kind.padEnd(18)}${String(times).padStart(6)}${n(acknowledged.median, 2).padStart(10)}${n(acknowledged.worst, 2).padStart(8)}${n(ended.median, 2).padStart(12)}${n(ended.worst, 2).padStart(8)}`;
  const lines = [
    "a second          cases ended   filed  requests",
    rates("quiet", quiet),
    rates("during faults", faulty),
    rates("goodput", goodput, 2),
    "seconds until     times  next acknowledged  next case ended (median, worst)",
    ...recovery.map(row),
  ];
  if (lines.some((line) => line.includes("–")))
    lines.push("–: not measured, for want of anything to measure; let it run longer");
  return [...lines, `tail: the last case ended ${n(tail)} s after everything was mended`];
}
