// The rungs of the evidence ladder, each a pure function: what was looked at, and whether that settles the question.
import type { Alternative, EvidenceType, Match } from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Subject } from "@onething/contracts/common/v1/common";
import type { Licence } from "@onething/contracts/licence/v1/licence";
import type { Candidate, Proof } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import { type Ask, askKey, evidenceType, type Facts, type Inquiry, peopleOf } from "./facts.ts";
import * as words from "./words.ts";

/** May this alternative prove the requirement of this item for this person? */
export interface Question {
  item: string;
  requirement: string;
  alternative: Alternative;
  pair: Pair;
  person: Subject;
  /** For evidence between two people: the other side's people. */
  to: readonly Subject[];
}

/** What a person can do about it; the one with the lowest cost is the shortest fix. */
export interface Fix {
  cost: number;
  text: Text;
}

export interface Outcome {
  rule: string;
  state: "proved" | "waiting" | "unavailable" | "ambiguous";
  why: Text;
  fix?: Fix;
  proof?: Proof;
  /** Fields of the evidence in clear; the verb seals them. */
  fields?: Record<string, string>;
  waitsFor?: string[];
}

export interface Step {
  candidates: Candidate[];
  outcome?: Outcome;
  /** Something of the kind was found, but does not serve. */
  unusable?: boolean;
}

export type Rung = (question: Question, inquiry: Inquiry, facts: Facts) => Step;

const candidate = (source: string, matched: boolean, why: Text): Candidate => ({ source, matched, why });
const proofOf = (proof: Partial<Proof>): Proof => ({
  kind: "",
  reference: "",
  version: "",
  source: undefined,
  at: undefined,
  sealedFields: "",
  ...proof,
});

export const nameOf = (question: Question, inquiry: Inquiry): Text =>
  words.evidenceName(evidenceType(inquiry, question.pair.evidence), question.pair.evidence);

const isRefused = (question: Question, inquiry: Inquiry): boolean =>
  inquiry.refused.includes(question.requirement);

// Licence held -------------------------------------------------------------------------------------------------------

export const licenceRung: Rung = (question, inquiry, facts) => {
  if (isRefused(question, inquiry)) return { candidates: [] };
  const name = nameOf(question, inquiry);
  const looked = licencesFor(question, facts).map((it) => ({
    it,
    flaw: licenceFlaw(it, question, inquiry, facts),
  }));
  const good = looked.filter((each) => !each.flaw).map((each) => each.it);
  const distinct = new Set(good.map((it) => it.identifier));
  const candidates = looked.map(({ it, flaw }) =>
    candidate(it.identifier, !flaw && distinct.size === 1, flaw ?? words.licence.valid(it, distinct.size)),
  );
  const [chosen] = good;
  if (!chosen) return { candidates, unusable: looked.length > 0 };
  if (distinct.size > 1) {
    const fix = { cost: 1, text: words.licence.sayWhich([...distinct]) };
    return {
      candidates,
      outcome: { rule: "ask", state: "ambiguous", why: words.licence.several(name, distinct.size), fix },
    };
  }
  const proof = proofOf({
    kind: chosen.kind,
    reference: chosen.identifier,
    version: String(chosen.version),
    source: chosen.issuer?.name,
    at: chosen.issuedAt,
  });
  const fields = schemaFields(evidenceType(inquiry, question.pair.evidence), chosen.fields);
  return {
    candidates,
    outcome: { rule: "licence", state: "proved", why: words.licence.held(name, chosen), proof, fields },
  };
};

/** In an order of their own, so that the order in which they were found means nothing. */
function licencesFor(question: Question, facts: Facts): Licence[] {
  const { pair, person, to } = question;
  const other = pair.to === "" ? undefined : to[0]?.personId;
  return facts.licences
    .filter((it) => it.evidence === pair.evidence && it.holderId === person.personId)
    .filter((it) => other === undefined || it.toHolderId === other)
    .sort((a, b) =>
      a.identifier === b.identifier ? b.version - a.version : a.identifier < b.identifier ? -1 : 1,
    );
}

function licenceFlaw(it: Licence, question: Question, inquiry: Inquiry, facts: Facts): Text | undefined {
  const newer = facts.licences.some((each) => each.identifier === it.identifier && each.version > it.version);
  if (newer) return words.licence.older();
  if (it.status !== "valid") return words.licence.status(it.status);
  if (it.validUntil !== "" && it.validUntil < facts.today) return words.licence.ended(it.validUntil);
  return mismatch(it.fields, question, inquiry, facts);
}

function schemaFields(
  type: EvidenceType | undefined,
  fields: Record<string, string>,
): Record<string, string> {
  const wanted = type?.fields.map((field) => field.name) ?? [];
  return Object.fromEntries(
    wanted.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
}

/** Why the evidence does not name the people of this case that it must name. */
function mismatch(
  fields: Record<string, string>,
  question: Question,
  inquiry: Inquiry,
  facts: Facts,
): Text | undefined {
  for (const match of question.alternative.matches) {
    const people = matchPeople(match, question, inquiry);
    const value = fields[match.field] ?? "";
    const label = evidenceType(inquiry, question.pair.evidence)?.fields.find(
      (each) => each.name === match.field,
    )?.label;
    const shown = label ?? { zh: match.field, en: match.field };
    if (people.length === 0) return words.match.nobody(shown);
    const names = people.some((one) => value === one.personId || value === facts.numbers.get(one.personId));
    if (!names) return words.match.other(shown);
  }
  return undefined;
}

/** The person asked about, if the field is to name that role; else anybody of the role. */
export const matchPeople = (match: Match, question: Question, inquiry: Inquiry): Subject[] =>
  match.role === question.pair.role ? [question.person] : peopleOf(inquiry.subjects, match.role);

// Produced by a sibling item -----------------------------------------------------------------------------------------

export const siblingRung: Rung = (question, inquiry) => {
  const { pair, item } = question;
  const items = [
    ...new Set(
      inquiry.siblings
        .filter(({ pair: made, item: maker }) => maker !== item && made?.evidence === pair.evidence)
        .filter(({ pair: made }) => made?.role === pair.role && made.to === pair.to)
        .map((each) => each.item),
    ),
  ].sort();
  if (items.length === 0) return { candidates: [] };
  const why = words.sibling.waits(nameOf(question, inquiry), items);
  return {
    candidates: items.map((each) => candidate(each, true, words.sibling.produces())),
    outcome: { rule: "sibling", state: "waiting", why, waitsFor: items },
  };
};

// A department's register --------------------------------------------------------------------------------------------

/** The question to put to a register; `who` when there is nobody, or no single one, to ask about. */
export function askOf(question: Question, inquiry: Inquiry): Ask | "who" | undefined {
  const { pair, person, to, alternative } = question;
  const register = evidenceType(inquiry, pair.evidence)?.register ?? "";
  if (register === "" || isRefused(question, inquiry)) return undefined;
  const other = pair.to === "" ? "" : (to[0]?.personId ?? "");
  const asked = alternative.ask === "" ? pair.role : alternative.ask;
  const about = { register, evidence: pair.evidence };
  if (asked === pair.role) return { ...about, about: person.personId, to: other };
  // Asked about the other side, the register is told this person as the other one.
  if (asked === pair.to) return other === "" ? "who" : { ...about, about: other, to: person.personId };
  const people = peopleOf(inquiry.subjects, asked);
  return people.length === 1 && people[0] ? { ...about, about: people[0].personId, to: other } : "who";
}

export const registerRung: Rung = (question, inquiry, facts) => {
  const ask = askOf(question, inquiry);
  const type = evidenceType(inquiry, question.pair.evidence);
  const code = type?.register ?? "";
  if (!ask) return { candidates: [] };
  if (ask === "who") return { candidates: [candidate(code, false, words.register.noOne())] };
  const answer = facts.answers.get(askKey(ask));
  if (!answer) {
    const known = (id: string) => id === "" || facts.numbers.has(id);
    const unasked = known(ask.about) && known(ask.to);
    return { candidates: unasked ? [] : [candidate(code, false, words.register.noNumber())] };
  }
  const source = type?.registerName ?? words.register.name(code);
  const name = nameOf(question, inquiry);
  if (answer.kind === "absent") return { candidates: [candidate(code, false, words.register.absent())] };
  if (answer.kind !== "found") {
    const why = words.register[answer.why]();
    return {
      candidates: [candidate(code, false, why)],
      outcome: {
        rule: "register",
        state: "unavailable",
        why: words.register.waiting(name, source, why),
        fix: { cost: 0, text: words.register.again() },
      },
    };
  }
  const flaw = mismatch(answer.fields, question, inquiry, facts);
  if (flaw) return { candidates: [candidate(code, false, flaw)], unusable: true };
  const proof = proofOf({ kind: "register", reference: answer.reference, source, at: answer.asOf });
  return {
    candidates: [candidate(code, true, words.register.confirms())],
    outcome: {
      rule: "register",
      state: "proved",
      why: words.register.proved(name, source),
      proof,
      fields: answer.fields,
    },
  };
};

// What people say and show -------------------------------------------------------------------------------------------

export const statementRung: Rung = (question, inquiry, facts) => {
  const id = question.alternative.statement?.id;
  if (!id) return { candidates: [] };
  const made = inquiry.statementsMade.includes(id);
  const candidates = [candidate(id, made, made ? words.statement.made() : words.statement.notMade())];
  if (!made) return { candidates };
  const proof = proofOf({ kind: "statement", reference: id, at: facts.at });
  const why = words.statement.proved(nameOf(question, inquiry));
  return { candidates, outcome: { rule: "statement", state: "proved", why, proof } };
};

export const originalRung: Rung = (question, inquiry, facts) => {
  const seen = inquiry.originalsSeen.includes(question.requirement);
  const candidates = [
    candidate(question.requirement, seen, seen ? words.original.seen() : words.original.notSeen()),
  ];
  if (!seen) return { candidates };
  const proof = proofOf({ kind: "original", reference: question.requirement, at: facts.at });
  const why = words.original.proved(nameOf(question, inquiry));
  return { candidates, outcome: { rule: "original", state: "proved", why, proof } };
};
