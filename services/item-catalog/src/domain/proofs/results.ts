// What an item ends with fits the evidence it produces; an automatic item can fill in all of it by itself.
import { type Mistake, mistake } from "../mistakes.ts";
import { resultOf, type Shape, shapeOf } from "../shape.ts";
import type { Context, Path, Used } from "./context.ts";

export const proveResults = (context: Context): Mistake[] =>
  context.used.flatMap((used) => itemMistakes(context, used));

function itemMistakes(context: Context, { item, path }: Used): Mistake[] {
  const places = [path, ...item.variants.map((_, index) => [...path, "variants", index])];
  return [
    ...keptMistakes(context, item, path),
    ...clashes(context, item, path),
    ...places.flatMap((place, index) =>
      automaticMistakes(context, shapeOf(item, item.variants[index - 1]), place),
    ),
  ];
}

/** The registry can issue and cancel licences and registrations, and nothing else. */
function keptMistakes({ evidence }: Context, item: Shape, path: Path): Mistake[] {
  const check = (key: "produces" | "ends") =>
    item[key].flatMap((pair, index) =>
      ["licence", "registration"].includes(evidence.get(pair.evidence)!.kind)
        ? []
        : [
            mistake(
              [...path, key, index, "evidence"],
              "这里只能是证照或登记",
              "must be a licence or a registration here",
            ),
          ],
    );
  const nothing =
    item.skipWhenHeld && item.produces.length === 0
      ? [
          mistake(
            [...path, "skipWhenHeld"],
            "没有产出，无从跳过",
            "produces nothing that could be held already",
          ),
        ]
      : [];
  return [...(item.handling === "offline" ? [] : check("produces")), ...check("ends"), ...nothing];
}

/** Two products may share a field of the result only where it means the same. */
function clashes({ evidence }: Context, item: Shape, path: Path): Mistake[] {
  const types = new Map<string, string>();
  return item.produces.flatMap((product, index) =>
    evidence.get(product.evidence)!.fields.flatMap(({ name, type }) => {
      if (product.fields && !product.fields.includes(name)) return [];
      const before = types.get(name);
      types.set(name, type);
      return before === undefined || before === type
        ? []
        : [
            mistake(
              [...path, "produces", index],
              `字段“${name}”在两项产出中类型不同`,
              `"${name}" has another type in another product`,
            ),
          ];
    }),
  );
}

function automaticMistakes({ evidence }: Context, shape: Shape, path: Path): Mistake[] {
  const rules = Object.keys(shape.automaticResult);
  const automatic = shape.handling === "automatic";
  // What silence grants is filled in by rule as well.
  if (!automatic && !shape.silence)
    return rules.length === 0 && shape.conditions.length === 0
      ? []
      : [
          mistake(
            [...path, rules.length ? "automaticResult" : "conditions"],
            "只有自动办理或沉默视为准予的事项有条件和自动结果",
            "only an automatic item, or one that silence grants, has conditions and an automatic result",
          ),
        ];
  const result = resultOf(shape, evidence);
  const names = new Set(result.map(({ name }) => name));
  const missing = result
    .filter(({ name, required }) => required && !rules.includes(name))
    .map(({ name }) => name);
  const strange = rules.filter((name) => !names.has(name));
  return [
    ...(automatic && shape.conditions.length === 0
      ? [mistake(path, "自动办理的事项至少要有一个条件", "an automatic item needs at least one condition")]
      : []),
    ...(missing.length
      ? [
          mistake(
            [...path, "automaticResult"],
            `自动结果缺少：${missing.join("、")}`,
            `the automatic result lacks ${missing.join(", ")}`,
          ),
        ]
      : []),
    ...strange.map((name) =>
      mistake([...path, "automaticResult", name], `结果里没有“${name}”`, `the result has no "${name}"`),
    ),
  ];
}
