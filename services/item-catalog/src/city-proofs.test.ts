import { describe, expect, test } from "vitest";
import { at, broken, placeIn, refused } from "./small-city.fixture.ts";

describe("what is not proved is refused with file, line and column", () => {
  test.each([
    [
      "references: a department",
      at(
        "department: office\n    handling: automatic",
        "department: ⟦nobody\n    handling: automatic",
        /no department "nobody"/,
      ),
    ],
    ["references: an item", at("{ item: B,", "{ item: ⟦Q,", /no item "Q"/)],
    [
      "references: a requirement",
      at("requires: [{ id: babyCard,", "requires: [⟦{ id: babyCart,", /no requirement "babyCart"/),
    ],
    [
      "references: a role",
      at("{ role: owner, requirement", "{ role: ⟦ovner, requirement", /no role "ovner"/),
    ],
    ["references: evidence", at("ends: [{ evidence: card", "ends: [{ evidence: ⟦cart", /no evidence "cart"/)],
    [
      "references: a product's field",
      at("fields: [number, grade]", "fields: [number, ⟦color]", /no field of card "color"/),
    ],
    [
      "references: a field that names a person",
      at("{ field: owner, role", "{ field: ⟦owned, role", /no field of record "owned"/),
    ],
    ["references: a form field", at("form: [grade]", "form: [⟦grate]", /no form field "grate"/)],
    [
      "references: an item of the bundle in `after`",
      at("after: [A]", "after: [⟦Z]", /no item of this bundle "Z"/),
    ],
    [
      "codes: the check character of a credit code",
      at('uscc: "114309990061231165"', 'uscc: ⟦"114309990061231166"', /not a social credit code/),
    ],
    [
      "codes: the shape of a licence type code",
      at('"114309990061231165001"', '⟦"11430999006123116501"', /type code is/),
    ],
    [
      "codes: the shape of a handling code",
      at('343202390300001"', '34320239030000"', /33 characters/),
      'handlingCode: ⟦"11430999006123116534320239030000"',
    ],
    ["codes: one code for two things", at("code: permit", "code: ⟦card", /"card" is named twice/)],
    [
      "limits: the promised one is within the legal one",
      at(
        "promised: { n: 20, unit: workingDay }",
        "promised: ⟦{ n: 30, unit: workingDay }",
        /longer than the legal one/,
      ),
    ],
    [
      "limits: a clock starts on a date that is proved",
      at("from: babyCard.issuedOn", "from: ⟦babyCard.grade", /with a date/),
    ],
    [
      "rules: they can be read",
      at("rule: answers.way ==", "rule: answers.way ⟦= ==", /cannot be read as a rule/),
    ],
    [
      "rules: they name what is declared",
      at('when: answers.way == "fast"', 'when: answers⟦.speed == "fast"', /answers has no "speed"/),
    ],
    [
      "rules: they compare with a choice that exists",
      at('when: answers.way == "fast"', 'when: answers.way == ⟦"quick"', /never "quick"/),
    ],
    [
      "rules: they compare like with like",
      at('when: answers.high == "true"\n', "when: answers.high ⟦== true\n", /write "true" or "false"/),
    ],
    [
      "rules: they give true or false",
      at('when: answers.way == "fast"', "when: ⟦answers.way", /must give bool, and gives string/),
    ],
    [
      "rules: before submission only answers are known",
      at("rule: answers.way ==", "rule: ⟦form.grade ==", /does not know "form"/),
    ],
    [
      "rules: evidence is named by its requirement",
      at("rule: evidence.babyCard.grade", "rule: evidence⟦.card.grade", /evidence has no "card"/),
    ],
    [
      "rules: a result's rule gives text",
      at("{ grade: evidence.babyCard.grade }", "{ grade: ⟦1 + 1 }", /must give string, and gives int/),
    ],
    [
      "ways: a sibling that produces it",
      at(
        "fields: [number, grade] }]\n",
        "fields: [number, grade] }]\n    handling: offline\n",
        /no item of the bundle produces it/,
      ),
      "rungs: [licence, ⟦sibling]",
    ],
    [
      "ways: a register that answers about it",
      at("register: office", "validMonths: 0", /no department's register/),
      "rungs: [⟦register], matches",
    ],
    [
      "ways: a person who has a number",
      at(
        "of: owner, rungs: [register], matches",
        "of: baby, rungs: [⟦register], matches",
        /has no number yet/,
      ),
    ],
    [
      "ways: a statement to make",
      at("            statement: { by: owner, text: { zh: 诺, en: Vow } }\n", "", /needs a `statement`/),
      "rungs: [⟦statement]",
    ],
    [
      "ways: an alternative for every answer",
      at(
        'when: answers.high == "false" }',
        'when: answers.high == "true" }',
        /cannot be met when high = false/,
      ),
      "id: promise\n        name: { zh: 诺, en: Vow }\n        anyOf:\n          ⟦- evidence: vow",
    ],
    [
      "results: an automatic item fills in what is required",
      at("automaticResult: { grade: evidence.babyCard.grade }", "automaticResult: ⟦{}", /lacks grade/),
    ],
    [
      "results: and nothing else",
      at(
        "automaticResult: { grade",
        "automaticResult: { other: ⟦evidence.babyCard.grade, grade",
        /result has no "other"/,
      ),
    ],
    [
      "results: only the registry's own kinds are produced",
      at("evidence: permit, of: baby }]", "evidence: ⟦record, of: baby }]", /licence or a registration/),
    ],
    [
      "people: one applicant",
      at("found: minted", "found: applicant", /exactly one role/),
      "roles:\n      ⟦- { code: owner",
    ],
    [
      "people: standing is proved by an item that is always there",
      at("requires: [ownRecord, promise]", "requires: [promise]", /always in the case/),
      "requirement: ⟦ownRecord",
    ],
    [
      "people: a question is required or has a default",
      at("type: boolean, required: true }", "type: boolean }", /required or has a default/),
      "- ⟦{ id: high",
    ],
    [
      "people: a field that names a person is matched",
      at(
        "rungs: [register], matches: [{ field: owner",
        "rungs: [register], matches: [{ field: ⟦kind",
        /no field of record/,
      ),
    ],
    [
      "people: nothing is asked that nobody needs",
      at("form: [grade]", "form: []", /must not be asked/),
      "- { name: ⟦grade, role: baby",
    ],
  ] as [string, ReturnType<typeof at>, string?][])("%s", (_, { text, at: place, words }, elsewhere) => {
    const { fields } = refused(text);
    const line = elsewhere ? placeIn(text, elsewhere) : place;
    expect(fields).toContainEqual({
      field: line,
      text: expect.objectContaining({ en: expect.stringMatching(words) }),
    });
  });

  test("a cycle: named from item to item, at the line that closes it", () => {
    const { text, at: place } = broken(
      "requires: [ownRecord, promise]",
      "requires: [ownRecord, promise, ⟦permitted]",
    );
    const withRequirement = text.replace(
      "      - id: promise\n",
      "      - { id: permitted, name: { zh: 许, en: P }, anyOf: [{ evidence: permit, of: baby, rungs: [sibling] }] }\n      - id: promise\n",
    );
    const { fields } = refused(withRequirement);
    const line = Number(place.split(":")[1]) + 1;
    expect(fields).toEqual([
      {
        field: `small.yaml:${line}:${place.split(":")[2]}`,
        text: { zh: "事项互相等待：A → B → A", en: "items wait for each other in a circle: A → B → A" },
      },
    ]);
  });

  test("a cycle of soft edges and hard ones", () => {
    const { text, at: place } = broken("{ item: A, why", "{ item: A, after: [⟦B], why");
    const [problem] = refused(text).fields;
    expect(problem).toMatchObject({ field: place, text: { en: expect.stringContaining("A → B → A") } });
  });
});
