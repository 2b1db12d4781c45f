import { describe, expect, test } from "vitest";
import { planOf } from "./domain/plan.ts";
import { versionOf } from "./sample-city.fixture.ts";
import { placeIn, refused, small, smallCity } from "./small-city.fixture.ts";

const basis = "basis: { zh: 规则第八条, en: Rules art. 8 }";
/** C takes a card away for good, so it is never recalled. */
const city = (policy: string, flag = "recall: never") =>
  smallCity
    .replace("refusalPolicy: carry_on", `refusalPolicy: ${policy}`)
    .replace("ends: [{ evidence: card, of: owner }]", `ends: [{ evidence: card, of: owner }]\n    ${flag}`);
const plan = (text: string) => planOf(versionOf(small(text).catalogue, "small"), { high: "true" });

test("what was issued is recalled by a rule that the plan carries with its basis, but not of an item that says never", () => {
  const { refusalPolicy, recall, items } = plan(city(`{ siblings: withdraw, issued: recalled, ${basis} }`));
  expect(refusalPolicy).toBe("withdraw");
  expect(recall).toEqual({ basis: { zh: "规则第八条", en: "Rules art. 8" } });
  expect(items.map(({ code, neverRecalled }) => [code, neverRecalled])).toEqual([
    ["A", false],
    ["B", false],
    ["C", true],
  ]);
});

test("it stays where a word, or the policy, says no more", () => {
  for (const policy of ["withdraw", "{ siblings: withdraw }", "{ siblings: withdraw, issued: stays }"])
    expect(plan(city(policy))).toMatchObject({ refusalPolicy: "withdraw", recall: undefined });
  // A word is the same catalogue as before the longer form was there, and no new version.
  expect(small(city("{ siblings: hold }")).catalogue.bundles[0]!.refusalPolicy).toBe("hold");
});

describe("what may not be published", () => {
  test.each([
    ["a recall without a basis", "⟦{ siblings: withdraw, issued: recalled }", /needs its `basis`/, undefined],
    [
      "a basis for what stays",
      `{ siblings: hold, basis: ⟦${basis.slice(7)} }`,
      /stays needs no basis/,
      undefined,
    ],
    [
      "a recall while the others go on",
      `{ siblings: ⟦hold, issued: recalled, ${basis} }`,
      /only where the others are withdrawn/,
      undefined,
    ],
    [
      "a recall of what ends other evidence for good",
      `{ siblings: withdraw, issued: recalled, ${basis} }`,
      /say `recall: never`/,
      "delivery: paper",
    ],
    [
      "another word",
      `{ siblings: withdraw, issued: ⟦burnt, ${basis} }`,
      /must be one of: stays, recalled/,
      undefined,
    ],
  ] as const)("%s", (_, policy, words, flag) => {
    const marked = city(policy, flag);
    const text = marked.replace("⟦", "");
    const { fields } = refused(text);
    expect(fields.map(({ text: { en } }) => en).join()).toMatch(words);
    if (marked.includes("⟦")) expect(fields.map(({ field }) => field)).toContain(placeIn(text, policy));
  });
});
