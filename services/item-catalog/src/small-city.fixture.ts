// For tests: the smallest city that uses every part of the language, and a way to break it at one place.
import { OnethingError } from "@onething/kernel/errors";
import { parseCity } from "./city.ts";

export const smallCity = `
city: { code: small, division: "430999", name: { zh: 小城, en: Small } }
departments:
  - { code: office, name: { zh: 局, en: Office }, uscc: "11430999006123116" }
evidence:
  - code: card
    name: { zh: 证, en: Card }
    kind: licence
    typeCode: "11430999006123116001"
    fields:
      - { name: number, label: { zh: 号, en: Number }, type: citizenNumber, required: true }
      - { name: grade, label: { zh: 级, en: Grade }, type: choice, choices: [low, high], required: true }
      - { name: issuedOn, label: { zh: 日期, en: Date }, type: date }
  - code: permit
    name: { zh: 许可, en: Permit }
    kind: registration
    fields:
      - { name: grade, label: { zh: 级, en: Grade }, type: text, required: true }
  - code: record
    name: { zh: 记录, en: Record }
    kind: record
    register: office
    fields:
      - { name: owner, label: { zh: 人, en: Owner }, type: citizenNumber, required: true }
  - { code: vow, name: { zh: 诺, en: Vow }, kind: statement }
bundles:
  - code: small
    name: { zh: 小事, en: Small thing }
    summary: { zh: 小, en: Small }
    lead: office
    promised: { n: 5, unit: workingDay, from: submitted }
    refusalPolicy: carry_on
    roles:
      - { code: owner, name: { zh: 主, en: Owner }, found: applicant, ground: { consentBy: owner } }
      - { code: baby, name: { zh: 婴, en: Baby }, found: minted, ground: { law: { zh: 法, en: Law } } }
    standing: { role: owner, requirement: ownRecord }
    questions:
      - { id: high, text: { zh: 高？, en: High? }, why: { zh: 因, en: Why }, type: boolean, required: true }
      - id: way
        text: { zh: 怎么？, en: How? }
        why: { zh: 因, en: Why }
        type: choice
        choices: [{ value: slow, label: { zh: 慢, en: Slow } }, { value: fast, label: { zh: 快, en: Fast } }]
        default: slow
    eligibility:
      - { id: notFast, rule: answers.way == "slow" || answers.high == "true", why: { zh: 不行, en: Not both } }
    requirements:
      - id: ownRecord
        name: { zh: 记录, en: Record }
        anyOf: [{ evidence: record, of: owner, rungs: [register], matches: [{ field: owner, role: owner }] }]
      - id: babyCard
        name: { zh: 证, en: Card }
        anyOf: [{ evidence: card, of: baby, rungs: [licence, sibling] }]
      - id: promise
        name: { zh: 诺, en: Vow }
        anyOf:
          - evidence: vow
            of: owner
            rungs: [statement]
            statement: { by: owner, text: { zh: 诺, en: Vow } }
            when: answers.high == "true"
          - { evidence: record, of: owner, rungs: [register], when: answers.high == "false" }
    form:
      - { name: grade, role: baby, label: { zh: 级, en: Grade }, type: choice, choices: [low, high], required: true }
    items:
      - { item: A, why: { zh: 因, en: Why } }
      - { item: B, why: { zh: 因, en: Why } }
      - { item: C, when: answers.high == "true", after: [A], why: { zh: 因, en: Why } }
    materials:
      - { name: { zh: 纸, en: Paper }, items: [A], way: evidence, sparedBy: [ownRecord] }
items:
  - code: A
    name: { zh: 甲, en: A }
    department: office
    handlingCode: "11430999006123116343202390100001"
    legal: { n: 1, unit: month }
    promised: { n: 20, unit: workingDay }
    result: { zh: 证, en: Card }
    requires: [ownRecord, promise]
    form: [grade]
    produces: [{ evidence: card, of: baby, fields: [number, grade] }]
  - code: B
    name: { zh: 乙, en: B }
    department: office
    handling: automatic
    handlingCode: "11430999006123116343202390200001"
    promised: { n: 1, unit: workingDay, from: babyCard.issuedOn }
    result: { zh: 许可, en: Permit }
    requires: [{ id: babyCard, fields: [grade, issuedOn] }]
    produces: [{ evidence: permit, of: baby }]
    conditions:
      - { id: isHigh, rule: evidence.babyCard.grade == "high", why: { zh: 高, en: High } }
    automaticResult: { grade: evidence.babyCard.grade }
  - code: C
    name: { zh: 丙, en: C }
    department: office
    handlingCode: "11430999006123116343202390300001"
    promised: { n: 1, unit: day }
    result: { zh: 无, en: None }
    requires: [ownRecord]
    ends: [{ evidence: card, of: owner }]
    variants:
      - { code: quick, when: answers.way == "fast", name: { zh: 丙快, en: C quick } }
`.replaceAll("11430999006123116", "114309990061231165");

export const small = (text = smallCity) => parseCity([{ name: "small.yaml", text }]);

const marker = "⟦";

/** Replaces one text; the marker in the replacement says where the mistake is to be reported. */
export function broken(find: string, replacement: string): { text: string; at: string } {
  const [before, ...rest] = smallCity.split(find);
  if (rest.length !== 1) throw new Error(`stands ${rest.length} times in the small city: ${find}`);
  const marked = `${before}${replacement}${rest[0]}`;
  const lines = marked.slice(0, marked.indexOf(marker)).split("\n");
  return { text: marked.replace(marker, ""), at: `small.yaml:${lines.length}:${lines.at(-1)!.length + 1}` };
}

/** The same, and the words it is to be reported with. */
export const at = (find: string, replacement: string, words: RegExp) => ({
  ...broken(find, replacement),
  words,
});

/** Line and column of the marker in a piece of the text. */
export function placeIn(text: string, piece: string): string {
  const [before = "", after = ""] = piece.split("⟦");
  const found = text.indexOf(before + after);
  if (found < 0) throw new Error(`not in the text: ${piece}`);
  const lines = text.slice(0, found + before.length).split("\n");
  return `small.yaml:${lines.length}:${lines.at(-1)!.length + 1}`;
}

/** The refusal a text meets; it fails where the text is accepted. */
export function refused(text: string): OnethingError {
  try {
    small(text);
  } catch (error) {
    if (error instanceof OnethingError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}
