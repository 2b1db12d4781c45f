import { usualSupervision, watchOf } from "@onething/kernel/supervision";
import { describe, expect, test } from "vitest";
import { refused, small, smallCity } from "./small-city.fixture.ts";

const supervised = (lines: string) => small(`${smallCity}\n${lines}\n`).catalogue.supervision;

test("a city says when its lights turn and who is told; what it does not say is as usual", () => {
  expect(small().catalogue.supervision).toEqual(usualSupervision);
  const supervision = supervised(`supervision:
  yellow: 40%
  red: 85.5 %
  tell: { overdue: chief }
  warnDays: 3
  rules:
    - { departments: [office], secondLook: 100 %, tell: { red: supervisor } }
    - { items: [C], supervised: false }`);
  const { tell } = usualSupervision;
  expect(watchOf(supervision, { item: "A", department: "office" })).toEqual({
    ...{ supervised: true, yellow: 0.4, red: 0.855, warnDays: 3, secondLook: 1 },
    tell: { ...tell, overdue: "chief", red: "supervisor" },
  });
  expect(watchOf(supervision, { item: "C", department: "office" }).supervised).toBe(false);
});

describe("what is no rule is refused where it stands", () => {
  const rules = (...lines: string[]) =>
    `supervision:\n  rules:\n${lines.map((line) => `    - ${line}`).join("\n")}`;
  test.each([
    ["a share that is a number", "supervision:\n  yellow: 0.5", 2, /yellow must be a share such as 50 %/],
    ["more than the whole", "supervision:\n  red: 101 %", 2, /100 % at most/],
    ["yellow from the first instant", "supervision:\n  yellow: 0 %", 2, /yellow must be more than 0 %/],
    ["yellow after red", "supervision:\n  yellow: 95 %", 2, /less than red/],
    [
      "a department's yellow after the city's red",
      rules("{ departments: [office], yellow: 90 % }"),
      3,
      /less than red/,
    ],
    [
      "an item's yellow after its department's red",
      rules("{ items: [B], yellow: 60 % }", "{ departments: [office], yellow: 30 %, red: 50 % }"),
      3,
      /less than red/,
    ],
    [
      "a level that there is not",
      "supervision:\n  tell: { red: mayor }",
      2,
      /must be one of: officer, chief, supervisor/,
    ],
    ["a light that there is not", "supervision:\n  tell: { blue: chief }", 2, /unknown fields: blue/],
    ["a warning that comes too late", "supervision:\n  warnDays: 0", 2, /at least 1/],
    ["an item that there is not", rules("{ items: [Z], yellow: 10 % }"), 3, /no item "Z"/],
    ["a department that there is not", rules("{ departments: [court], yellow: 10 % }"), 3, /no department/],
    ["a rule about nobody", rules("{ yellow: 10 % }"), 3, /either `items` or `departments`/],
    [
      "a rule about both",
      rules("{ items: [A], departments: [office] }"),
      3,
      /either `items` or `departments`/,
    ],
    [
      "two rules about one",
      rules("{ items: [A], yellow: 10 % }", "{ items: [B, A], red: 60 % }"),
      4,
      /a rule for item "A" already/,
    ],
    ["rules in two places", "supervision: [{ yellow: 40 % }, { red: 80 % }]", 1, /at most 1/],
  ])("%s", (_, lines, line, words) => {
    const { fields } = refused(`${smallCity}\n${lines}\n`);
    const at = smallCity.split("\n").length + line;
    expect(fields.map(({ field, text }) => [field.split(":")[1], text.en])).toEqual([
      [`${at}`, expect.stringMatching(words)],
    ]);
    expect(fields[0]!.text.zh).not.toBe("");
  });
});
