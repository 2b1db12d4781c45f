import { describe, expect, test } from "vitest";
import { checkRule } from "./check.ts";
import { oneOf, record, type Scope, text, truth } from "./types.ts";

const scope: Scope = new Map([
  [
    "answers",
    record("answers", [
      ["way", oneOf(["slow", "fast"])],
      ["yes", oneOf(["true", "false"])],
      ["words", text],
    ]),
  ],
]);

describe("rules that are sound", () => {
  test.each([
    'answers.way == "slow"',
    'answers["way"] != "fast"',
    'answers.way in ["slow", "fast"]',
    'answers.yes == "true" && !(answers.words == "")',
    "int(answers.words) > 3 || double(answers.words) < 0.5",
    'answers.words.startsWith("43") && size(answers.words) == 6',
    'answers.way == "slow" ? answers.yes == "true" : false',
    '["a", "b"].exists(each, each == answers.words)',
    '["a", "b"].map(each, each + "!").size() == 2',
    'has(answers.words) && answers.words.matches("^[0-9]+$")',
    'timestamp(answers.words) < timestamp("2026-01-01T00:00:00Z")',
    "true",
  ])("%s", (rule) => expect(checkRule(rule, scope, truth)).toBeUndefined());
});

describe("rules that are not, and at which character", () => {
  test.each([
    ["answers.way ==", 12, /cannot be read/],
    ["answer.way", 0, /does not know "answer"/],
    ["answers.wai == 'x'", 7, /answers has no "wai"/],
    ["has(answers.wai)", undefined, /answers has no "wai"/],
    ["answers.way == 'quick'", 15, /never "quick"/],
    ["'quick' == answers.way", 0, /never "quick"/],
    ["answers.way in ['slow', 'quick']", 24, /never "quick"/],
    ["answers.yes == true", 12, /write "true" or "false"/],
    ["answers.words + 3 == 'x'", 14, /cannot be used on \(string, int\)/],
    ["answers.words && true", 7, /must be true or false, and is string/],
    ["answers.words", 0, /must give bool, and gives string/],
    ["size(answers.words)", 0, /must give bool, and gives int/],
    ["today() == answers.words", undefined, /no function "today"/],
    ["answers[answers.way] == 'x'", undefined, /written out/],
    ["answers == answers", undefined, /compares answers with answers/],
    ["answers.yes == 'true' ? 1 : 'x'", undefined, /compares int with string/],
    ["{'a': 1}.size() == 1", undefined, /cannot build an object/],
    ["['a'].exists(each, each == 3)", undefined, /compares string with int/],
  ] as [string, number | undefined, RegExp][])("%s", (rule, offset, words) => {
    const found = checkRule(rule, scope, truth)!;
    expect(found.text.en).toMatch(words);
    expect(found.text.zh).not.toBe("");
    if (offset !== undefined) expect(found.offset).toBe(offset);
  });
});
