// Whatever is named exists: the first proof, on whose word the others rely.
import type { Catalogue } from "../catalogue.ts";
import type { Alternative, FormField, Question, Role } from "../language/bundle.ts";
import type { Item } from "../language/item.ts";
import type { Prefill } from "../language/words.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { byCode, type Context, type Path, type Used } from "./context.ts";

type Named = { has(name: string): boolean };

const known = (names: Named, name: string | undefined, path: Path, zh: string, en: string): Mistake[] =>
  name === undefined || names.has(name)
    ? []
    : [mistake(path, `没有${zh}“${name}”`, `there is no ${en} "${name}"`)];

export function proveReferences(catalogue: Catalogue, contexts: readonly Context[]): Mistake[] {
  const departments = byCode(catalogue.departments);
  const items = byCode(catalogue.items);
  const office = (code: string | undefined, path: Path) =>
    known(departments, code, path, "部门", "department");
  return [
    ...catalogue.evidence.flatMap(({ register }, index) => office(register, ["evidence", index, "register"])),
    ...catalogue.items.flatMap((item, index) => [
      ...office(item.department, ["items", index, "department"]),
      ...item.variants.flatMap(({ department }, at) =>
        office(department, ["items", index, "variants", at, "department"]),
      ),
    ]),
    ...contexts.flatMap((context) => [
      ...office(context.bundle.lead, [...context.path, "lead"]),
      ...context.bundle.items.flatMap(({ item }, index) =>
        known(items, item, [...context.path, "items", index, "item"], "事项", "item"),
      ),
      ...bundleReferences(context),
      ...context.used.flatMap((used) => itemReferences(context, used)),
    ]),
  ];
}

function bundleReferences(context: Context): Mistake[] {
  const { bundle, path, roles, requirements } = context;
  const within = <T>(key: string, parts: readonly T[], prove: (part: T, path: Path) => Mistake[]) =>
    parts.flatMap((part, index) => prove(part, [...path, key, index]));
  return [
    ...within("roles", bundle.roles, (role, at) => roleReferences(context, role, at)),
    ...known(roles, bundle.standing.role, [...path, "standing", "role"], "角色", "role"),
    ...known(
      requirements,
      bundle.standing.requirement,
      [...path, "standing", "requirement"],
      "证明要求",
      "requirement",
    ),
    ...within("questions", bundle.questions, (question: Question, at) =>
      question.prefill ? prefillReferences(context, question.prefill, [...at, "prefill"]) : [],
    ),
    ...within("requirements", bundle.requirements, ({ anyOf }, at) =>
      anyOf.flatMap((alternative, index) =>
        alternativeReferences(context, alternative, [...at, "anyOf", index]),
      ),
    ),
    ...within("form", bundle.form, (field: FormField, at) => [
      ...known(roles, field.role, [...at, "role"], "角色", "role"),
      ...(field.prefill ?? []).flatMap((prefill, index) =>
        prefillReferences(context, prefill, [
          ...at,
          "prefill",
          ...(field.prefill!.length > 1 ? [index] : []),
        ]),
      ),
    ]),
    ...within("items", bundle.items, ({ after }, at) => itemsNamed(context, after, [...at, "after"])),
    ...within("materials", bundle.materials, ({ items, sparedBy }, at) => [
      ...itemsNamed(context, items, [...at, "items"]),
      ...sparedBy.flatMap((id, index) =>
        known(requirements, id, [...at, "sparedBy", index], "证明要求", "requirement"),
      ),
    ]),
  ];
}

function itemsNamed({ used }: Context, codes: readonly string[], path: Path): Mistake[] {
  const items = new Set(used.map(({ item }) => item.code));
  return codes.flatMap((code, index) =>
    known(items, code, [...path, index], "本件事的事项", "item of this bundle"),
  );
}

function roleReferences(context: Context, { ground, found, foundIn }: Role, path: Path): Mistake[] {
  const consent = "consentBy" in ground ? ground.consentBy : undefined;
  const away =
    found === "evidence" && !foundIn
      ? [mistake(path, "由证据找到的人须写 foundIn", "found by evidence: say in `foundIn` where")]
      : [];
  return [
    ...known(context.roles, consent, [...path, "ground", "consentBy"], "角色", "role"),
    ...(foundIn ? prefillReferences(context, foundIn, [...path, "foundIn"]) : []),
    ...away,
  ];
}

function pairReferences(
  { evidence, roles }: Context,
  pair: { evidence: string; of: string; to?: string | undefined },
  path: Path,
): Mistake[] {
  return [
    ...known(evidence, pair.evidence, [...path, "evidence"], "证据", "evidence"),
    ...known(roles, pair.of, [...path, "of"], "角色", "role"),
    ...known(roles, pair.to, [...path, "to"], "角色", "role"),
  ];
}

function fieldReference(
  { evidence }: Context,
  code: string,
  field: string | undefined,
  path: Path,
): Mistake[] {
  const type = evidence.get(code);
  if (!type) return [];
  return known(
    new Set(type.fields.map(({ name }) => name)),
    field,
    path,
    `证据 ${code} 的字段`,
    `field of ${code}`,
  );
}

function prefillReferences(context: Context, prefill: Omit<Prefill, "when">, path: Path): Mistake[] {
  return [
    ...pairReferences(context, prefill, path),
    ...fieldReference(context, prefill.evidence, prefill.field, [...path, "field"]),
    ...known(context.roles, prefill.ask, [...path, "ask"], "角色", "role"),
  ];
}

function alternativeReferences(context: Context, alternative: Alternative, path: Path): Mistake[] {
  const { roles } = context;
  const { ask, matches, statement } = alternative;
  return [
    ...pairReferences(context, alternative, path),
    ...known(roles, ask, [...path, "ask"], "角色", "role"),
    ...known(roles, statement?.by, [...path, "statement", "by"], "角色", "role"),
    ...matches.flatMap(({ field, role }, index) => [
      ...fieldReference(context, alternative.evidence, field, [...path, "matches", index, "field"]),
      ...known(roles, role, [...path, "matches", index, "role"], "角色", "role"),
    ]),
  ];
}

/** A field is of the evidence of one alternative at least; where another one proves, it is not shown. */
function requiredReferences(
  { requirements, evidence }: Context,
  { id, fields }: Item["requires"][number],
  path: Path,
): Mistake[] {
  const asked = requirements.get(id);
  if (!asked) return known(requirements, id, path, "证明要求", "requirement");
  const types = asked.anyOf.flatMap((way) => evidence.get(way.evidence) ?? []);
  if (types.length < asked.anyOf.length) return [];
  const names = new Set(types.flatMap((type) => type.fields.map(({ name }) => name)));
  return fields.flatMap((field, index) =>
    known(names, field, [...path, "fields", index], `证明 ${id} 的字段`, `field in the evidence of ${id}`),
  );
}

function itemReferences(context: Context, { item, path }: Used): Mistake[] {
  const shapes = [
    { part: item, at: path },
    ...item.variants.map((part, index) => ({ part, at: [...path, "variants", index] })),
  ];
  const pairs = (key: "produces" | "ends") =>
    item[key].flatMap((pair, index) => pairReferences(context, pair, [...path, key, index]));
  return [
    ...shapes.flatMap(({ part, at }) => [
      ...(part.requires ?? []).flatMap((required, index) =>
        requiredReferences(context, required, [...at, "requires", index]),
      ),
      ...(part.answers ?? []).flatMap((id, index) =>
        known(context.questions, id, [...at, "answers", index], "问题", "question"),
      ),
      ...(part.form ?? []).flatMap((name, index) =>
        known(context.form, name, [...at, "form", index], "表单字段", "form field"),
      ),
    ]),
    ...pairs("produces"),
    ...pairs("ends"),
    ...item.produces.flatMap((product, index) =>
      (product.fields ?? []).flatMap((field, at) =>
        fieldReference(context, product.evidence, field, [...path, "produces", index, "fields", at]),
      ),
    ),
  ];
}
