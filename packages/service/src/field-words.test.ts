import { expect, test } from "vitest";
import { z } from "zod";
import { fieldProblems, words } from "./field-words.ts";

const wordsFor = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value);
  return error ? fieldProblems(error, value).map(({ field, text }) => [field, text.zh, text.en]) : [];
};

test.each([
  [z.object({ a: z.string() }), {}, ["a", "必填", "is required"]],
  [z.object({ a: z.string() }), { a: 1 }, ["a", "应为文字", "must be text"]],
  [z.object({ a: z.int() }), { a: 1.5 }, ["a", "应为整数", "must be a whole number"]],
  [z.object({ a: z.number().max(3) }), { a: 4 }, ["a", "不能超过 3", "must be at most 3"]],
  [z.object({ a: z.number().gt(3) }), { a: 3 }, ["a", "须大于 3", "must be more than 3"]],
  [
    z.object({ a: z.array(z.string()).min(1) }),
    { a: [] },
    ["a", "不能少于 1 项", "must have at least 1 entries"],
  ],
  [
    z.object({ a: z.iso.date() }),
    { a: "x" },
    ["a", "应为日期，如 2026-03-01", "must be a date such as 2026-03-01"],
  ],
  [z.object({ a: z.string().regex(/^x$/) }), { a: "y" }, ["a", "格式不对", "has the wrong form"]],
  [z.object({ a: z.enum(["x", "y"]) }), { a: "z" }, ["a", "只能是：x、y", "must be one of: x, y"]],
  [z.object({ a: z.string().refine(() => false, words("不行", "no")) }), { a: "z" }, ["a", "不行", "no"]],
  [
    z.object({ a: z.object({ b: z.array(z.boolean()) }) }),
    { a: { b: [1] } },
    ["a.b.0", "应为是或否", "must be true or false"],
  ],
  [z.union([z.string(), z.number()]), null, ["", "不符合要求", "is not acceptable"]],
] as const)("%# a wrong field reads as people write", (schema, value, expected) => {
  expect(wordsFor(schema, value)).toEqual([[...expected]]);
});

test("a request with a thousand mistakes is answered with the first fifty", () => {
  const schema = z.object({ list: z.array(z.string()) });
  expect(wordsFor(schema, { list: Array(1000).fill(1) })).toHaveLength(50);
});
