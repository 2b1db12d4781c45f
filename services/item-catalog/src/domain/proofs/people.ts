// Roles, questions, fields and dates are such that a case can be opened: one applicant who may file, an answer for every
// question, a person in every field that names one.
import { fieldProblem } from "@onething/kernel/fields";
import type { Question, Role } from "../language/bundle.ts";
import type { Field } from "../language/words.ts";
import { type Mistake, mistake } from "../mistakes.ts";
import { shapesOf } from "../shape.ts";
import type { Context, Path, Used } from "./context.ts";

export function provePeople(context: Context): Mistake[] {
  const { bundle, path } = context;
  return [
    ...standingMistakes(context),
    ...bundle.roles.flatMap((role, index) => roleMistakes(context, role, [...path, "roles", index])),
    ...bundle.questions.flatMap((question, index) =>
      questionMistakes(question, [...path, "questions", index]),
    ),
    ...bundle.form.flatMap((field, index) => choiceMistakes(field, [...path, "form", index])),
    ...personMatches(context),
    ...unusedFields(context),
    ...bundle.materials.flatMap((material, index) =>
      ["evidence", "statement"].includes(material.way) && material.sparedBy.length === 0
        ? [
            mistake(
              [...path, "materials", index],
              "须写明由什么证明替代 sparedBy",
              "say in `sparedBy` what proves it instead",
            ),
          ]
        : [],
    ),
    ...context.used.flatMap((used) => limitMistakes(context, used)),
  ];
}

function standingMistakes({ bundle, path, used }: Context): Mistake[] {
  const applicants = bundle.roles.filter(({ found }) => found === "applicant");
  const { role, requirement } = bundle.standing;
  const one = applicants.length === 1 && applicants[0]!.min === 1 && applicants[0]!.max === 1;
  const always = used.some(
    ({ item, choice }) =>
      choice.when === undefined &&
      item.variants.length === 0 &&
      item.requires.some(({ id, when }) => id === requirement && when === undefined),
  );
  return [
    ...(one
      ? []
      : [
          mistake(
            [...path, "roles"],
            "须有且只有一个申请人角色，人数为一",
            "needs exactly one role `found: applicant`, of one person",
          ),
        ]),
    ...(applicants.some(({ code }) => code === role)
      ? []
      : [
          mistake(
            [...path, "standing", "role"],
            "申请资格须属于申请人角色",
            "must be the role of the applicant",
          ),
        ]),
    ...(requirement === undefined || always
      ? []
      : [
          mistake(
            [...path, "standing", "requirement"],
            "至少一个总在办理的事项须要求它",
            "must be required by an item that is always in the case",
          ),
        ]),
  ];
}

const namesPerson = (field: Pick<Field, "type"> | undefined): boolean =>
  field?.type === "person" || field?.type === "citizenNumber";

function roleMistakes({ evidence }: Context, { min, max, foundIn }: Role, path: Path): Mistake[] {
  const field = foundIn && evidence.get(foundIn.evidence)?.fields.find(({ name }) => name === foundIn.field);
  return [
    ...(min > max
      ? [mistake([...path, "min"], "最少人数多于最多人数", "the least number of people is above the most")]
      : []),
    ...(foundIn && !namesPerson(field)
      ? [mistake([...path, "foundIn", "field"], "这个字段不指向一个人", "this field does not name a person")]
      : []),
  ];
}

function questionMistakes(question: Question, path: Path): Mistake[] {
  const { required, default: usual } = question;
  if (required === (usual !== undefined))
    return [
      mistake(path, "问题要么必答，要么有默认值 default", "a question is either required or has a default"),
    ];
  const choices = question.choices.map(({ value }) => value);
  const wrong =
    usual !== undefined && fieldProblem({ name: question.id, type: question.type, required, choices }, usual);
  return [
    ...choiceMistakes({ type: question.type, choices }, path),
    ...(wrong ? [mistake([...path, "default"], wrong.zh, wrong.en)] : []),
  ];
}

function choiceMistakes(
  { type, choices }: { type: string; choices: readonly string[] },
  path: Path,
): Mistake[] {
  if ((type === "choice") === choices.length > 0) return [];
  return [mistake(path, "选择题须有选项，其他类型不能有", "a choice needs choices, another type has none")];
}

function personMatches({ bundle, path, evidence }: Context): Mistake[] {
  return bundle.requirements.flatMap(({ anyOf }, index) =>
    anyOf.flatMap((alternative, at) =>
      alternative.matches.flatMap(({ field }, which) =>
        namesPerson(evidence.get(alternative.evidence)!.fields.find(({ name }) => name === field))
          ? []
          : [
              mistake(
                [...path, "requirements", index, "anyOf", at, "matches", which, "field"],
                "这个字段不指向一个人",
                "this field does not name a person",
              ),
            ],
      ),
    ),
  );
}

function unusedFields({ bundle, path, used }: Context): Mistake[] {
  const asked = new Set(used.flatMap(({ item }) => shapesOf(item).flatMap((shape) => shape.form)));
  return bundle.form.flatMap(({ name }, index) =>
    asked.has(name)
      ? []
      : [
          mistake(
            [...path, "form", index, "name"],
            "没有事项需要它，不应询问",
            "no item needs it, so it must not be asked",
          ),
        ],
  );
}

/** A clock starts at acceptance, at submission, or on a date that the item is shown of one of its requirements. */
function limitMistakes({ requirements, evidence }: Context, { item, path }: Used): Mistake[] {
  return (["legal", "promised"] as const).flatMap((key) => {
    const from = item[key]?.from ?? "accepted";
    if (from === "accepted" || from === "submitted") return [];
    const [id = "", name] = from.split(".");
    const types = item.requires.some((required) => required.id === id && required.fields.includes(name ?? ""))
      ? (requirements.get(id)?.anyOf ?? []).map((asked) => evidence.get(asked.evidence)!)
      : [];
    const dated = types.every(({ fields }) =>
      fields.some((field) => field.name === name && ["date", "instant"].includes(field.type)),
    );
    return types.length > 0 && dated
      ? []
      : [
          mistake(
            [...path, key, "from"],
            "应为 accepted、submitted 或本事项某项证明所列 fields 中的日期",
            "must be accepted, submitted, or `<requirement>.<field>` with a date among the `fields` listed",
          ),
        ];
  });
}
