import { ApprovalGranted } from "@onething/contracts/approval/v1/events";
import { expect, test } from "vitest";
import { endsOf, ordersOf } from "./grant.ts";

const field = (name: string, type = "text", identifies = false) => ({
  name,
  type,
  identifies,
  label: { zh: name, en: name },
});
const evidence = [
  { code: "page", kind: "licence", fields: [field("number", "citizenNumber", true), field("address")] },
  { code: "kinship", kind: "registration", fields: [field("degree")] },
];
const granted = (change: object) =>
  ApprovalGranted.fromPartial({
    caseId: "c1",
    evidence,
    subjects: [
      { role: "child", personId: "p-child" },
      { role: "heir", personId: "p-heir0", position: 0 },
      { role: "heir", personId: "p-heir1", position: 1 },
      { role: "deceased", personId: "p-dead" },
    ],
    item: { code: "X1", result: [field("number", "citizenNumber"), field("note")], ...change },
  });
const product = (pair: object, fields: string[], change: object = {}) => ({
  pair,
  fields,
  kind: "licence",
  ...change,
});

test("each product is one licence for each person of its role, with its own fields only", () => {
  const orders = ordersOf(
    granted({
      produces: [
        product({ evidence: "page", role: "child" }, ["number", "address"], { replaces: true }),
        product({ evidence: "kinship", role: "heir" }, ["degree"], { kind: "registration" }),
      ],
    }),
    { number: "430999202601050019", address: "示例路 1 号", degree: "1", secret: "x" },
  );
  expect(orders.map((o) => [o.of.code, o.of.kind, o.holderId, o.position, o.fields, o.replaces])).toEqual([
    ["page", "licence", "p-child", 0, { number: "430999202601050019", address: "示例路 1 号" }, true],
    ["kinship", "registration", "p-heir0", 0, { degree: "1" }, false],
    ["kinship", "registration", "p-heir1", 1, { degree: "1" }, false],
  ]);
  expect(orders[0]?.identity).toEqual({ number: "430999202601050019", name: "" });
});

test("evidence between two roles is one licence for each two people", () => {
  const orders = ordersOf(
    granted({ produces: [product({ evidence: "kinship", role: "deceased", to: "heir" }, ["degree"])] }),
    {},
  );
  expect(orders.map((o) => [o.holderId, o.toHolderId])).toEqual([
    ["p-dead", "p-heir0"],
    ["p-dead", "p-heir1"],
  ]);
});

test("nobody in the role: nothing is issued", () => {
  expect(ordersOf(granted({ produces: [product({ evidence: "page", role: "nobody" }, [])] }), {})).toEqual(
    [],
  );
});

test("a number that could be anybody's of several people is refused", () => {
  const event = granted({ produces: [product({ evidence: "page", role: "heir" }, ["number"])] });
  expect(() => ordersOf(event, { number: "430999202601050019" })).toThrow(
    expect.objectContaining({ reason: "licence.holder_ambiguous" }),
  );
});

test("a product whose type the decision does not carry is refused", () => {
  const event = granted({ produces: [product({ evidence: "unknown", role: "child" }, [])] });
  expect(() => ordersOf(event, {})).toThrow(expect.objectContaining({ reason: "licence.type_unknown" }));
});

test("a field that only the decision's schema knows keeps its label", () => {
  const event = granted({ produces: [product({ evidence: "kinship", role: "child" }, ["note", "degree"])] });
  expect(ordersOf(event, { note: "n" })[0]?.of.fields.map((f) => f.label?.zh)).toEqual(["note", "degree"]);
});

test("what a grant ends is looked for at each person of the role", () => {
  expect(endsOf(granted({ ends: [{ evidence: "page", role: "heir" }] })).map((h) => h.holderId)).toEqual([
    "p-heir0",
    "p-heir1",
  ]);
});
