import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { parseCity, readCity } from "./city.ts";
import { at, refused, small, smallCity } from "./small-city.fixture.ts";

const sampleCity = new URL("../../../deploy/sample-city/", import.meta.url).pathname;

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
    [
      "a refusal policy that is none",
      at("refusalPolicy: carry_on", "refusalPolicy: ⟦give_up", /must be one of: carry_on, hold, withdraw/),
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
