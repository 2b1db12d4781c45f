// Rules over the answers alone: what the plan is made with. They were type-checked when the bundle was published.
import { isCelError, parse, plan } from "@bufbuild/cel";
import { environment } from "./check.ts";

export type Answers = Readonly<Record<string, string>>;

type Compiled = (bindings: { answers: Record<string, string> }) => unknown;

// A pure function of the text, kept: the same few rules are asked for every plan.
const compiled = new Map<string, Compiled>();

function compile(rule: string): Compiled {
  const known = compiled.get(rule);
  if (known) return known;
  const made = plan(environment, parse(rule)) as Compiled;
  compiled.set(rule, made);
  return made;
}

/** No rule: it holds. */
export function holds(rule: string | undefined, answers: Answers): boolean {
  if (rule === undefined) return true;
  const value = compile(rule)({ answers: { ...answers } });
  if (isCelError(value)) throw new Error(`rule cannot be evaluated: ${rule}`, { cause: value });
  return value === true;
}

/** Questions that a rule reads. */
export const questionsIn = (rule: string): string[] => [
  ...new Set(
    [...rule.matchAll(/\banswers\s*(?:\.|\[\s*["'])\s*([a-z][A-Za-z0-9]*)/g)].map((match) => match[1]!),
  ),
];
