import { expect, test } from "vitest";
import { type Supervision, usualSupervision, type Watch, watchOf } from "./supervision.ts";

const { rules: _, ...usual } = usualSupervision;
const city: Supervision = {
  ...usualSupervision,
  warnDays: 2,
  rules: [
    { items: ["passport"], yellow: 0.3, tell: { yellow: "chief" } },
    { departments: ["police"], yellow: 0.4, red: 0.8, tell: { red: "supervisor" } },
    { departments: ["state-security"], supervised: false },
  ],
};

test.each<[string, string, string, Partial<Watch>]>([
  ["an item without a rule of its own", "permit", "tax", {}],
  [
    "a department's item",
    "residence",
    "police",
    { yellow: 0.4, red: 0.8, tell: { ...usual.tell, red: "supervisor" } },
  ],
  [
    "an item with its own, within its department's",
    "passport",
    "police",
    { yellow: 0.3, red: 0.8, tell: { ...usual.tell, yellow: "chief", red: "supervisor" } },
  ],
  ["the same item elsewhere", "passport", "tax", { yellow: 0.3, tell: { ...usual.tell, yellow: "chief" } }],
  ["a department that is left out", "clearance", "state-security", { supervised: false }],
])("the narrower rule counts: %s", (_, item, department, differs) => {
  expect(watchOf(city, { item, department })).toEqual({ ...usual, warnDays: 2, ...differs });
});

test("a city that says nothing is watched as usual", () => {
  expect(watchOf(usualSupervision, { item: "any", department: "any" })).toEqual(usual);
});
