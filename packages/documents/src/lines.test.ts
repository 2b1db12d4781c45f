import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { widthOf } from "./font.ts";
import { breakLines } from "./lines.ts";

const at10 = (text: string) => widthOf(text, 10);
const broken = (text: string, width: number, first?: number) =>
  breakLines(text, width, at10, first).map((line) => line.text);

describe("lines of mixed text", () => {
  test("no line begins with a mark that closes, or ends with one that opens", () => {
    expect(broken("甲乙丙丁。戊己", 40)).toEqual(["甲乙丙", "丁。戊己"]);
    expect(broken("甲乙丙《丁》", 40)).toEqual(["甲乙丙", "《丁》"]);
    expect(broken("依据：“丙”；", 40)).toEqual(["依据：", "“丙”；"]);
  });

  test("a Latin word or a number stays whole", () => {
    expect(broken("报告编号SZ2026", 60)).toEqual(["报告编号", "SZ2026"]);
    expect(broken("the disinfection room", 70)).toEqual(["the", "disinfection", "room"]);
  });

  test("what is longer than a line ends where the line does", () => {
    const code = "11430999006123095L43001230070012026112400001";
    const lines = broken(code, 60);
    expect(lines.join("")).toBe(code);
    expect(lines.length).toBeGreaterThan(2);
  });

  test("a word that the rest of a shorter first line cannot hold goes to the next one whole", () => {
    expect(broken("甲 disinfection", 80, 30)).toEqual(["甲", "disinfection"]);
    expect(broken("甲\n  11430999006123095L43001230070012", 80)[1]).toMatch(/^1143/);
  });

  test("a first line may be shorter, and a line feed begins a paragraph", () => {
    expect(broken("甲乙丙丁戊", 40, 20)).toEqual(["甲乙", "丙丁戊"]);
    expect(breakLines("甲\n乙", 40, at10)).toEqual([
      { text: "甲", last: true },
      { text: "乙", last: true },
    ]);
  });

  test("whatever the text: nothing is lost, nothing is wider than its line", () => {
    const sign = fc.constantFrom(..."甲乙丙丁，。；：（）《》“”·AbcW1290.-/ 𬌗");
    const texts = fc.array(sign, { maxLength: 120 }).map((signs) => signs.join(""));
    fc.assert(
      fc.property(texts, fc.integer({ min: 25, max: 200 }), (text, width) => {
        const lines = broken(text, width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(at10(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 500 },
    );
  });
});
