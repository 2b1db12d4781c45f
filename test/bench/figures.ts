// What a bench answers with: figures, each beside the yardstick that was measured in the same run.

export interface Yardstick {
  name: string;
  value: number;
  unit: string;
  /** What measured it. */
  by: string;
}

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** Value over yardstick; of a plain count, the count itself. */
  ratio: number;
  aim: string;
  /** The ratio of each round, in order; `ratio` is their median. */
  rounds: number[];
  yardstick: Yardstick | null;
}

export interface Round {
  value: number;
  /** What the yardstick gave in the same round. */
  over: number;
}

/** Medians of the rounds; a ratio is taken within its round, where both sides met the same machine. */
export function figure(
  what: { name: string; unit: string; aim: string },
  rounds: readonly Round[],
  yardstick: Omit<Yardstick, "value">,
): Figure {
  const ratios = rounds.map(({ value, over }) => value / over);
  return {
    ...what,
    value: round(median(rounds.map(({ value }) => value))),
    ratio: round(median(ratios)),
    rounds: ratios.map(round),
    yardstick: { ...yardstick, value: round(median(rounds.map(({ over }) => over))) },
  };
}

export function count(what: { name: string; unit: string; aim: string }, rounds: readonly number[]): Figure {
  const value = round(median(rounds));
  return { ...what, value, ratio: value, rounds: rounds.map(round), yardstick: null };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Three digits that mean something. */
const round = (value: number): number => Number(value.toPrecision(3));

export function print(figures: readonly Figure[]): string {
  return figures
    .map(({ name, value, unit, ratio, aim, rounds, yardstick }) => {
      const beside = yardstick
        ? `\n      ÷ ${yardstick.value} ${yardstick.unit}: ${yardstick.name} (${yardstick.by})`
        : "";
      return `  ${name}: ${ratio} (aim ${aim}; rounds ${rounds.join(", ")})\n      ${value} ${unit}${beside}`;
    })
    .join("\n");
}
