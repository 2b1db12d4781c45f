// The evidence ladder: a requirement and what was looked up -> one receipt for each (item, requirement, person).
//
// Rungs in order: licence held -> produced by a sibling item -> department register -> signed statement -> original seen
// by a clerk -> ask. Alternatives in order: the first that is proved wins, also over an earlier one that would wait; an
// edge between items binds only where nothing is held. Nothing is picked silently among several.
import type { Alternative, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import type { Candidate, Receipt } from "@onething/contracts/verification/v1/verification";
import { type Facts, type Inquiry, peopleOf } from "./facts.ts";
import {
  type Fix,
  licenceRung,
  nameOf,
  type Outcome,
  originalRung,
  type Question,
  type Rung,
  registerRung,
  siblingRung,
  statementRung,
} from "./rungs.ts";
import * as words from "./words.ts";

export const rungNames = ["licence", "sibling", "register", "statement", "original"] as const;
type RungName = (typeof rungNames)[number];

const rungs: Record<RungName, Rung> = {
  licence: licenceRung,
  sibling: siblingRung,
  register: registerRung,
  statement: statementRung,
  original: originalRung,
};
/** What only a person can say settles a doubt; another look-up does not. */
const byHand: ReadonlySet<RungName> = new Set(["statement", "original"]);

export interface Finding {
  receipt: Receipt;
  /** Fields of the proof in clear; they leave the service sealed only. */
  fields?: Record<string, string>;
}

interface Climb extends Omit<Outcome, "state"> {
  state: Outcome["state"] | "missing";
  question: Question;
  candidates: Candidate[];
}

/** From best to worst; an ambiguity is told before a plain absence. */
const ranks: Climb["state"][] = ["proved", "waiting", "unavailable", "ambiguous", "missing"];
const rank = (climb: Climb): number => ranks.indexOf(climb.state);

export function findAll(inquiry: Inquiry, facts: Facts): Finding[] {
  return inquiry.requirements.flatMap((requirement) =>
    requirement.items.flatMap((item) => findFor(requirement, item, inquiry, facts)),
  );
}

/** Receipts of one requirement of one item: one for each person of the role that proves it, or comes closest. */
export function findFor(requirement: Requirement, item: string, inquiry: Inquiry, facts: Facts): Finding[] {
  const groups = questionGroups(requirement, item, inquiry).map((people) =>
    people.map((alternatives) => climbPerson(alternatives, inquiry, facts)),
  );
  const worst = (group: Climb[]) => Math.max(...group.map(rank));
  const [first, ...others] = groups;
  if (!first) return [];
  const best = others.reduce((chosen, group) => (worst(group) < worst(chosen) ? group : chosen), first);
  return best.map(toFinding);
}

/**
 * Alternatives that apply, by role and then by person: alternatives about the same role are weighed person by person; of
 * those about different roles ("of the mother or of the father") the first role whose people are all proved wins.
 */
export function questionGroups(requirement: Requirement, item: string, inquiry: Inquiry): Question[][][] {
  const applies = (alternative: Alternative) => {
    const pair = alternative.pair;
    return pair !== undefined && (pair.to === "" || peopleOf(inquiry.subjects, pair.to).length > 0);
  };
  const alternatives = requirement.alternatives.filter(applies);
  const roles = [...new Set(alternatives.map((each) => each.pair!.role))];
  const ask = (alternative: Alternative, person: Subject): Question => ({
    item,
    requirement: requirement.id,
    alternative,
    pair: alternative.pair!,
    person,
    to: alternative.pair!.to === "" ? [] : peopleOf(inquiry.subjects, alternative.pair!.to),
  });
  return roles
    .map((role) =>
      peopleOf(inquiry.subjects, role).map((person) =>
        alternatives.filter((each) => each.pair!.role === role).map((each) => ask(each, person)),
      ),
    )
    .filter((people) => people.length > 0);
}

/** The alternatives of one person: the first that is proved, else the one that is nearest to it. */
function climbPerson(questions: readonly Question[], inquiry: Inquiry, facts: Facts): Climb {
  const climbs: Climb[] = [];
  for (const question of questions) {
    const climb = climbLadder(question, inquiry, facts);
    climbs.push(climb);
    if (climb.state === "proved") break;
  }
  const best = climbs.reduce((chosen, climb) => (rank(climb) < rank(chosen) ? climb : chosen));
  return { ...best, candidates: climbs.flatMap((each) => each.candidates), ...shortestFix(best, climbs) };
}

function shortestFix(best: Climb, climbs: readonly Climb[]): { fix?: Fix } {
  if (best.state === "proved" || best.state === "waiting") return {};
  if (best.state === "unavailable") return best.fix ? { fix: best.fix } : {};
  const fixes = climbs.flatMap((each) => (each.fix ? [each.fix] : []));
  return fixes.length === 0 ? {} : { fix: fixes.reduce((a, b) => (b.cost < a.cost ? b : a)) };
}

function climbLadder(question: Question, inquiry: Inquiry, facts: Facts): Climb {
  const candidates: Candidate[] = [];
  if (question.to.length > 1) return { ...missing(question, inquiry, false), question, candidates };
  let hurdle: Outcome | undefined;
  let unusable = false;
  for (const name of rungNames) {
    if (!question.alternative.rungs.includes(name) || (hurdle && !byHand.has(name))) continue;
    const step = rungs[name](question, inquiry, facts);
    candidates.push(...step.candidates);
    unusable ||= step.unusable ?? false;
    const state = step.outcome?.state;
    if (step.outcome && (state === "proved" || state === "waiting"))
      return { ...step.outcome, question, candidates };
    hurdle ??= step.outcome;
  }
  return { ...(hurdle ?? missing(question, inquiry, unusable)), question, candidates };
}

function missing(
  question: Question,
  inquiry: Inquiry,
  unusable: boolean,
): Pick<Climb, "rule" | "state" | "why" | "fix"> {
  const name = nameOf(question, inquiry);
  const { rungs: allowed, statement } = question.alternative;
  const lookedUp = allowed.includes("licence") || allowed.includes("register");
  const refused = lookedUp && inquiry.refused.includes(question.requirement);
  const why = () => {
    if (question.to.length > 1) return words.missing.several(name);
    if (refused) return words.missing.refused(name);
    return unusable ? words.missing.unusable(name) : words.missing.nothing(name);
  };
  const fix = (): Fix => {
    if (refused) return { cost: 1, text: words.missing.agree(name) };
    if (allowed.includes("statement") && statement) {
      return { cost: 2, text: words.statement.make(statement.text ?? name) };
    }
    if (allowed.includes("original")) return { cost: 3, text: words.original.show(name) };
    return { cost: 4, text: words.missing.contact(name) };
  };
  return { rule: "ask", state: "missing", why: why(), fix: fix() };
}

function toFinding(climb: Climb): Finding {
  const { question, state } = climb;
  const receipt: Receipt = {
    item: question.item,
    requirement: question.requirement,
    pair: question.pair,
    personId: question.person.personId,
    position: question.person.position,
    rule: climb.rule,
    state: state === "ambiguous" ? "missing" : state,
    candidates: climb.candidates,
    why: climb.why,
    fix: climb.fix?.text,
    proof: climb.proof,
    waitsFor: climb.waitsFor ?? [],
  };
  return climb.fields ? { receipt, fields: climb.fields } : { receipt };
}
