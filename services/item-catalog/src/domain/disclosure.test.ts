// What an item is shown is listed, and is there to be shown; what its rules and dates read is listed too.
import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { sampleCity, versionOf } from "../sample-city.fixture.ts";
import { broken, small } from "../small-city.fixture.ts";
import { planOf } from "./plan.ts";

function mistakesOf(text: string) {
  try {
    small(text);
  } catch (error) {
    if (error instanceof OnethingError) return error.fields;
  }
  throw new Error("it was accepted");
}

describe("publication refuses, with file, line and column", () => {
  const at = (find: string, replacement: string, words: RegExp) => ({ ...broken(find, replacement), words });
  const dated =
    "from: babyCard.issuedOn }\n    result: { zh: 许可, en: Permit }\n    requires: [{ id: babyCard, fields: [grade";
  test.each([
    [
      "a field that the evidence does not have",
      at("fields: [grade, issuedOn]", "fields: [grade, issuedOn, ⟦colour]", /evidence of babyCard "colour"/),
    ],
    [
      "an answer to no question",
      at("form: [grade]\n", "form: [grade]\n    answers: [way, ⟦weather]\n", /no question "weather"/),
    ],
    [
      "a condition that reads a field which is not listed",
      at('evidence.babyCard.grade == "high"', 'evidence.babyCard⟦.number != ""', /not among the `fields`/),
    ],
    [
      "a result that reads a field which is not listed",
      at(
        "{ grade: evidence.babyCard.grade }",
        "{ grade: evidence.babyCard⟦.number }",
        /not among the `fields`/,
      ),
    ],
    [
      "a clock that starts on a date which is not listed",
      at(
        `${dated}, issuedOn]`,
        `${dated.replace("babyCard.issuedOn", "⟦babyCard.issuedOn")}]`,
        /among the `fields`/,
      ),
    ],
  ])("%s", (_, { text, at: field, words }) => {
    const mistake = { field, text: expect.objectContaining({ en: expect.stringMatching(words) }) };
    expect(mistakesOf(text)).toContainEqual(mistake);
  });
});

const birth = versionOf(sampleCity, "birth");
const answers = {
  bornWithin: "sixMonths",
  registerWith: "mother",
  sameEthnicity: "true",
  motherInsured: "true",
};

describe("the plan", () => {
  const plan = planOf(birth, answers);
  const itemOf = (code: string) => plan.items.find((each) => each.code === code)!;

  test("says for each item what it is shown: fields of the evidence, answers, whose form data", () => {
    const registration = itemOf("B3");
    expect(registration.evidenceFields.fatherIdentity).toEqual({
      names: ["name", "citizenNumber", "ethnicity"],
    });
    expect(registration.answers).toEqual(["registerWith", "sameEthnicity"]);
    expect(registration.formRoles).toEqual(["child", "mother", "father"]);
    const guidance = itemOf("B7");
    expect([guidance.evidenceFields, guidance.answers]).toEqual([
      { birthRecord: { names: ["birthDate"] } },
      [],
    ]);
  });

  test("says it by requirement too; an item that lists nothing of it is not there", () => {
    const { items, disclosure } = plan.requirements.find(({ id }) => id === "parentHousehold")!;
    expect(items).toEqual(["B3", "B4", "B5"]);
    expect(Object.keys(disclosure!.fields)).toEqual(["B3", "B5"]);
    expect(disclosure!.fields.B5).toEqual({ names: ["householdNumber"] });
  });

  test("shows an item the answers that its own rules read, however they are named there", () => {
    const { catalogue } = small();
    const { conditions } = catalogue.items.find(({ code }) => code === "B")!;
    conditions.push({ id: "x", rule: 'answers["high"] == "true"', why: { zh: "因", en: "why" } });
    const { items } = planOf(versionOf(catalogue, "small"), { high: "true" });
    expect(items.map((each) => [each.code, each.answers])).toEqual([
      ["A", []],
      ["B", ["high"]],
      ["C", []],
    ]);
  });
});
