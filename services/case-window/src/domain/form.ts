// The merged form: each field asked once; what is known is filled in, what is typed wins; each item gets only its part.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Field, Text } from "@onething/contracts/common/v1/common";
import { invalid } from "@onething/kernel/errors";
import { fieldProblem } from "@onething/kernel/fields";

export interface Prefilled {
  value: string;
  source: Text | undefined;
}

/** Every value of the form. Errors: `invalid` with one problem a field. */
export function mergeForm(
  plan: Plan,
  typed: Readonly<Record<string, string>>,
  prefilled: ReadonlyMap<string, Prefilled>,
): Record<string, string> {
  const known = new Map(plan.form.map((each) => [each.field!.name, each]));
  const strangers = Object.keys(typed)
    .filter((name) => !known.has(name))
    .map((name) => ({
      field: `form.${name}`,
      text: { zh: "表单里没有这一项", en: "The form has no such field" },
    }));
  const values: Record<string, string> = {};
  const problems = plan.form.flatMap((each) => {
    const field = each.field!;
    const value = (typed[field.name] ?? prefilled.get(field.name)?.value ?? "").trim();
    if (value !== "") values[field.name] = value;
    const text = fieldProblem(field, value);
    return text ? [{ field: `form.${field.name}`, text }] : [];
  });
  const fields = [...strangers, ...problems];
  if (fields.length > 0)
    throw invalid("form.invalid", "表单里有几处需要补充或更正", "Some fields of the form need attention", {
      fields,
    });
  return values;
}

/** The fields of the form that one item needs. */
export const fieldsFor = (plan: Plan, item: { code: string; formFields: string[] }): Field[] =>
  plan.form
    .filter((each) => each.items.includes(item.code) || item.formFields.includes(each.field!.name))
    .map((each) => each.field!);

/** The part of the form that one item needs. */
export const formOf = (
  plan: Plan,
  item: { code: string; formFields: string[] },
  values: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    fieldsFor(plan, item).flatMap(({ name }) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
