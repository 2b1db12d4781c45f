import { expect, test } from "vitest";
import type { Facts, Inquiry } from "./facts.ts";
import { alternative, facts, inquiry, licence, person, requirement } from "./ladder.fixture.ts";
import { findAll } from "./ladder.ts";

const climb = (ask: Partial<Inquiry>, known: Partial<Facts> = {}) => findAll(inquiry(ask), facts(known));
const only = (ask: Partial<Inquiry>, known: Partial<Facts> = {}) => {
  const findings = climb(ask, known);
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
const made = { item: "I9", pair: { evidence: "booklet", role: "mother", to: "" } };

const heirs = [person("mother", "a", 0), person("mother", "b", 1)];

test("a role with two people gives two receipts, each with its own proof", () => {
  const licences = [licence({ holderId: "a" })];
  const findings = climb({ subjects: heirs }, { licences });
  expect(findings.map(({ receipt }) => [receipt.personId, receipt.position, receipt.state])).toEqual([
    ["a", 0, "proved"],
    ["b", 1, "missing"],
  ]);
});

test("a role with nobody gives none", () => {
  expect(climb({ subjects: [person("father")] })).toEqual([]);
});

test("evidence between two people belongs to both", () => {
  const kin = alternative({
    pair: { evidence: "booklet", role: "mother", to: "father" },
    rungs: ["licence"],
  });
  const requirements = [requirement(kin)];
  expect(only({ requirements }, { licences: [licence({ toHolderId: "father" })] }).receipt.state).toBe(
    "proved",
  );
  expect(only({ requirements }, { licences: [licence({ toHolderId: "x" })] }).receipt.state).toBe("missing");
});

test("evidence between two people is not picked where the other side is several", () => {
  const kin = alternative({ pair: { evidence: "booklet", role: "mother", to: "father" } });
  const subjects = [person("mother"), person("father", "f", 0), person("father", "g", 1)];
  const { receipt } = only(
    { requirements: [requirement(kin)], subjects },
    { licences: [licence({ toHolderId: "f" })] },
  );
  expect([receipt.rule, receipt.state]).toEqual(["ask", "missing"]);
});

test("each item has its own receipt, and an item does not wait for itself", () => {
  const requirements = [{ ...requirement(), items: ["I1", "I9"] }];
  const findings = climb({ requirements, siblings: [made] });
  expect(findings.map(({ receipt }) => [receipt.item, receipt.state])).toEqual([
    ["I1", "waiting"],
    ["I9", "missing"],
  ]);
});

test("a look-up that serves no item (to fill in a form) gets its receipt with an empty item", () => {
  const requirements = [{ ...requirement(alternative({ rungs: ["licence", "register"] })), items: [""] }];
  expect(only({ requirements }, { licences: [licence()] }).receipt).toMatchObject({
    item: "",
    state: "proved",
  });
});
