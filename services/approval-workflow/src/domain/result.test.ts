import { citizenNumber } from "@onething/kernel/identity";
import { describe, expect, test } from "vitest";
import { mustBeWords, reasonsOf } from "./result.ts";

const number = citizenNumber("43099920200101001");

describe("the words of an officer", () => {
  test("a refusal without a reason is refused", () => {
    for (const none of [[], [{ zh: " ", en: "" }]])
      expect(() => reasonsOf(none)).toThrow(expect.objectContaining({ reason: "approval.reason_missing" }));
  });
  test("a reason in one language stands for both", () => {
    expect(reasonsOf([{ zh: " 材料不符 ", en: "" }])).toEqual([{ zh: "材料不符", en: "材料不符" }]);
  });
  test("identity and phone numbers do not get into free text, where they would stand in clear", () => {
    for (const text of [
      `证件 ${number} 不符`,
      "call 19900001234",
      "139-1234-5678",
      "账号 6217 0000 0000 0000 001",
    ])
      expect(() => mustBeWords("opinion", text)).toThrow(expect.objectContaining({ code: "invalid" }));
    expect(() => mustBeWords("opinion", "文号 2026-00123456 已核对")).not.toThrow();
  });
});
