import { describe, expect, test } from "vitest";
import { decide, evolve, type HolderCommand, type HolderState, type Identify } from "./holder.ts";

const identify: Identify = {
  type: "identify",
  personId: "p1",
  numberHash: "h1",
  sealedIdentity: "s1.k.a",
  word: "claimed",
  otherName: false,
  proved: false,
};
const access: HolderCommand = {
  type: "access",
  personId: "p1",
  by: "service:verification",
  purpose: "办理",
  caseId: "c1",
  evidence: ["booklet"],
  identifiers: [],
};
const run = (state: HolderState | null, command: HolderCommand) =>
  decide(state, command).events.reduce<HolderState | null>(evolve, state);
const known = run(null, identify)!;
const named = run(null, { ...identify, numberHash: "" })!;

describe("who a person is", () => {
  test("a first word makes the holder known", () => {
    expect(known).toEqual({ personId: "p1", numberHash: "h1", sealedIdentity: "s1.k.a", looks: 0 });
  });

  test("the same word again changes nothing", () => {
    expect(decide(known, identify).events).toEqual([]);
  });

  test("a newborn who has only a name gets its number later and keeps it", () => {
    expect(named.numberHash).toBe("");
    expect(run(named, { ...identify, word: "attested" })?.numberHash).toBe("h1");
    expect(run(known, { ...identify, numberHash: "", word: "attested" })?.numberHash).toBe("h1");
  });

  test.each(["claimed", "attested"] as const)("a second number is refused, also if %s", (word) => {
    expect(() => decide(known, { ...identify, word, numberHash: "h2" })).toThrow(
      expect.objectContaining({ reason: "holder.other_number" }),
    );
  });

  test.each([
    ["claimed", true, "refused"],
    ["claimed", false, "s1.k.b"],
    ["attested", true, "s1.k.b"],
    ["attested", false, "s1.k.b"],
  ] as const)("another name, %s, licences held: %s -> %s", (word, proved, expected) => {
    const command: Identify = { ...identify, sealedIdentity: "s1.k.b", otherName: true, word, proved };
    const outcome = () => {
      try {
        return run(known, command)?.sealedIdentity;
      } catch {
        return "refused";
      }
    };
    expect(outcome()).toBe(expected);
  });
});

test("every look is an event, and the state only counts them", () => {
  expect(decide(known, access).events).toHaveLength(1);
  expect(run(run(known, access), access)).toEqual({ ...known, looks: 2 });
});

test("a look at a person nobody knows is recorded too, and does not make the person known", () => {
  const state = run(null, access)!;
  expect(state).toEqual({ personId: "p1", numberHash: "", sealedIdentity: "", looks: 1 });
  expect(run(state, identify)).toMatchObject({ numberHash: "h1", looks: 1 });
});
