// The proofs of publication. References come first: the others rely on them.
import type { Catalogue } from "./catalogue.ts";
import type { Mistake } from "./mistakes.ts";
import { proveCodes } from "./proofs/codes.ts";
import { contextsOf } from "./proofs/context.ts";
import { proveGraph } from "./proofs/graph.ts";
import { provePeople } from "./proofs/people.ts";
import { proveRecall } from "./proofs/recall.ts";
import { proveReferences } from "./proofs/references.ts";
import { proveResults } from "./proofs/results.ts";
import { proveRules } from "./proofs/rules.ts";
import { proveSupervision } from "./proofs/supervision.ts";
import { proveWays } from "./proofs/ways.ts";

/** All that is wrong with the catalogue; empty: it may be published. */
export function prove(catalogue: Catalogue): Mistake[] {
  const contexts = contextsOf(catalogue);
  const first = [
    ...proveCodes(catalogue),
    ...proveReferences(catalogue, contexts),
    ...proveSupervision(catalogue),
  ];
  if (first.length > 0) return first;
  const rules = unique(contexts.flatMap(proveRules));
  const others = contexts.flatMap((context) => [
    ...proveGraph(context),
    ...proveResults(context),
    ...provePeople(context),
    ...proveRecall(context),
  ]);
  // Whether a requirement can be met is asked of its rules, so these must be sound.
  return [...rules, ...unique(others), ...(rules.length > 0 ? [] : contexts.flatMap(proveWays))];
}

/** An item of two bundles is proved in both and reported once. */
function unique(mistakes: readonly Mistake[]): Mistake[] {
  const seen = new Set<string>();
  return mistakes.filter(({ place, text }) => {
    const key = JSON.stringify([place.path, text.en]);
    return !seen.has(key) && seen.add(key);
  });
}
