// Rules of supervision say whom they are about, once, and leave every item with lights that turn one after the other.
import { type Watch, watchOf } from "@onething/kernel/supervision";
import type { Catalogue } from "../catalogue.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { shapesOf } from "../shape.ts";
import { byCode, type Path } from "./context.ts";

const at: Path = ["supervision", 0];

export function proveSupervision(catalogue: Catalogue): Mistake[] {
  const { supervision, departments, items } = catalogue;
  const rules = supervision.rules.map((rule, index) => ({ rule, path: [...at, "rules", index] }));
  const codes = (key: "items" | "departments") =>
    rules.flatMap(({ rule, path }) =>
      (rule[key] ?? []).map((code, index) => ({ code, path: [...path, key, index] })),
    );
  const first = [
    ...rules.flatMap(({ rule, path }) =>
      Boolean(rule.items) === Boolean(rule.departments) ? [aboutWhom(path)] : [],
    ),
    ...named(codes("items"), byCode(items), "事项", "item"),
    ...named(codes("departments"), byCode(departments), "部门", "department"),
  ];
  return first.length > 0 ? first : turning(catalogue);
}

const aboutWhom = (path: Path) =>
  mistake(path, "规则须写明 items 或 departments 之一", "a rule names either `items` or `departments`");

type Named = { code: string; path: Path };

/** Whatever is named exists, and no other rule is about it. */
function named(
  codes: readonly Named[],
  known: ReadonlyMap<string, unknown>,
  zh: string,
  en: string,
): Mistake[] {
  return codes.flatMap(({ code, path }, index) => {
    if (!known.has(code)) return [mistake(path, `没有${zh}“${code}”`, `there is no ${en} "${code}"`)];
    if (codes.findIndex((each) => each.code === code) === index) return [];
    return [mistake(path, `${zh}“${code}”已有规则`, `there is a rule for ${en} "${code}" already`)];
  });
}

/** Told at the rule that counts last, where one does. */
function turning({ supervision, items }: Catalogue): Mistake[] {
  if (!turnInOrder(supervision)) return [order(at)];
  return supervision.rules.flatMap((rule, index) => {
    const own = items.flatMap((item) =>
      shapesOf(item)
        .filter(({ department }) => rule.items?.includes(item.code) || rule.departments?.includes(department))
        .map(({ department }) => watchOf(supervision, { item: rule.items ? item.code : "", department })),
    );
    return own.every(turnInOrder) ? [] : [order([...at, "rules", index])];
  });
}

const turnInOrder = ({ yellow, red }: Pick<Watch, "yellow" | "red">): boolean => 0 < yellow && yellow < red;

const order = (path: Path) =>
  mistake(path, "黄灯比例须大于 0 %、小于红灯比例", "yellow must be more than 0 %, and less than red");
