// A bundle that recalls what was issued when one item is refused: on a rule that it names, together with the others' withdrawal,
// and only of what can be taken back.
import { type Mistake, mistake } from "../mistakes.ts";
import { shapesOf } from "../shape.ts";
import type { Context } from "./context.ts";

export function proveRecall({ bundle, path, used }: Context): Mistake[] {
  const policy = bundle.refusalPolicy;
  const at = [...path, "refusalPolicy"];
  if (typeof policy === "string") return [];
  const { siblings, issued, basis } = policy;
  if (issued === "stays")
    return basis ? [mistake([...at, "basis"], "不收回就不需要依据", "what stays needs no basis")] : [];
  return [
    ...(basis ? [] : [mistake(at, "收回须写明依据 basis", "a recall needs its `basis`")]),
    ...(siblings === "withdraw"
      ? []
      : [
          mistake(
            [...at, "siblings"],
            "只有其余事项一并撤回（withdraw）时，才能收回已经办好的",
            "what was issued is recalled only where the others are withdrawn: `withdraw`",
          ),
        ]),
    ...used
      .filter(({ item }) => shapesOf(item).some((shape) => shape.recall !== "never" && isFinal(shape)))
      .map(({ item, path }) =>
        mistake(
          path,
          `事项“${item.code}”的批准使别的证照失效，收回不能恢复；请写明 recall: never`,
          `a grant of "${item.code}" ends other evidence, which a recall does not bring back: say \`recall: never\``,
        ),
      ),
  ];
}

const isFinal = ({ ends, produces }: ReturnType<typeof shapesOf>[number]): boolean =>
  ends.length > 0 || produces.some(({ replaces }) => replaces);
