import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays } from "./civil-date.ts";
import {
  birthDateOf,
  citizenNumber,
  isCitizenNumber,
  isUscc,
  maskNumber,
  sexOf,
  usccCheck,
} from "./identity.ts";

test("citizen numbers have the check characters of the standard", () => {
  expect(citizenNumber("43099920260105001")).toBe("430999202601050019");
  expect(citizenNumber("43099919920815002")).toBe("430999199208150027");
  expect(citizenNumber("43099919480101003").at(-1)).toBe("0");
  expect(citizenNumber("43099919900307001").at(-1)).toBe("5");
});

test("a citizen number tells birth date and sex, and is masked for people", () => {
  expect(birthDateOf("430999202601050019")).toBe("2026-01-05");
  expect(sexOf("430999202601050019")).toBe("male");
  expect(sexOf("430999199208150027")).toBe("female");
  expect(maskNumber("430999202601050019")).toBe("430999********0019");
  expect(maskNumber("E1234567")).toBe("******67");
  expect(maskNumber("12")).toBe("**");
});

test("a birth date that does not exist, a lower-case x or a wrong length is no citizen number", () => {
  expect(isCitizenNumber(citizenNumber("43099920260229001"))).toBe(false);
  expect(isCitizenNumber(citizenNumber("43099920240229001"))).toBe(true);
  const withX = anyX();
  expect(isCitizenNumber(withX)).toBe(true);
  expect(isCitizenNumber(withX.toLowerCase())).toBe(false);
  expect(isCitizenNumber("43099920260105001")).toBe(false);
  expect(() => birthDateOf("430999202601050018")).toThrow(/citizen number/);
  expect(() => sexOf("")).toThrow(/citizen number/);
});

function anyX(): string {
  for (let order = 1; order < 999; order++) {
    const number = citizenNumber(`43099920260105${String(order).padStart(3, "0")}`);
    if (number.endsWith("X")) return number;
  }
  throw new Error("one in eleven ends with X");
}

const citizens = fc
  .tuple(fc.nat(40_000), fc.nat(999))
  .map(([day, order]) =>
    citizenNumber(`430999${addDays("1920-01-01", day).replaceAll("-", "")}${String(order).padStart(3, "0")}`),
  );

test("any single changed character of a citizen number is noticed", () => {
  fc.assert(
    fc.property(citizens, fc.nat(17), fc.constantFrom(..."0123456789X"), (number, at, sign) => {
      expect(isCitizenNumber(number)).toBe(true);
      const changed = number.slice(0, at) + sign + number.slice(at + 1);
      expect(isCitizenNumber(changed)).toBe(changed === number);
    }),
  );
});

test("social credit codes have the check characters of the standard", () => {
  expect(usccCheck("91430999MA0DEM005")).toBe("Y");
  const valid = ["91430999MA0DEM005Y", "11430999006123001Y", "12430999006123028K", "11100000MB03271699"];
  for (const code of valid) expect(isUscc(code), code).toBe(true);
  for (const code of [
    "91430999MA0DEM0050",
    "91430999MA0DEM005",
    "91430999MA0DEI005Y",
    "",
    "91430999ma0dem005y",
  ]) {
    expect(isUscc(code), code).toBe(false);
  }
});

test("any single changed character of a social credit code is noticed", () => {
  const codes = fc.constantFrom("91430999MA0DEM005Y", "11430999006123001Y", "12430999006123028K");
  const signs = fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  fc.assert(
    fc.property(codes, fc.nat(17), signs, (code, at, sign) => {
      const changed = code.slice(0, at) + sign + code.slice(at + 1);
      expect(isUscc(changed)).toBe(changed === code);
    }),
    { numRuns: 1000 },
  );
});
