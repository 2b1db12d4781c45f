import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hasSign, printable, theFont } from "./font.ts";
import { documentNumber, paperKinds, paperName } from "./kinds.ts";
import { dateText, licensingLaw, ordinal } from "./words.ts";

test("dates are written as people here read them", () => {
  expect(dateText("2026-11-24")).toEqual({ zh: "2026年11月24日", en: "24 November 2026" });
  expect(dateText("2027-01-05")).toEqual({ zh: "2027年1月5日", en: "5 January 2027" });
});

test("ordinals are Chinese", () => {
  expect([1, 10, 11, 20, 32, 45, 100, 101, 110, 200].map(ordinal)).toEqual([
    "一",
    "十",
    "十一",
    "二十",
    "三十二",
    "四十五",
    "一百",
    "一百零一",
    "一百一十",
    "二百",
  ]);
});

test("laws are named by article, paragraph and sub-paragraph", () => {
  expect(licensingLaw(32, 1, 4)).toEqual({
    zh: "《中华人民共和国行政许可法》第三十二条第一款第（四）项",
    en: "article 32(1)(4) of the Administrative Licensing Law",
  });
  expect(licensingLaw(45).zh).toBe("《中华人民共和国行政许可法》第四十五条");
});

describe("numbers", () => {
  test("are in the customary form, with a word for every kind", () => {
    expect(paperKinds.map((kind) => documentNumber("示卫许", 2026, kind, 12))).toEqual(
      ["收", "受", "补", "不受", "特", "延", "准", "视准", "不准", "送", "撤"].map(
        (word) => `示卫许${word}〔2026〕第12号`,
      ),
    );
  });

  test("differ wherever department, year, kind or serial differ", () => {
    const numbers = paperKinds.flatMap((kind) =>
      ["示卫许", "示公许"].flatMap((mark) =>
        [2026, 2027].flatMap((year) => [1, 11].map((serial) => documentNumber(mark, year, kind, serial))),
      ),
    );
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test.each([
    ["", 2026, 1],
    ["示〔卫〕", 2026, 1],
    ["示卫", 26, 1],
    ["示卫", 2026, 0],
    ["示卫", 2026, 1.5],
  ])("are refused for mark %j, year %d, serial %d", (mark, year, serial) => {
    expect(() => documentNumber(mark, year, "granted", serial)).toThrow(RangeError);
  });
});

test("every kind has a name in Chinese and in English", () => {
  for (const kind of paperKinds)
    expect(paperName(kind)).toEqual({
      zh: expect.stringMatching(/^\p{Script=Han}+$/u),
      en: expect.stringMatching(/^[\w -]+$/),
    });
});

test("the font has every sign of every standard sentence, of every variant", () => {
  const sources = [
    "kinds",
    "words",
    "blocks",
    "closing",
    "seal",
    "typeset",
    "papers/intake",
    "papers/clock",
    "papers/decisions",
    "papers/remedies",
    "papers/revocation",
  ];
  const signs = new Set(
    sources.flatMap((name) => [...readFileSync(new URL(`./${name}.ts`, import.meta.url), "utf8")]),
  );
  expect([...signs].filter((sign) => sign !== "\n" && !hasSign(sign))).toEqual([]);
});

test("what cannot be seen is taken out, what cannot be printed is written as its code", () => {
  expect(printable(" 甲\u200d\u202e乙\ufe0f\u0007\r\n丙\t丁 ")).toBe("甲乙\n丙 丁");
  expect(printable("🎉𠮷𬌗")).toBe("[U+1F389][U+20BB7]𬌗");
});

test("a glyph that two signs share does not remember which of them was set first", () => {
  const [sign, radical] = ["一", "\u2f00"];
  const glyphs = [sign, radical, sign].map((each) => theFont().layout(each).glyphs[0]!);
  expect(new Set(glyphs.map(({ id }) => id)).size).toBe(1);
  expect(glyphs.map(({ codePoints }) => String.fromCodePoint(...codePoints))).toEqual([sign, radical, sign]);
});
