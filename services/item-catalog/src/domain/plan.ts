// The plan of (bundle, answers): which items, what must be proved for them, one form, who may wait for whom, and why.
// Pure: the same input gives the same plan. It is frozen into the case, so it carries all that a running case needs.
import { Plan, type PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { readAnswers } from "./answers.ts";
import type { Publication, Version } from "./catalogue.ts";
import * as contract from "./contract.ts";
import { answersShown, fieldsShown } from "./disclosure.ts";
import { edgesOf } from "./edges.ts";
import type { Choice, FormField, Requirement } from "./language/bundle.ts";
import { byCode } from "./proofs/context.ts";
import { type Answers, holds } from "./rules/evaluate.ts";
import { resultOf, type Shape, shapeFor } from "./shape.ts";

/** An item that is in the plan, in the shape it takes there. */
interface Chosen {
  choice: Choice;
  shape: Shape;
  requirements: string[];
  /** Fields of the evidence that the item is shown, by requirement. */
  shown: ReturnType<typeof fieldsShown>;
  form: FormField[];
}

/** Throws `catalog.wrong_answers` or `catalog.not_eligible`. */
export function planOf({ code, version, digest, content }: Version, given: Answers): Plan {
  const { bundle } = content;
  const answers = readAnswers(bundle, given);
  const chosen = choose(content, answers);
  const plan = Plan.fromPartial({
    bundle: code,
    version,
    digest,
    name: bundle.name,
    themeCode: bundle.themeCode,
    promised: contract.limit(bundle.promised),
    ...refusalOf(bundle),
    answers,
    roles: bundle.roles.map(contract.role),
    items: chosen.map((item) => planned(content, item, chosen)),
    leftOut: leftOut(content, answers),
    requirements: merge(bundle.requirements, chosen, answers),
    form: form(content, chosen, answers),
    edges: edges(bundle.requirements, chosen, answers),
    fees: chosen.flatMap(({ shape }) => shape.fees.map((fee) => ({ item: shape.code, ...fee }))),
    materials: materials(content, chosen, answers),
    standing: { role: bundle.standing.role, requirement: bundle.standing.requirement ?? "" },
    eligibility: bundle.eligibility,
    division: content.city.division,
  });
  const named = evidenceIn(plan);
  return {
    ...plan,
    evidence: content.evidence
      .filter(({ code }) => named.has(code))
      .map((type) => contract.evidence(content, type)),
  };
}

const refusalOf = ({
  refusalPolicy: policy,
}: Publication["bundle"]): Pick<Plan, "refusalPolicy" | "recall"> =>
  typeof policy === "string"
    ? { refusalPolicy: policy, recall: undefined }
    : {
        refusalPolicy: policy.siblings,
        recall: policy.issued === "recalled" ? { basis: policy.basis } : undefined,
      };

function evidenceIn({ roles, items, requirements, form }: Plan): Set<string> {
  const pairs = [
    ...roles.map((role) => role.foundIn),
    ...items.flatMap((item) => [...item.produces.map((product) => product.pair), ...item.ends]),
    ...requirements.flatMap(({ alternatives }) => alternatives.map((way) => way.pair)),
    ...form.map((asked) => asked.prefill?.pair),
  ];
  return new Set(pairs.flatMap((pair) => pair?.evidence ?? []));
}

function choose({ bundle, items }: Publication, answers: Answers): Chosen[] {
  const all = byCode(items);
  return bundle.items
    .filter((choice) => holds(choice.when, answers))
    .map((choice) => {
      const shape = shapeFor(all.get(choice.item)!, answers);
      const requires = shape.requires.filter(({ when }) => holds(when, answers));
      return {
        choice,
        shape,
        requirements: requires.map(({ id }) => id),
        shown: fieldsShown(requires),
        form: bundle.form.filter(({ name, when }) => shape.form.includes(name) && holds(when, answers)),
      };
    });
}

function leftOut({ bundle, items }: Publication, answers: Answers): Plan["leftOut"] {
  const all = byCode(items);
  return bundle.items
    .filter((choice) => !holds(choice.when, answers))
    .map(({ item, otherwise }) => ({
      code: item,
      name: all.get(item)!.name,
      why: otherwise ?? { zh: "按您的回答不需要办理。", en: "Not needed with your answers." },
    }));
}

function planned(
  content: Publication,
  { choice, shape, requirements, shown, form }: Chosen,
  all: Chosen[],
): PlannedItem {
  const types = byCode(content.evidence);
  const together = new Set(all.map((other) => other.shape.code));
  return {
    code: shape.code,
    handlingCode: shape.handlingCode,
    name: shape.name,
    department: contract.department(content, shape.department),
    handling: shape.handling,
    legal: contract.limit(shape.legal ?? shape.promised),
    promised: contract.limit(shape.promised),
    produces: shape.produces.map((product) => ({
      pair: contract.pair(product),
      kind: types.get(product.evidence)!.kind,
      fields: product.fields ?? types.get(product.evidence)!.fields.map(({ name }) => name),
      replaces: product.replaces,
    })),
    ends: shape.ends.map(contract.pair),
    after: choice.after.filter((code) => together.has(code)),
    conditions: shape.conditions,
    formFields: form.map(({ name }) => name),
    formRoles: [...new Set(form.map(({ role }) => role))],
    answers: answersShown(shape, content.bundle.questions),
    requirements,
    evidenceFields: shown,
    result: resultOf(shape, types).map(contract.field),
    why: choice.why,
    skipWhenHeld: shape.skipWhenHeld,
    remedies: shape.remedies,
    automaticResult: shape.automaticResult,
    acceptance: shape.acceptance,
    legality: shape.legality,
    twoOfficers: shape.twoOfficers,
    procedures: shape.procedures,
    joint: shape.joint,
    silence: shape.silence,
    unanswered: shape.unanswered,
    neverRecalled: shape.recall === "never",
    delivery: shape.delivery,
    authority: shape.authority,
    choiceWords: Object.fromEntries(
      resultOf(shape, types).flatMap(({ name, words }) =>
        Object.entries(words).map(([choice, text]) => [`${name}.${choice}`, text]),
      ),
    ),
    letterhead: contract.letterhead(content, shape.department),
    basis: shape.basis,
  };
}

/** Each requirement once, with all items that name it. */
const merge = (
  requirements: readonly Requirement[],
  chosen: readonly Chosen[],
  answers: Answers,
): Plan["requirements"] =>
  requirements.flatMap(({ id, name, anyOf }) => {
    const named = chosen.filter((item) => item.requirements.includes(id));
    if (named.length === 0) return [];
    const items = named.map(({ shape }) => shape.code);
    const ways = anyOf.filter(({ when }) => holds(when, answers));
    const fields = Object.fromEntries(
      named.flatMap(({ shape, shown }) => (shown[id] ? [[shape.code, shown[id]]] : [])),
    );
    const alternatives = ways.map((way) => contract.alternative(id, way));
    return [{ id, name, items, alternatives, disclosure: { fields } }];
  });

/** Each field once, with all items that need it. */
const form = (content: Publication, chosen: readonly Chosen[], answers: Answers): Plan["form"] =>
  content.bundle.form.flatMap((asked: FormField) => {
    const items = chosen.filter((item) => item.form.includes(asked)).map(({ shape }) => shape.code);
    if (items.length === 0) return [];
    const known = asked.prefill?.find(({ when }) => holds(when, answers));
    return [
      { field: contract.field(asked), role: asked.role, items, prefill: contract.prefill(content, known) },
    ];
  });

function edges(
  requirements: readonly Requirement[],
  chosen: readonly Chosen[],
  answers: Answers,
): Plan["edges"] {
  const ways = new Map(
    requirements.map(({ id, anyOf }) => [id, anyOf.filter(({ when }) => holds(when, answers))]),
  );
  const nodes = chosen.map(({ choice, shape, requirements: ids }) => ({
    code: shape.code,
    offline: shape.handling === "offline",
    produces: shape.produces,
    requires: ids.flatMap((id) => ways.get(id) ?? []),
    after: choice.after,
  }));
  return edgesOf(nodes).map((edge) => ({ ...edge, pair: edge.pair && contract.pair(edge.pair) }));
}

/** The guide's materials that this case would have asked for on paper. */
const materials = ({ bundle }: Publication, chosen: readonly Chosen[], answers: Answers): Plan["materials"] =>
  bundle.materials.flatMap((material) => {
    const items = material.items.filter((code) => chosen.some(({ shape }) => shape.code === code));
    return items.length > 0 && holds(material.when, answers) ? [contract.material(material, items)] : [];
  });
