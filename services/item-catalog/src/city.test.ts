import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { parseCity, readCity } from "./city.ts";
import { broken, small, smallCity } from "./small-city.fixture.ts";

const sampleCity = new URL("../../../deploy/sample-city/", import.meta.url).pathname;

function refused(text: string): OnethingError {
  try {
    small(text);
  } catch (error) {
    if (error instanceof OnethingError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

test("the small city and the sample city are in the language and proved", async () => {
  expect(small().catalogue.bundles).toHaveLength(1);
  const { catalogue } = await readCity(decodeURIComponent(sampleCity));
  expect(catalogue.items.length).toBeGreaterThan(20);
});

test("all YAML files of the folder and below are read; lists of one name are one list; other lists come as they are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "城 市-"));
  await mkdir(join(folder, "more"));
  await writeFile(join(folder, "a.yaml"), `${smallCity}\npeople: [{ key: anna }]\n`);
  await writeFile(join(folder, "more", "b.yml"), "people: [{ key: ben }]\ndemo:\n  one: 1\n");
  await writeFile(join(folder, "notes.txt"), "people: [nobody]");
  const { others, locate } = await readCity(folder);
  expect(others).toEqual({ people: [{ key: "anna" }, { key: "ben" }], demo: [{ one: 1 }] });
  expect(locate(["people", 1, "key"])).toBe("more/b.yml:1:17");
  await rm(folder, { recursive: true });
});

test("a list that nobody knows is a mistyped one: refused where it stands, with the names there are", () => {
  const files = [{ name: "a.yaml", text: `${smallCity}\nitemz: []\n` }];
  const error = (() => {
    try {
      parseCity(files);
    } catch (refusal) {
      return refusal;
    }
  })();
  const line = smallCity.split("\n").length + 1;
  expect(error).toBeInstanceOf(OnethingError);
  const words = JSON.stringify([(error as OnethingError).public, (error as OnethingError).fields]);
  expect(words).toContain(`a.yaml:${line}:1`);
  expect(words).toMatch(/itemz.*people/);
});

const at = (find: string, replacement: string, words: RegExp) => ({ ...broken(find, replacement), words });

describe("what is not in the language is refused with file, line and column", () => {
  test.each([
    ["broken YAML", at("lead: office", "lead: [a, ⟦}]", /not valid YAML/)],
    ["a key that stands twice", at("lead: office", "lead: office\n    ⟦lead: office", /stands here twice/)],
    [
      "an unknown key",
      at("kind: registration", "kind: registration\n    ⟦colour: red", /unknown fields: colour/),
    ],
    [
      "a missing key: where its part begins",
      at("- code: permit\n    name: { zh: 许可, en: Permit }", "- ⟦code: permit", /name is required/),
    ],
    [
      "a word that is none of the choices",
      at("kind: registration", "kind: ⟦paper", /must be one of: licence, registration/),
    ],
    ["a number where text is wanted", at('division: "430999"', "division: ⟦430999", /must be text/)],
    [
      "a text in one language",
      at("summary: { zh: 小, en: Small }", "summary: ⟦{ zh: 小 }", /summary.en is required/),
    ],
    ["a limit of no time", at("{ n: 1, unit: day }", "{ n: ⟦0, unit: day }", /more than 0/)],
  ])("%s", (_, { text, at: place, words }) => {
    const { reason, fields } = refused(text);
    expect(reason).toBe("catalog.not_publishable");
    expect(fields).toContainEqual({
      field: place,
      text: expect.objectContaining({ en: expect.stringMatching(words) }),
    });
  });

  test("a file whose top level is a list", () => {
    expect(() => parseCity([{ name: "x.yaml", text: "- 1" }])).toThrow(/x.yaml:1:1 the top level/);
  });

  test("every mistake is named at once, in both languages", () => {
    const error = refused(
      smallCity.replace("kind: registration", "kind: paper").replace("lead: office", "lead: 7"),
    );
    expect(error.fields).toHaveLength(2);
    expect(error.public.en).toMatch(/2 mistake\(s\)(.|\n)*small.yaml:\d+:\d+ /);
    expect(error.public.zh).toMatch(/2 处错误/);
  });
});

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

/** Line and column of the marker in a piece of the text. */
function placeIn(text: string, piece: string): string {
  const [before = "", after = ""] = piece.split("⟦");
  const found = text.indexOf(before + after);
  if (found < 0) throw new Error(`not in the text: ${piece}`);
  const lines = text.slice(0, found + before.length).split("\n");
  return `small.yaml:${lines.length}:${lines.at(-1)!.length + 1}`;
}
