// Every rule parses and type-checks against what it may name where it stands: before submission the answers alone; in an
// automatic item also its form fields and its requirements (`evidence.<requirement>.<field>`).

import { fieldsShown } from "../disclosure.ts";
import type { Question } from "../language/bundle.ts";
import type { Mistake } from "../mistakes.ts";
import { checkRule } from "../rules/check.ts";
import { oneOf, type RuleType, record, type Scope, text, truth } from "../rules/types.ts";
import { type Shape, shapeOf } from "../shape.ts";
import type { Context, Path } from "./context.ts";

interface Placed {
  rule: string | undefined;
  path: Path;
  scope: Scope;
  wanted: RuleType;
}

export function proveRules(context: Context): Mistake[] {
  const answers: Scope = new Map([["answers", answersOf(context)]]);
  const rules = [...bundleRules(context, answers), ...itemRules(context, answers)];
  return rules.flatMap(({ rule, path, scope, wanted }) => {
    const found = rule === undefined ? undefined : checkRule(rule, scope, wanted);
    return found ? [{ place: { path, offset: found.offset }, text: found.text }] : [];
  });
}

function bundleRules({ bundle, path }: Context, scope: Scope): Placed[] {
  const when = (parts: readonly { when?: string | undefined }[], at: Path): Placed[] =>
    parts.map((part, index) => ({ rule: part.when, path: [...at, index, "when"], scope, wanted: truth }));
  return [
    ...when(bundle.items, [...path, "items"]),
    ...when(bundle.materials, [...path, "materials"]),
    ...when(bundle.form, [...path, "form"]),
    ...bundle.form.flatMap(({ prefill = [] }, index) => when(prefill, [...path, "form", index, "prefill"])),
    ...bundle.requirements.flatMap(({ anyOf }, index) =>
      when(anyOf, [...path, "requirements", index, "anyOf"]),
    ),
    ...bundle.eligibility.map(({ rule }, index) => ({
      rule,
      path: [...path, "eligibility", index, "rule"],
      scope,
      wanted: truth,
    })),
  ];
}

const itemRules = (context: Context, answers: Scope): Placed[] =>
  context.used.flatMap(({ item, path }) => [
    ...shapeRules(context, shapeOf(item, undefined), path, answers),
    ...item.variants.flatMap((variant, index): Placed[] => {
      const at = [...path, "variants", index];
      const when = { rule: variant.when, path: [...at, "when"], scope: answers, wanted: truth };
      return [when, ...shapeRules(context, shapeOf(item, variant), at, answers)];
    }),
  ]);

function shapeRules(context: Context, shape: Shape, path: Path, answers: Scope): Placed[] {
  const scope: Scope = new Map([
    ...answers,
    ["form", formOf(context, shape)],
    ["evidence", evidenceOf(context, shape)],
  ]);
  return [
    ...shape.requires.map(({ when }, index) => ({
      rule: when,
      path: [...path, "requires", index, "when"],
      scope: answers,
      wanted: truth,
    })),
    ...shape.conditions.map(({ rule }, index) => ({
      rule,
      path: [...path, "conditions", index, "rule"],
      scope,
      wanted: truth,
    })),
    ...Object.entries(shape.automaticResult).map(([field, rule]) => ({
      rule,
      path: [...path, "automaticResult", field],
      scope,
      wanted: text,
    })),
  ];
}

const typeOfValue = ({ type, choices }: { type: string; choices: readonly string[] }): RuleType =>
  type === "boolean" ? oneOf(["true", "false"]) : oneOf(type === "choice" ? choices : []);

const answersOf = ({ bundle }: Context): RuleType =>
  record(
    "answers",
    bundle.questions.map(({ id, type, choices }: Question) => [
      id,
      typeOfValue({ type, choices: choices.map(({ value }) => value) }),
    ]),
  );

const formOf = ({ form }: Context, shape: Shape): RuleType =>
  record(
    "form",
    shape.form.map((name) => [name, typeOfValue(form.get(name)!)] as const),
  );

/** What the item is shown; of a requirement with alternatives: of the fields that all of them have. */
function evidenceOf({ requirements, evidence }: Context, shape: Shape): RuleType {
  const shown = fieldsShown(shape.requires);
  return record(
    "evidence",
    shape.requires.map(({ id }) => {
      const [first = [], ...others] = requirements
        .get(id)!
        .anyOf.map((asked) => evidence.get(asked.evidence)!.fields);
      const shared = first.filter(({ name }) =>
        others.every((fields) => fields.some((field) => field.name === name)),
      );
      const isShown = ({ name }: { name: string }) => shown[id]?.names.includes(name) ?? false;
      const fields = shared.filter(isShown).map((field) => [field.name, typeOfValue(field)] as const);
      const unlisted = shared.filter((field) => !isShown(field)).map(({ name }) => name);
      return [id, record(`evidence.${id}`, fields, unlisted)] as const;
    }),
  );
}
