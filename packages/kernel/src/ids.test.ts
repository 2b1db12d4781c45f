import fc from "fast-check";
import { expect, test } from "vitest";
import { idFrom, newId } from "./ids.ts";

const UUID = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

test("new ids are version 7, all different, and sort in the order they were made", () => {
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.every((id) => UUID(7).test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test("a new id begins with the time it was made at", () => {
  const before = Date.now();
  const made = Number.parseInt(newId().replaceAll("-", "").slice(0, 12), 16);
  // A burst before may have borrowed a few milliseconds.
  expect(made).toBeGreaterThanOrEqual(before);
  expect(made).toBeLessThan(Date.now() + 100);
});

test("a derived id is the same for the same parts and another for any other parts", () => {
  expect(idFrom("case-1", "B1")).toBe(idFrom("case-1", "B1"));
  expect(idFrom("case-1", "B1")).toMatch(UUID(8));
  expect(idFrom("a", "bc")).not.toBe(idFrom("ab", "c"));
  expect(idFrom("a", "")).not.toBe(idFrom("a"));
  const parts = fc.array(fc.string());
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(idFrom(...a) === idFrom(...b)).toBe(same);
    }),
  );
});

test("a derived id never changes between versions of the program", () => {
  expect(idFrom("case", "item")).toBe("0130d0ad-83fe-8936-8017-5ca14f546131");
});
