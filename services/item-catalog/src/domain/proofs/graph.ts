// The graph of a bundle has no cycle, whatever is answered: conditions are left out of account.
import { cycleIn, edgesOf, type Node } from "../edges.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { shapesOf } from "../shape.ts";
import type { Context, Path, Used } from "./context.ts";

export const nodesOf = ({ used, requirements }: Context): Node[] =>
  used.map(({ item, choice }) => ({
    code: item.code,
    offline: item.handling === "offline",
    produces: item.produces,
    requires: shapesOf(item).flatMap((shape) =>
      shape.requires.flatMap(({ id }) => requirements.get(id)?.anyOf ?? []),
    ),
    after: choice.after,
  }));

export function proveGraph(context: Context): Mistake[] {
  const found = cycleIn(edgesOf(nodesOf(context)));
  if (!found) return [];
  const cycle = fromFirst(context, found);
  const shown = cycle.join(" → ");
  const [from, to] = cycle.slice(-2) as [string, string];
  const place = placeOf(context, from, to);
  return [mistake(place, `事项互相等待：${shown}`, `items wait for each other in a circle: ${shown}`)];
}

/** The same cycle, told from the item that comes first in the bundle; the edge back to it is where it closes. */
function fromFirst({ used }: Context, cycle: readonly string[]): string[] {
  const ring = cycle.slice(1);
  const first = used.findIndex(({ item }) => ring.includes(item.code));
  const start = ring.indexOf(used[first]!.item.code);
  return [...ring.slice(start), ...ring.slice(0, start + 1)];
}

/** Where the edge is written: the item's `requires`, or the bundle's `after`. */
function placeOf({ used, requirements }: Context, from: string, to: string): Path {
  const waiting = used.find(({ item }) => item.code === to) as Used;
  const giving = used.find(({ item }) => item.code === from) as Used;
  const soft = waiting.choice.after.indexOf(from);
  if (soft >= 0) return [...waiting.choicePath, "after", soft];
  const made = new Set(giving.item.produces.map((pair) => pair.evidence));
  const hard = waiting.item.requires.findIndex(({ id }) =>
    requirements.get(id)?.anyOf.some((asked) => asked.rungs.includes("sibling") && made.has(asked.evidence)),
  );
  return hard >= 0 ? [...waiting.path, "requires", hard] : waiting.path;
}
