// What will go wrong, when and for how long: drawn from a seed before the run, so that a run can be played again.
import { between, oneOf, type Random, randomBy, shuffled } from "../random.ts";

export interface Fault {
  n: number;
  /** After the beginning of the run, milliseconds. */
  atMs: number;
  kind: Kind;
  /** A replica, an engine, a wire or a topic. */
  target: string;
  /** Until it is mended, or is started again. */
  forMs: number;
  /** Of a slow wire the delay in milliseconds, of messages their number. */
  amount: number;
  /** Whatever else is left to chance comes from this. */
  seed: number;
}

export type Kind = keyof typeof kinds;

/** What there is to break. */
export interface Targets {
  replicas: readonly string[];
  wires: readonly string[];
  topics: readonly string[];
}

interface Spec {
  /** How often, against the others. */
  weight: number;
  targets: (all: Targets) => readonly string[];
  forMs: readonly [number, number];
  /** The target is left alone for so long after it was mended, to see it recover. */
  restMs?: number;
  amount?: readonly [number, number];
}

const only = (engine: string) => () => [engine];

export const kinds = {
  "kill replica": { weight: 5, targets: (all) => all.replicas, forMs: [200, 3_000] },
  "stop replica": { weight: 3, targets: (all) => all.replicas, forMs: [200, 3_000] },
  "kill postgres": { weight: 2, targets: only("postgres"), forMs: [100, 1_000], restMs: 10_000 },
  "kill kafka": { weight: 2, targets: only("kafka"), forMs: [200, 3_000], restMs: 20_000 },
  "pause kafka": { weight: 1, targets: only("kafka"), forMs: [2_000, 10_000], restMs: 10_000 },
  "pause redis": { weight: 1, targets: only("redis"), forMs: [2_000, 10_000] },
  "flush redis": { weight: 1, targets: only("redis"), forMs: [0, 0] },
  "kill redis": { weight: 1, targets: only("redis"), forMs: [200, 3_000] },
  "cut wire": { weight: 3, targets: (all) => all.wires, forMs: [100, 3_000] },
  "slow wire": { weight: 2, targets: (all) => all.wires, forMs: [2_000, 8_000], amount: [5, 150] },
  "half-open wire": { weight: 2, targets: (all) => all.wires, forMs: [1_000, 6_000] },
  "redeliver messages": { weight: 3, targets: (all) => all.topics, forMs: [0, 0], amount: [10, 200] },
} as const satisfies Record<string, Spec>;

export interface Schedule {
  seed: number;
  /** Nothing happens before. */
  quietMs: number;
  totalMs: number;
  faults: Fault[];
}

const names = Object.keys(kinds) as Kind[];
const gapMs = [500, 5_500] as const;
const restMs = 1_000;

export function drawSchedule(seed: number, seconds: number, targets: Targets): Schedule {
  const random = randomBy(seed);
  const totalMs = seconds * 1000;
  const quietMs = Math.min(totalMs / 4, 30_000);
  const faults: Fault[] = [];
  const busyUntil = new Map<string, number>();
  // Each kind once before chance rules.
  const first = shuffled(random, names);
  for (let atMs = quietMs; atMs < totalMs; atMs += between(random, ...gapMs)) {
    const due = first.shift();
    const fault = draw(random, due ?? oneOf(random, lots), targets);
    const free = (busyUntil.get(fault.target) ?? 0) <= atMs;
    if (!free || atMs + fault.forMs > totalMs) {
      if (due) first.push(due);
      continue;
    }
    const { restMs: rest = restMs }: Spec = kinds[fault.kind];
    busyUntil.set(fault.target, atMs + fault.forMs + rest);
    faults.push({ n: faults.length + 1, atMs: Math.round(atMs), ...fault });
  }
  return { seed, quietMs, totalMs, faults };
}

function draw(random: Random, kind: Kind, targets: Targets): Omit<Fault, "n" | "atMs"> {
  const spec: Spec = kinds[kind];
  return {
    kind,
    target: oneOf(random, spec.targets(targets)),
    forMs: between(random, ...spec.forMs),
    amount: spec.amount ? between(random, ...spec.amount) : 0,
    seed: between(random, 0, 2 ** 31),
  };
}

/** Every name as often as it weighs. */
const lots = names.flatMap((name) => Array<Kind>(kinds[name].weight).fill(name));

/** As it is printed: `+12.3 s  kill replica  case-window-1  for 0.8 s`. */
export function lineOf({ n, atMs, kind, target, forMs, amount }: Fault): string {
  const more = kind === "slow wire" ? `, ${amount} ms each way` : amount ? `, ${amount} of them` : "";
  const time = forMs > 0 ? `, for ${(forMs / 1000).toFixed(1)} s` : "";
  return `${String(n).padStart(3)}  +${(atMs / 1000).toFixed(1).padStart(5)} s  ${kind.padEnd(18)}  ${target}${time}${more}`;
}
