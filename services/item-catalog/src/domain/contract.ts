// The catalogue's parts as the contracts carry them.
import type * as proto from "@onething/contracts/catalog/v1/catalog";
import type * as guides from "@onething/contracts/catalog/v1/guide";
import type * as common from "@onething/contracts/common/v1/common";
import type { Publication, Version } from "./catalogue.ts";
import type { Alternative, Bundle, Material, Question, Role } from "./language/bundle.ts";
import type { Department, Evidence } from "./language/city.ts";
import type { Field, Limit, Pair, Prefill, Rung } from "./language/words.ts";

export const pair = ({ evidence, of, to }: Pair): common.Pair => ({ evidence, role: of, to: to ?? "" });

export const limit = ({ n, unit, from }: Limit): common.Limit => ({ n, unit, from });

export const field = ({
  name,
  label,
  type,
  required,
  choices,
  identifies = false,
}: Omit<Field, "identifies"> & { identifies?: boolean }): common.Field => ({
  name,
  label,
  type,
  required,
  choices: [...choices],
  identifies,
});

export function department(
  { departments }: Pick<Publication, "departments">,
  code: string,
): common.Department {
  const { name, uscc } = departments.find((each) => each.code === code)!;
  return { code, name, uscc };
}

/** What the city does not say stays empty. */
export function letterhead({ departments }: Publication, code: string): common.Letterhead {
  const { mark = "", contact, remedies } = departments.find((each) => each.code === code)!;
  return {
    mark,
    office: contact?.office,
    phone: contact?.phone ?? "",
    reconsideration: remedies?.reconsideration,
    court: remedies?.court,
  };
}

export const evidence = (
  { departments }: Pick<Publication, "departments">,
  type: Evidence,
): proto.EvidenceType => ({
  code: type.code,
  name: type.name,
  kind: type.kind,
  typeCode: type.typeCode ?? "",
  verified: type.verified,
  fields: type.fields.map(field),
  register: type.register ?? "",
  registerName: registerName(departments.find(({ code }) => code === type.register)),
  validMonths: type.validMonths,
});

const registerName = (keeper: Department | undefined): common.Text | undefined =>
  keeper && (keeper.register ?? keeper.name);

/** What the registry keeps is looked for there, the rest in its register. */
const usualRungs = (type: Evidence | undefined): Rung[] =>
  type?.kind === "record" ? ["register"] : ["licence"];

export function prefill(
  { evidence: types }: Publication,
  known: Omit<Prefill, "when"> | undefined,
): proto.Prefill | undefined {
  if (!known) return undefined;
  const type = types.find(({ code }) => code === known.evidence);
  return {
    pair: pair(known),
    field: known.field ?? "",
    rungs: [...(known.rungs ?? usualRungs(type))],
    ask: known.ask ?? "",
  };
}

export const question = (content: Publication, asked: Question): proto.Question => ({
  id: asked.id,
  text: asked.text,
  why: asked.why,
  type: asked.type,
  choices: asked.choices.map(({ value, label }) => ({ value, label })),
  required: asked.required,
  prefill: prefill(content, asked.prefill),
});

export const role = (part: Role): proto.Role => ({
  code: part.code,
  name: part.name,
  found: part.found,
  min: part.min,
  max: part.max,
  foundIn: part.foundIn && pair(part.foundIn),
  foundField: part.foundIn?.field ?? "",
  ...("law" in part.ground
    ? { ground: "law", consentBy: "", law: part.ground.law }
    : { ground: "consent", consentBy: part.ground.consentBy, law: undefined }),
  follows: part.follows,
});

export const alternative = (requirement: string, way: Alternative): proto.Alternative => ({
  pair: pair(way),
  rungs: [...way.rungs],
  ask: way.ask ?? "",
  matches: way.matches.map((match) => ({ field: match.field, role: match.role })),
  statement: way.statement && {
    id: way.statement.id ?? requirement,
    by: way.statement.by,
    text: way.statement.text,
  },
});

export const material = ({ name, code, way, sparedBy }: Material, items: string[]): guides.Material => ({
  name,
  code,
  items,
  way,
  sparedBy: [...sparedBy],
});

export const summary = ({ code, version, content }: Version): guides.BundleSummary => ({
  code,
  version,
  name: content.bundle.name,
  summary: content.bundle.summary,
  lead: department(content, content.bundle.lead),
  promised: limit(content.bundle.promised),
});

export const guide = ({ guide: printed }: Bundle): guides.Guide | undefined =>
  printed && { conditions: [...printed.conditions], before: printed.before, after: printed.after };
