import { describe, expect, test } from "vitest";
import { parseRegisters, readConfig } from "./config.ts";

describe("ONETHING_REGISTERS", () => {
  test.each([
    ["", {}],
    ["a=host:1", { a: "host:1" }],
    [" a = host:1 , b=unix:/run/b.sock", { a: "host:1", b: "unix:/run/b.sock" }],
    ['{"a":"host:1"}', { a: "host:1" }],
    [
      '{"a":{"address":"host:1","name":{"zh":"医院","en":"Hospital"}}}',
      { a: { address: "host:1", name: { zh: "医院", en: "Hospital" } } },
    ],
  ])("%s", (text, registers) => {
    expect(parseRegisters(text)).toEqual(registers);
  });

  test.each(["a", "=host:1", "a=", "a=x,a=y", "{", '{"a":1}', '{"a":{"adress":"x"}}'])(
    "%s is refused with the variable's name",
    (text) => {
      expect(() => parseRegisters(text)).toThrow(/ONETHING_REGISTERS is wrong/);
    },
  );
});

test("the environment is refused as a whole, naming each variable that is missing", () => {
  expect(() => readConfig({})).toThrow(/ONETHING_DATABASE_URL[\s\S]*ONETHING_LICENCES/);
});
