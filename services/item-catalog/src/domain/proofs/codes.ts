// Codes have the shape their standard gives them, check characters included; no code names two things.
import { isUscc } from "@onething/kernel/identity";
import type { Catalogue } from "../catalogue.ts";
import type { Evidence } from "../language/city.ts";
import type { Item } from "../language/item.ts";
import type { Limit } from "../language/words.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { shapeOf } from "../shape.ts";
import { byCode, type Path } from "./context.ts";

const handlingCode = /^[0-9A-Z]{18}[1-7]\d{9}[0-9A-Z]{3}\d{2}$/;

export function proveCodes(catalogue: Catalogue): Mistake[] {
  const { departments, evidence, items, bundles } = catalogue;
  return [
    ...departments.flatMap(({ uscc }, index) => usccMistakes(uscc, ["departments", index, "uscc"])),
    ...evidence.flatMap((type, index) => typeCodeMistakes(type, ["evidence", index])),
    ...items.flatMap((item, index) => itemMistakes(catalogue, item, ["items", index])),
    ...twice(departments, "code", ["departments"]),
    ...sameMark(departments),
    ...twice(evidence, "code", ["evidence"]),
    ...twice(items, "code", ["items"]),
    ...twice(bundles, "code", ["bundles"]),
    ...evidence.flatMap(({ fields }, index) => twice(fields, "name", ["evidence", index, "fields"])),
    ...bundles.flatMap((bundle, index) => [
      ...twice(bundle.roles, "code", ["bundles", index, "roles"]),
      ...twice(bundle.questions, "id", ["bundles", index, "questions"]),
      ...twice(bundle.requirements, "id", ["bundles", index, "requirements"]),
      ...twice(bundle.form, "name", ["bundles", index, "form"]),
      ...twice(bundle.items, "item", ["bundles", index, "items"]),
    ]),
  ];
}

function twice<K extends string>(parts: readonly Record<K, string>[], key: K, path: Path): Mistake[] {
  const seen = new Set<string>();
  return parts.flatMap((part, index) => {
    const name = part[key];
    const again = seen.has(name);
    seen.add(name);
    return again ? [mistake([...path, index, key], `“${name}”重复`, `"${name}" is named twice`)] : [];
  });
}

/** Two departments would give their papers the same numbers. */
function sameMark(departments: Catalogue["departments"]): Mistake[] {
  const marks = departments.map(({ mark }) => mark);
  return departments.flatMap(({ mark }, index) =>
    mark !== undefined && marks.indexOf(mark) < index
      ? [mistake(["departments", index, "mark"], `“${mark}”重复`, `"${mark}" is named twice`)]
      : [],
  );
}

const usccMistakes = (code: string, path: Path): Mistake[] =>
  isUscc(code)
    ? []
    : [
        mistake(
          path,
          `统一社会信用代码“${code}”校验不通过`,
          `"${code}" is not a social credit code (GB 32100): its check character does not fit`,
        ),
      ];

function typeCodeMistakes({ kind, typeCode }: Evidence, path: Path): Mistake[] {
  if (kind !== "licence")
    return typeCode === undefined
      ? []
      : [mistake([...path, "typeCode"], "只有证照有类型代码", "only a licence has a type code")];
  if (typeCode === undefined)
    return [mistake(path, "证照须有类型代码 typeCode", "a licence needs a typeCode")];
  if (/^.{18}\d{3}$/.test(typeCode) && isUscc(typeCode.slice(0, 18))) return [];
  const [zh, en] = [
    "证照类型代码应为 18 位统一社会信用代码加 3 位序号",
    "a type code is a valid social credit code and three digits (21 characters)",
  ];
  return [mistake([...path, "typeCode"], zh, en)];
}

function itemMistakes(catalogue: Catalogue, item: Item, path: Path): Mistake[] {
  const departments = byCode(catalogue.departments);
  const parts = [
    { part: item, shape: shapeOf(item, undefined), at: path },
    ...item.variants.map((part, index) => ({
      part,
      shape: shapeOf(item, part),
      at: [...path, "variants", index],
    })),
  ];
  return [
    ...twice(item.variants, "code", [...path, "variants"]),
    ...parts.flatMap(({ part, shape, at }) => [
      ...(part.handlingCode || part.department
        ? handlingMistakes(shape.handlingCode, departments.get(shape.department)?.uscc, at)
        : []),
      ...(part.legal || part.promised ? limitMistakes(shape, at) : []),
    ]),
  ];
}

function handlingMistakes(code: string, body: string | undefined, path: Path): Mistake[] {
  const place = [...path, "handlingCode"];
  if (!handlingCode.test(code) || !isUscc(code.slice(0, 18)))
    return [
      mistake(
        place,
        "业务办理项编码应为 33 位：实施主体 18、层级 1、基本编码 12、序号 2",
        "a handling code has 33 characters: body 18, level 1, basic code 12, serial 2 (GB/T 39554.1)",
      ),
    ];
  if (body === undefined || !isUscc(body) || code.startsWith(body)) return [];
  return [
    mistake(
      place,
      "业务办理项编码的实施主体不是本事项的部门",
      "the body in the handling code is not the item's department",
    ),
  ];
}

/** Days that a unit is worth when limits of different units are compared. */
const days = { hour: 1 / 24, day: 1, workingDay: 7 / 5, month: 30 };

function limitMistakes(
  { legal, promised }: { legal?: Limit | undefined; promised: Limit },
  path: Path,
): Mistake[] {
  if (!legal || legal.n * days[legal.unit] >= promised.n * days[promised.unit]) return [];
  return [
    mistake([...path, "promised"], "承诺时限长于法定时限", "the promised limit is longer than the legal one"),
  ];
}
