import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { birthDateOf, citizenNumber, isCitizenNumber, sexOf } from "@onething/kernel/identity";
import { expect, test } from "vitest";
import { openMemory } from "./memory.ts";
import { createNumbers } from "./numbers.ts";

const born = "2026-01-05";
const now = new Date("2026-02-01T00:00:00.000Z");
const open = (file?: string, taken: string[] = []) => createNumbers(taken, openMemory(file, now));

test("every number of a day is given once, all valid, and then the day is full", () => {
  const taken = [citizenNumber("43099920260105001")];
  const numbers = open(undefined, taken);
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
  const first = open(file).give("w1", "430999", born, "female");
  const restarted = open(file);
  const second = restarted.give("w2", "430999", born, "female");
  expect(second).not.toBe(first);
  expect(restarted.give("w1", "430999", born, "female")).toBe(first);
  expect(open(file).give("w2", "430999", born, "female")).toBe(second);
  expect(readFileSync(file, "utf8")).not.toContain(first);
});

test("a file that a crash tore keeps all that was whole, and its first day", () => {
  const file = join(mkdtempSync(join(tmpdir(), "numbers-")), "given");
  const first = open(file).give("w1", "430999", born, "female");
  appendFileSync(file, '{"work":"tor');
  const second = open(file).give("w2", "430999", born, "female");
  expect(second).not.toBe(first);
  expect(open(file).give("w1", "430999", born, "female")).toBe(first);
  expect(open(file).give("w2", "430999", born, "female")).toBe(second);
  expect(openMemory(file, new Date()).since).toEqual(now);
  writeFileSync(file, '{"sec');
  expect(open(file).give("w1", "430999", born, "female")).toBe(first);
  expect(openMemory(file, new Date()).since).toEqual(now);
});

test("no number is made up that could be somebody's, nor for a day or sex there is not", () => {
  const numbers = open();
  expect(() => numbers.give("w", "430902", born, "male")).toThrow("outside division 430999");
  expect(() => numbers.give("w", "430999", "2026-02-30", "male")).toThrow("a day of the calendar");
  expect(() => numbers.give("w", "430999", "yesterday", "male")).toThrow("a day of the calendar");
  expect(() => numbers.give("w", "430999", born, "男")).toThrow("male or female");
});
