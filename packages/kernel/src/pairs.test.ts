import { expect, test } from "vitest";
import { holdersOf } from "./pairs.ts";

const subjects = [
  { role: "owner", personId: "p1", position: 0 },
  { role: "heir", personId: "p2", position: 0 },
  { role: "heir", personId: "p3", position: 1 },
];

test("evidence of a role is of each person of that role", () => {
  expect(holdersOf({ role: "heir", to: "" }, subjects)).toEqual([
    { holderId: "p2", toHolderId: "", position: 0 },
    { holderId: "p3", toHolderId: "", position: 1 },
  ]);
});

test("evidence between two roles is of each two people, by the position of the first", () => {
  expect(holdersOf({ role: "heir", to: "owner" }, subjects).map((each) => Object.values(each))).toEqual([
    ["p2", "p1", 0],
    ["p3", "p1", 1],
  ]);
});

test("of a role that nobody has there is none", () => {
  expect(holdersOf({ role: "owner", to: "child" }, subjects)).toEqual([]);
  expect(holdersOf({ role: "child", to: "" }, subjects)).toEqual([]);
});
