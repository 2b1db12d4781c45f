// Small things the tests of the ladder are made of: a city with two evidence types, a mother, a father, children.
import type { Alternative, EvidenceType, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import type { Licence } from "@onething/contracts/licence/v1/licence";
import { type Answer, askKey, type Facts, type Inquiry } from "./facts.ts";

export const numbers = {
  mother: "430999199208150027",
  father: "430999199003070015",
  other: "430999202601050019",
};

const text = (en: string) => ({ zh: en, en });
const field = (name: string, type = "text", required = false) => ({
  name,
  label: text(name),
  type,
  required,
  choices: [],
  identifies: false,
});

export const booklet: EvidenceType = {
  code: "booklet",
  name: { zh: "家庭登记簿", en: "Household booklet" },
  kind: "licence",
  typeCode: "",
  verified: true,
  fields: [field("number", "citizenNumber"), field("spouse", "person"), field("page")],
  register: "police",
  registerName: { zh: "公安登记库", en: "the police register" },
  validMonths: 0,
};
export const record: EvidenceType = {
  ...booklet,
  code: "record",
  name: { zh: "分娩记录", en: "Birth record" },
  kind: "record",
  fields: [field("motherNumber", "citizenNumber"), field("weight", "number")],
  register: "hospital",
  registerName: { zh: "妇幼保健院", en: "the maternity hospital" },
};

export const person = (role: string, personId = role, position = 0): Subject => ({
  role,
  personId,
  position,
});

export const alternative = (over: Partial<Alternative> = {}): Alternative => ({
  pair: { evidence: "booklet", role: "mother", to: "" },
  rungs: ["licence", "sibling", "register", "statement", "original"],
  ask: "",
  matches: [],
  statement: { id: "declared", by: "mother", text: text("I have a booklet") },
  ...over,
});

export const requirement = (...alternatives: Alternative[]): Requirement => ({
  id: "proof",
  name: text("A proof"),
  items: ["I1"],
  alternatives: alternatives.length > 0 ? alternatives : [alternative()],
});

export const inquiry = (over: Partial<Inquiry> = {}): Inquiry => ({
  requirements: [requirement()],
  evidence: [booklet, record],
  subjects: [person("mother"), person("father")],
  siblings: [],
  statementsMade: [],
  originalsSeen: [],
  refused: [],
  ...over,
});

export const licence = (over: Partial<Licence> = {}): Licence => ({
  identifier: "L1",
  evidence: "booklet",
  typeCode: "",
  typeName: undefined,
  kind: "licence",
  holderId: "mother",
  toHolderId: "",
  issuer: { code: "police", name: { zh: "公安局", en: "Police" }, uscc: "" },
  issuedAt: "2020-01-01T00:00:00.000Z",
  validUntil: "",
  status: "valid",
  version: 1,
  fields: { number: numbers.mother, page: "3", secret: "not in the schema" },
  caseId: "",
  holderName: "",
  ...over,
});

export const found = (fields: Record<string, string> = { page: "3" }): Answer => ({
  kind: "found",
  fields,
  reference: "R-7",
  asOf: "2026-11-24T00:00:00.000Z",
});

export const facts = (over: Partial<Facts> = {}): Facts => ({
  today: "2026-11-24",
  at: "2026-11-24T06:00:00.000Z",
  licences: [],
  numbers: new Map([
    ["mother", numbers.mother],
    ["father", numbers.father],
  ]),
  answers: new Map(),
  ...over,
});

export const answers = (...given: [about: string, answer: Answer][]): Map<string, Answer> =>
  new Map(
    given.map(([about, answer]) => [
      askKey({ register: "police", evidence: "booklet", about, to: "" }),
      answer,
    ]),
  );
