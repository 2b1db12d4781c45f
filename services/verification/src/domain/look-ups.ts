// What has to be looked up before the ladder can be climbed, and no more than that: who proves by a licence, or waits
// for a sibling item, is not asked about in a register.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import type { MatchQuery } from "@onething/contracts/licence/v1/licence";
import { type Ask, askKey, evidenceType, type Facts, type Inquiry } from "./facts.ts";
import { findFor, questionGroups } from "./ladder.ts";
import { askOf, licenceRung, matchPeople, type Question, siblingRung } from "./rungs.ts";

const questionsOf = (inquiry: Inquiry): Question[] =>
  inquiry.requirements.flatMap((requirement) =>
    requirement.items.flatMap((item) => questionGroups(requirement, item, inquiry).flat(2)),
  );

/** One query a person (and other side), with all types wanted of them. */
export function matchQueries(inquiry: Inquiry): MatchQuery[] {
  const queries = new Map<string, MatchQuery>();
  for (const { requirement, alternative, pair, person, to } of questionsOf(inquiry)) {
    if (!alternative.rungs.includes("licence") || inquiry.refused.includes(requirement) || to.length > 1)
      continue;
    const toPersonId = to[0]?.personId ?? "";
    const key = `${person.personId}\n${toPersonId}`;
    const query = queries.get(key) ?? { personId: person.personId, evidence: [], toPersonId };
    if (!query.evidence.includes(pair.evidence)) query.evidence.push(pair.evidence);
    queries.set(key, query);
  }
  return [...queries.values()];
}

/** The distinct questions to put to registers, given what the licence registry holds. */
export function registerAsks(inquiry: Inquiry, facts: Facts): Ask[] {
  const quiet = { ...inquiry, statementsMade: [], originalsSeen: [] };
  const unasked = { ...facts, answers: new Map() };
  const asks = new Map<string, Ask>();
  for (const requirement of inquiry.requirements) {
    for (const item of requirement.items) {
      const held = findFor(requirement, item, quiet, unasked);
      if (held.every(({ receipt }) => receipt.state === "proved")) continue;
      for (const person of questionGroups(requirement, item, quiet).flat()) {
        for (const ask of asksOf(person, quiet, unasked)) asks.set(askKey(ask), ask);
      }
    }
  }
  return [...asks.values()];
}

/** Questions about one person, unless a licence already proves one of the alternatives. */
function asksOf(alternatives: readonly Question[], inquiry: Inquiry, facts: Facts): Ask[] {
  const reached = alternatives.map((question) => {
    const { rungs } = question.alternative;
    const licence = rungs.includes("licence") ? licenceRung(question, inquiry, facts).outcome : undefined;
    const sibling = rungs.includes("sibling") ? siblingRung(question, inquiry, facts).outcome : undefined;
    return { question, held: licence?.state === "proved", settled: Boolean(licence ?? sibling) };
  });
  if (reached.some((each) => each.held)) return [];
  return reached.flatMap(({ question, settled }) => {
    if (settled || !question.alternative.rungs.includes("register") || question.to.length > 1) return [];
    const ask = askOf(question, inquiry);
    return ask && ask !== "who" ? [ask] : [];
  });
}

/**
 * People whose identity number is needed: to ask a register, or because evidence must name them by it. `facts` know no
 * numbers yet, so a licence that must name somebody by number does not count as held: at most one number too many.
 */
export function numbersNeeded(inquiry: Inquiry, facts: Facts): string[] {
  const asks = new Map(registerAsks(inquiry, facts).map((ask) => [askKey(ask), ask]));
  const isAsked = (question: Question): boolean => {
    const ask = askOf(question, inquiry);
    return (
      question.alternative.rungs.includes("register") && typeof ask === "object" && asks.has(askKey(ask))
    );
  };
  const isHeld = ({ requirement, alternative, pair, person }: Question): boolean =>
    alternative.rungs.includes("licence") &&
    !inquiry.refused.includes(requirement) &&
    facts.licences.some((it) => it.evidence === pair.evidence && it.holderId === person.personId);
  const named = questionsOf(inquiry)
    .filter((question) => isHeld(question) || isAsked(question))
    .flatMap((question) => {
      const type = evidenceType(inquiry, question.pair.evidence);
      return question.alternative.matches
        .filter((match) => namesByNumber(type, match.field))
        .flatMap((match) => matchPeople(match, question, inquiry).map((one) => one.personId));
    });
  const asked = [...asks.values()].flatMap((ask) => (ask.to === "" ? [ask.about] : [ask.about, ask.to]));
  return [...new Set([...named, ...asked])];
}

const namesByNumber = (type: EvidenceType | undefined, name: string): boolean =>
  type?.fields.find((field) => field.name === name)?.type !== "person";

/** Fields of these types name people by a number; they are handed on as person ids. */
export const personFields = (type: EvidenceType | undefined): string[] =>
  type?.fields.filter((field) => field.type === "person").map((field) => field.name) ?? [];
