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

type What = Pick<Figure, "name" | "unit" | "aim">;

/** Medians of the rounds; a ratio is taken within its round, where both sides met the same machine. */
export function figure(
  { name, unit, aim }: What,
  rounds: readonly Round[],
  yardstick: Omit<Yardstick, "value">,
): Figure {
  const ratios = rounds.map(({ value, over }) => value / over);
  return {
    name,
    value: round(median(rounds.map(({ value }) => value))),
    unit,
    ratio: round(median(ratios)),
    aim,
    rounds: ratios.map(round),
    yardstick: { ...yardstick, value: round(median(rounds.map(({ over }) => over))) },
  };
}

/** A figure that needs no yardstick. */
export function count({ name, unit, aim }: What, rounds: readonly number[]): Figure {
  const value = round(median(rounds));
  return { name, value, unit, ratio: value, aim, rounds: rounds.map(round), yardstick: null };
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
      const lines = [`  ${name}`, `    ${value} ${unit}`];
      if (yardstick)
        lines.push(
          `    ${ratio} × ${yardstick.value} ${yardstick.unit}: ${yardstick.name} (${yardstick.by})`,
        );
      return [...lines, `    aim ${aim}; rounds ${rounds.join(", ")}`].join("\n");
    })
    .join("\n");
}
