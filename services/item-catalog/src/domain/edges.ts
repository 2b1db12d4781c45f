// Who waits for whom. A hard edge: one item produces a pair that another requires and may prove by a sibling. A soft edge
// is declared. An offline item makes no hard edge: nobody grants it here.
import { samePair } from "./catalogue.ts";
import type { Alternative } from "./language/bundle.ts";
import type { Pair } from "./language/words.ts";

export interface Node {
  code: string;
  offline: boolean;
  produces: readonly Pair[];
  requires: readonly Pick<Alternative, "evidence" | "of" | "to" | "rungs">[];
  after: readonly string[];
}

export interface Edge {
  from: string;
  to: string;
  soft: boolean;
  pair?: Pair;
}

/** Edges between the nodes given, in their order; of two items a hard edge outweighs a soft one. */
export function edgesOf(nodes: readonly Node[]): Edge[] {
  return nodes.flatMap((to) => {
    const hard = nodes.flatMap((from) => hardEdges(from, to));
    const soft = nodes
      .filter((from) => to.after.includes(from.code) && !hard.some((edge) => edge.from === from.code))
      .map((from) => ({ from: from.code, to: to.code, soft: true }));
    return [...hard, ...soft];
  });
}

function hardEdges(from: Node, to: Node): Edge[] {
  if (from.offline) return [];
  return from.produces
    .filter((pair) => to.requires.some((asked) => asked.rungs.includes("sibling") && samePair(asked, pair)))
    .map((pair) => ({ from: from.code, to: to.code, soft: false, pair }));
}

/** One cycle, if there is any: its items in order, the first again at the end. */
export function cycleIn(edges: readonly Pick<Edge, "from" | "to">[]): string[] | undefined {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const done = new Set<string>();
  const visit = (code: string, path: readonly string[]): string[] | undefined => {
    const seen = path.indexOf(code);
    if (seen >= 0) return [...path.slice(seen), code];
    if (done.has(code)) return undefined;
    for (const edge of next.get(code) ?? []) {
      const found = visit(edge.to, [...path, code]);
      if (found) return found;
    }
    done.add(code);
    return undefined;
  };
  for (const code of next.keys()) {
    const found = visit(code, []);
    if (found) return found;
  }
  return undefined;
}
