// Every requirement has a way to be met: each rung named is possible, and for every answer that asks for the requirement
// at least one alternative stands open.

import { samePair } from "../catalogue.ts";
import type { Alternative, Question, Requirement } from "../language/bundle.ts";
import type { Rung } from "../language/words.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { type Answers, holds, questionsIn } from "../rules/evaluate.ts";
import { shapesOf } from "../shape.ts";
import type { Context, Path } from "./context.ts";

export function proveWays(context: Context): Mistake[] {
  return context.bundle.requirements.flatMap((requirement, index) => {
    const path = [...context.path, "requirements", index];
    const rungs = requirement.anyOf.flatMap((alternative, at) =>
      rungMistakes(context, alternative, [...path, "anyOf", at]),
    );
    return [...rungs, ...openMistakes(context, requirement, path)];
  });
}

function rungMistakes(context: Context, alternative: Alternative, path: Path): Mistake[] {
  const impossible = alternative.rungs.flatMap((rung, index) => {
    const why = whyImpossible(context, alternative, rung);
    return why ? [mistake([...path, "rungs", index], why[0], why[1])] : [];
  });
  if (!alternative.statement || alternative.rungs.includes("statement")) return impossible;
  return [
    ...impossible,
    mistake(
      [...path, "statement"],
      "有声明文本，却没有 statement 一级",
      "has a statement, but not the statement rung",
    ),
  ];
}

function whyImpossible(context: Context, alternative: Alternative, rung: Rung): [string, string] | undefined {
  const type = context.evidence.get(alternative.evidence)!;
  const asked = context.roles.get(alternative.ask ?? alternative.of)!;
  const kept = type.kind === "licence" || type.kind === "registration";
  switch (rung) {
    case "licence":
      return kept ? undefined : ["证照库不保存这类证据", "the licence registry keeps no such evidence"];
    case "sibling":
      return produced(context, alternative)
        ? undefined
        : ["没有事项产生它", "no item of the bundle produces it"];
    case "register":
      if (type.register === undefined)
        return ["没有部门数据源能回答它", "no department's register answers about it"];
      return asked.found === "minted"
        ? [
            "要问的人还没有身份号码，请写 ask",
            "the person asked about has no number yet; name another with `ask`",
          ]
        : undefined;
    case "statement":
      return type.kind === "statement" && alternative.statement
        ? undefined
        : [
            "声明一级须有 statement，且证据种类为 statement",
            "needs a `statement`, and evidence of the kind statement",
          ];
    case "original":
      return undefined;
  }
}

const produced = ({ used }: Context, pair: Alternative): boolean =>
  used.some(({ item }) => item.handling !== "offline" && item.produces.some((made) => samePair(made, pair)));

// ---- For every answer ------------------------------------------------------------------------------------------------

const mostCombinations = 4096;

function openMistakes(context: Context, requirement: Requirement, path: Path): Mistake[] {
  const needs = needsOf(context, requirement.id);
  const standing = context.bundle.standing.requirement === requirement.id;
  if (needs.length === 0 && !standing)
    return [mistake([...path, "id"], "没有事项需要它", "no item requires it")];
  if (requirement.anyOf.some(({ when }) => when === undefined)) return [];
  const rules = [...needs.flat(), ...requirement.anyOf.map(({ when }) => when!)];
  const names = [...new Set(rules.flatMap(questionsIn))];
  const questions = names.map((name) => context.questions.get(name)!).filter(isClosed);
  const finite = new Set(questions.map(({ id }) => id));
  const countable = (rule: string) => questionsIn(rule).every((name) => finite.has(name));
  if (questions.reduce((product, question) => product * valuesOf(question).length, 1) > mostCombinations)
    return [
      mistake(
        [...path, "anyOf"],
        "条件组合过多，请加一个没有 when 的办法",
        "too many combinations of answers: add an alternative without `when`",
      ),
    ];
  const closed = combinations(questions).find(
    (answers) =>
      (standing || needs.some((need) => need.every((rule) => !countable(rule) || holds(rule, answers)))) &&
      !requirement.anyOf.some(({ when }) => countable(when!) && holds(when, answers)),
  );
  if (!closed) return [];
  const shown = Object.entries(closed)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
  return [mistake([...path, "anyOf"], `这样回答时没有办法证明：${shown}`, `cannot be met when ${shown}`)];
}

/** For each item that requires it: the rules that must all hold for that. */
const needsOf = ({ used }: Context, id: string): string[][] =>
  used.flatMap(({ item, choice }) =>
    shapesOf(item).flatMap((shape) =>
      shape.requires
        .filter((required) => required.id === id)
        .map(({ when }) => [choice.when, when].filter((rule) => rule !== undefined)),
    ),
  );

const isClosed = ({ type }: Question): boolean => type === "boolean" || type === "choice";
const valuesOf = ({ type, choices }: Question): string[] =>
  type === "boolean" ? ["true", "false"] : choices.map(({ value }) => value);

const combinations = (questions: readonly Question[]): Answers[] =>
  questions.reduce<Answers[]>(
    (all, question) =>
      all.flatMap((answers) => valuesOf(question).map((value) => ({ ...answers, [question.id]: value }))),
    [{}],
  );
