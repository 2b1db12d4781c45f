import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { birthDateOf, citizenNumber, isCitizenNumber, sexOf } from "@onething/kernel/identity";
import { expect, test } from "vitest";
import { createNumbers } from "./numbers.ts";

const born = "2026-01-05";

test("every number of a day is given once, all valid, and then the day is full", () => {
  const taken = [citizenNumber("43099920260105001")];
  const numbers = createNumbers(taken);
  const given = new Set<string>();
  for (let work = 0; work < 499; work++) given.add(numbers.give(`w${work}`, "430999", born, "male"));
  expect(given.size).toBe(499);
  expect(given.has(taken[0] ?? "")).toBe(false);
  expect([...given].every((n) => isCitizenNumber(n) && birthDateOf(n) === born && sexOf(n) === "male")).toBe(
    true,
  );
  expect(() => numbers.give("one more", "430999", born, "male")).toThrow("every number of that day");
  expect(sexOf(numbers.give("a girl", "430999", born, "female"))).toBe("female");
});

test("the same work is told the same number again, also after a restart, and another work never that one", () => {
  const file = join(mkdtempSync(join(tmpdir(), "numbers-")), "given");
  const first = createNumbers([], file).give("w1", "430999", born, "female");
  const restarted = createNumbers([], file);
  const second = restarted.give("w2", "430999", born, "female");
  expect(second).not.toBe(first);
  expect(restarted.give("w1", "430999", born, "female")).toBe(first);
  expect(createNumbers([], file).give("w2", "430999", born, "female")).toBe(second);
  expect(readFileSync(file, "utf8")).not.toContain(first);
});

test("no number is made up that could be somebody's, nor for a day or sex there is not", () => {
  const numbers = createNumbers([]);
  expect(() => numbers.give("w", "430902", born, "male")).toThrow("outside division 430999");
  expect(() => numbers.give("w", "430999", "2026-02-30", "male")).toThrow("a day of the calendar");
  expect(() => numbers.give("w", "430999", "yesterday", "male")).toThrow("YYYY-MM-DD");
  expect(() => numbers.give("w", "430999", born, "男")).toThrow("male or female");
});
