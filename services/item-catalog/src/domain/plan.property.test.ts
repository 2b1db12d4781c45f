import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import { OnethingError } from "@onething/kernel/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleCity, versionOf } from "../sample-city.fixture.ts";
import { small } from "../small-city.fixture.ts";
import type { Version } from "./catalogue.ts";
import { cycleIn } from "./edges.ts";
import { planOf } from "./plan.ts";

const versions = [
  versionOf(sampleCity, "birth"),
  versionOf(sampleCity, "after-death"),
  versionOf(sampleCity, "restaurant"),
  versionOf(small().catalogue, "small"),
];

/** Any right answer to every question, some of them left to their default. */
const answersOf = ({ content }: Version) =>
  fc.record(
    Object.fromEntries(
      content.bundle.questions.map(({ id, type, choices }) => [
        id,
        fc.constantFrom(...(type === "boolean" ? ["true", "false"] : choices.map(({ value }) => value))),
      ]),
    ),
    { requiredKeys: content.bundle.questions.filter(({ required }) => required).map(({ id }) => id) },
  );

/** The plan, or undefined where these answers make the bundle unavailable. */
function planned(version: Version, answers: Record<string, string>): Plan | undefined {
  try {
    return planOf(version, answers);
  } catch (error) {
    if (error instanceof OnethingError && error.reason === "catalog.not_eligible") return undefined;
    throw error;
  }
}

describe.each(versions.map((version) => [version.code, version] as const))(
  "whatever is answered in %s",
  (_, version) => {
    const forAll = (check: (plan: Plan, answers: Record<string, string>) => void) =>
      fc.assert(
        fc.property(answersOf(version), (answers) => {
          const plan = planned(version, answers);
          if (plan) check(plan, answers);
        }),
      );

    test("the same answers give the same plan, in whatever order they come", () =>
      forAll((plan, answers) => {
        const turned = Object.fromEntries(Object.entries(answers).reverse());
        expect(JSON.stringify(planOf(version, turned))).toBe(JSON.stringify(plan));
        expect(planOf(version, plan.answers)).toEqual(plan);
      }));

    test("every item is in the plan or left out, and each says why", () =>
      forAll((plan) => {
        const all = [...plan.items, ...plan.leftOut];
        expect(all.map(({ code }) => code).sort()).toEqual(
          version.content.bundle.items.map(({ item }) => item).sort(),
        );
        for (const { why } of all) expect(why?.zh && why.en).toBeTruthy();
      }));

    test("every hard edge's pair is produced by the one and required by the other; no edge leaves the plan", () =>
      forAll(({ items, requirements, edges }) => {
        for (const { from, to, soft, pair } of edges) {
          const [giver, waiter] = [
            items.find(({ code }) => code === from)!,
            items.find(({ code }) => code === to)!,
          ];
          if (soft) expect(waiter.after).toContain(from);
          else {
            expect(giver.produces.map((product) => product.pair)).toContainEqual(pair);
            const asked = requirements.filter(({ id }) => waiter.requirements.includes(id));
            expect(asked.flatMap(({ alternatives }) => alternatives.map((way) => way.pair))).toContainEqual(
              pair,
            );
          }
        }
      }));

    test("the graph has no cycle", () => forAll(({ edges }) => expect(cycleIn(edges)).toBeUndefined()));

    test("every requirement has a way to be met, and items and requirements name each other", () =>
      forAll(({ items, requirements }) => {
        for (const { alternatives } of requirements) expect(alternatives.length).toBeGreaterThan(0);
        for (const item of items)
          expect(
            requirements
              .filter(({ items: named }) => named.includes(item.code))
              .map(({ id }) => id)
              .sort(),
          ).toEqual([...item.requirements].sort());
      }));

    test("each field is asked once and only if an item needs it", () =>
      forAll(({ items, form }) => {
        const names = form.map(({ field }) => field!.name);
        expect(new Set(names).size).toBe(names.length);
        expect(new Set(names)).toEqual(new Set(items.flatMap(({ formFields }) => formFields)));
      }));

    test("every evidence type that is named is described", () =>
      forAll(({ items, requirements, evidence }) => {
        const known = new Set(evidence.map(({ code }) => code));
        for (const { alternatives } of requirements)
          for (const { pair } of alternatives) expect(known).toContain(pair!.evidence);
        for (const { produces, ends } of items)
          for (const pair of [...produces.map((product) => product.pair!), ...ends])
            expect(known).toContain(pair.evidence);
      }));
  },
);

test("answers of any kind give a plan or a refusal with a problem for each, never an accident", () =>
  fc.assert(
    fc.property(fc.constantFrom(...versions), fc.dictionary(fc.string(), fc.string()), (version, answers) => {
      try {
        planOf(version, answers);
      } catch (error) {
        expect(error).toBeInstanceOf(OnethingError);
        expect((error as OnethingError).fields.length).toBeGreaterThan(0);
      }
    }),
  ));
