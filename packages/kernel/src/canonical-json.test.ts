import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("keys are sorted at every depth, undefined members are dropped, dates become text", () => {
  const at = new Date("2026-01-05T01:02:03.004Z");
  expect(canonicalJson({ b: [{ d: 1, c: undefined, a: "x" }], a: null, at })).toBe(
    '{"a":null,"at":"2026-01-05T01:02:03.004Z","b":[{"a":"x","d":1}]}',
  );
  expect(canonicalJson({ 10: 1, 9: 2, 一: 3 })).toBe('{"10":1,"9":2,"一":3}');
  expect(canonicalJson([undefined, -0, 1e21])).toBe("[null,0,1e+21]");
  expect(canonicalJson(undefined)).toBe("null");
});

test("what JSON cannot carry is refused rather than changed", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol("x")]) {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  }
});

function shuffled(value: unknown, order: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member, order)] as const);
  const turned = [
    ...entries.slice(order % (entries.length || 1)),
    ...entries.slice(0, order % (entries.length || 1)),
  ];
  return Object.fromEntries(turned.reverse());
}

test("of any JSON value: it reads back as the same value, and key order never shows", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(9), (value, order) => {
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(shuffled(value, order))).toBe(canonical);
    }),
  );
});

test("any text, lone surrogates and control characters included, is written as JSON.stringify writes it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(value));
    }),
  );
  for (const value of ["\ud800", 'a"b\\c', "\u0000\u001f\u2028", "身份证"]) {
    expect(canonicalJson({ [value]: value })).toBe(JSON.stringify({ [value]: value }));
  }
});
