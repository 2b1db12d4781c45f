import { describe, expect, test } from "vitest";
import { type FieldSchema, fieldProblem, fieldProblems, pick } from "./fields.ts";
import { citizenNumber } from "./identity.ts";

const field = (type: string, more: Partial<FieldSchema> = {}): FieldSchema => ({
  name: "f",
  type,
  required: false,
  choices: [],
  ...more,
});
const fits = (schema: FieldSchema, value: string) => fieldProblem(schema, value) === undefined;
const number = citizenNumber("43099920200101001");

describe("a value fits its type", () => {
  test.each<[string, string[], string[]]>([
    ["text", ["x", "王"], ["x".repeat(2001)]],
    ["date", ["2026-02-28"], ["2026-02-30", "2026-2-1", "28/02/2026", "2026-02-28T00:00:00Z"]],
    [
      "instant",
      ["2026-02-28T01:02:03Z", "2026-02-28T01:02:03.123+08:00"],
      ["2026-02-28", "2026-02-28T01:02:03", "2026-13-01T00:00:00Z"],
    ],
    ["number", ["0", "-1.5", "42"], ["1e5", "NaN", "1,000", " 1"]],
    ["money", ["0", "12.50", "1000000"], ["-1", "1.234", "¥5"]],
    ["boolean", ["true", "false"], ["yes", "1", "TRUE"]],
    ["citizenNumber", [number], [`${number.slice(0, 17)}${number.endsWith("X") ? "0" : "X"}`, "123"]],
    ["person", ["01890000-0000-7000-8000-000000000000"], ["a b", "x".repeat(65)]],
    ["no-such-type", [], ["x"]],
  ])("%s", (type, good, bad) => {
    for (const value of good) expect([value, fits(field(type), value)]).toEqual([value, true]);
    for (const value of bad) expect([value, fits(field(type), value)]).toEqual([value, false]);
  });

  test("choice", () => {
    expect(fits(field("choice", { choices: ["a", "b"] }), "b")).toBe(true);
    expect(fits(field("choice", { choices: ["a", "b"] }), "c")).toBe(false);
  });
});

test("what is missing, empty, unknown or wrong is said field by field, in both languages", () => {
  const schema = [
    field("citizenNumber", { name: "number", required: true, label: { zh: "号码", en: "Number" } }),
    field("date", { name: "on", required: true }),
    field("text", { name: "note" }),
  ];
  const problems = fieldProblems(schema, { number: "", on: "soon", extra: "1", note: "" }, "result");
  expect(problems.map(({ field, text }) => [field, text.en])).toEqual([
    ["result.number", '"Number" is required'],
    ["result.on", '"on" must be a date such as 2026-03-18'],
    ["result.extra", 'There is no field "extra" here'],
  ]);
  for (const { text } of problems) expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(fieldProblems(schema, { number, on: "2026-11-24" }, "result")).toEqual([]);
});

test("a field named like something every object has is unknown or missing all the same", () => {
  expect(fieldProblems([], JSON.parse('{"__proto__":"x","constructor":"y"}'), "f").length).toBe(2);
  expect(fieldProblems([field("text", { name: "constructor", required: true })], {}, "f")).toHaveLength(1);
});

test("only the named fields that have a value are picked", () => {
  expect(pick({ a: "1", b: "", c: "3" }, ["a", "b", "d", "constructor"])).toEqual({ a: "1" });
});
