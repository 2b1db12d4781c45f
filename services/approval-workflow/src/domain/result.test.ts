import { Field } from "@onething/contracts/common/v1/common";
import { citizenNumber } from "@onething/kernel/identity";
import { describe, expect, test } from "vitest";
import { mustBeWords, reasonsOf, validateResult } from "./result.ts";

const field = (type: string, more: Partial<Field> = {}) => Field.fromPartial({ name: "f", type, ...more });
const fits = (schema: Field, value: string) => validateResult([schema], { f: value }).length === 0;
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
    Field.fromPartial({ name: "number", type: "citizenNumber", required: true }),
    Field.fromPartial({ name: "on", type: "date", required: true }),
    Field.fromPartial({ name: "note", type: "text" }),
  ];
  const problems = validateResult(schema, { number: "", on: "soon", extra: "1", note: "" });
  expect(problems.map(({ field, text }) => [field, text.en])).toEqual([
    ["result.number", "is required"],
    ["result.on", "must be a date, YYYY-MM-DD"],
    ["result.extra", "is not a field of this result"],
  ]);
  for (const { text } of problems) expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(validateResult(schema, { number, on: "2026-11-24" })).toEqual([]);
});

test("a field named like something every object has is unknown or missing all the same", () => {
  expect(validateResult([], JSON.parse('{"__proto__":"x","constructor":"y"}')).length).toBe(2);
  expect(
    validateResult([Field.fromPartial({ name: "constructor", type: "text", required: true })], {}),
  ).toHaveLength(1);
});

describe("the words of an officer", () => {
  test("a refusal without a reason is refused", () => {
    for (const none of [[], [{ zh: " ", en: "" }]])
      expect(() => reasonsOf(none)).toThrow(expect.objectContaining({ reason: "approval.reason_missing" }));
  });
  test("a reason in one language stands for both", () => {
    expect(reasonsOf([{ zh: " 材料不符 ", en: "" }])).toEqual([{ zh: "材料不符", en: "材料不符" }]);
  });
  test("identity and phone numbers do not get into free text, where they would stand in clear", () => {
    for (const text of [`证件 ${number} 不符`, "call 19900001234"])
      expect(() => mustBeWords("opinion", text)).toThrow(expect.objectContaining({ code: "invalid" }));
    expect(() => mustBeWords("opinion", "文号 2026-00123456 已核对")).not.toThrow();
  });
});
