import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkCharacter,
  formatIdentifier,
  isIdentifier,
  parseIdentifier,
  recordId,
  serialOf,
} from "./identifier.ts";

const example = {
  typeCode: "11100000000013127D005",
  issuer: "11430999006123001Y",
  serial: "2026010500000001",
  version: 1,
};
const signs = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const text = (minLength: number, maxLength = minLength) =>
  fc.array(fc.constantFrom(...signs), { minLength, maxLength }).map((all) => all.join(""));
const parts = fc.record({
  typeCode: text(21),
  issuer: text(18),
  serial: text(1, 32),
  version: fc.integer({ min: 1, max: 999 }),
});

describe("the identifier of GB/T 36904", () => {
  test("the worked example has check character J", () => {
    expect(checkCharacter("11100000000013127D00511430999006123001Y2026010500000001001")).toBe("J");
    expect(formatIdentifier(example)).toBe(
      "1.2.156.3005.2.11100000000013127D005.11430999006123001Y.2026010500000001.001.J",
    );
  });

  test.each([
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
  ])("published identifier %s recomputes", (identifier) => {
    expect(isIdentifier(identifier)).toBe(true);
  });

  test("whatever is formatted is parsed back into the same parts", () => {
    fc.assert(
      fc.property(parts, (p) => {
        expect(parseIdentifier(formatIdentifier(p))).toEqual(p);
      }),
    );
  });

  test("one changed character is always noticed", () => {
    fc.assert(
      fc.property(parts, fc.nat(), fc.constantFrom(...signs), (p, at, sign) => {
        const identifier = formatIdentifier(p);
        const place = at % identifier.length;
        const changed = identifier.slice(0, place) + sign + identifier.slice(place + 1);
        fc.pre(changed !== identifier);
        expect(isIdentifier(changed)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(["", "1.2.156.3005.2", `${formatIdentifier(example)} `, formatIdentifier(example).toLowerCase()])(
    "%j is no identifier",
    (wrong) => expect(parseIdentifier(wrong)).toBeNull(),
  );

  test("parts that do not fit are refused, not written", () => {
    expect(() => formatIdentifier({ ...example, issuer: "430999" })).toThrow(RangeError);
    expect(() => formatIdentifier({ ...example, version: 1000 })).toThrow(RangeError);
  });
});

test("a registration's record id says type and day, in letters, digits and dashes", () => {
  expect(recordId("pension-stopped", "2026-01-05", "TEST7")).toBe("R-PENSIONSTOPPED-20260105-TEST7");
  expect(recordId("登记", "2026-01-05", "TEST7")).toBe("R-X-20260105-TEST7");
});

test("a serial is the prefix and twenty signs, the same for the same hash", () => {
  const hash = "f".repeat(64);
  expect(serialOf("TEST", hash)).toMatch(/^TEST[0-9A-Z]{20}$/);
  expect(serialOf("TEST", hash)).toBe(serialOf("TEST", hash));
  expect(serialOf("TEST", "0".repeat(64))).toBe(`TEST${"0".repeat(20)}`);
});
