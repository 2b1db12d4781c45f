import { describe, expect, test } from "vitest";
import { decide, evolve, type HolderCommand, type HolderState, type Identify } from "./holder.ts";

const identify: Identify = {
  type: "identify",
  personId: "p1",
  numberHash: "h1",
  nameHash: "n1",
  sealedIdentity: "s1.k.a",
  completes: "",
  word: "claimed",
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
const next: Identify = { ...identify, sealedIdentity: "s1.k.b", completes: "s1.k.a" };

describe("who a person is", () => {
  test("a first word makes the holder known", () => {
    expect(known).toEqual({
      personId: "p1",
      numberHash: "h1",
      nameHash: "n1",
      sealedIdentity: "s1.k.a",
      looks: 0,
    });
  });

  test("the same word again, or less of it, changes nothing", () => {
    expect(decide(known, identify).events).toEqual([]);
    expect(decide(known, { ...identify, nameHash: "" }).events).toEqual([]);
  });

  test("a newborn who has only a name gets its number later, and keeps both", () => {
    expect(named.numberHash).toBe("");
    const full = run(named, { ...next, nameHash: "", word: "attested" })!;
    expect(full).toMatchObject({ numberHash: "h1", nameHash: "n1", sealedIdentity: "s1.k.b" });
  });

  test.each(["claimed", "attested"] as const)("a second number is refused, also if %s", (word) => {
    expect(() => decide(known, { ...next, word, numberHash: "h2" })).toThrow(
      expect.objectContaining({ reason: "holder.other_number" }),
    );
  });

  test.each([
    ["claimed", true, "holder.name_mismatch"],
    ["claimed", false, "n2"],
    ["attested", true, "n2"],
    ["attested", false, "n2"],
  ] as const)("another name, %s, licences held: %s -> %s", (word, proved, expected) => {
    const outcome = () => {
      try {
        return run(known, { ...next, nameHash: "n2", word, proved })?.nameHash;
      } catch (error) {
        return (error as { reason: string }).reason;
      }
    };
    expect(outcome()).toBe(expected);
  });

  test("what was written meanwhile is not overwritten by who has not seen it", () => {
    expect(() => decide(named, { ...next, completes: "" })).toThrow(
      expect.objectContaining({ reason: "holder.changed_meanwhile" }),
    );
  });
});

test("every look is an event, and the state only counts them", () => {
  expect(decide(known, access).events).toHaveLength(1);
  expect(run(run(known, access), access)).toEqual({ ...known, looks: 2 });
});

test("a look at a person nobody knows is recorded too, and does not make the person known", () => {
  const state = run(null, access)!;
  expect(state).toMatchObject({ personId: "p1", numberHash: "", sealedIdentity: "", looks: 1 });
  expect(run(state, identify)).toMatchObject({ numberHash: "h1", looks: 1 });
});
