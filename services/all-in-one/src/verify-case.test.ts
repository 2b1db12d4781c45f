import { expect, test } from "vitest";
import { type ApprovalSaid, contradictions, type LicenceSaid, type Said } from "./verify-case.ts";

const subjects = [
  { role: "owner", personId: "p1" },
  { role: "heir", personId: "p2" },
  { role: "heir", personId: "p3" },
];
const produces = [
  { pair: { evidence: "deed", role: "owner", to: "" } },
  { pair: { evidence: "share", role: "owner", to: "heir" } },
];
const heard = { heardByLicences: true, heardByCase: true };
const granted: ApprovalSaid = {
  id: "a1",
  caseId: "c",
  item: "X",
  status: "granted",
  produces,
  subjects,
  ...heard,
};
const licence = (id: string, evidence: string, toHolderId = ""): LicenceSaid => ({
  id,
  caseId: "c",
  item: "X",
  identifier: `no. ${id}`,
  evidence,
  holderId: "p1",
  toHolderId,
  heardByCase: true,
});
const licences = [licence("l1", "deed"), licence("l2", "share", "p2"), licence("l3", "share", "p3")];
const products = licences.map(({ identifier }) => ({ identifier }));
const whole: Said = {
  caseId: "c",
  case: {
    caseId: "c",
    items: {
      X: { status: "ended", outcome: "granted", startedAt: "2026-01-05T01:00:00.000Z", products },
      Y: { status: "waiting", products: [] },
    },
    heardByApprovals: true,
  },
  approvals: [granted],
  licences,
};
const item = (change: object): Said["case"] => ({
  ...whole.case!,
  items: { ...whole.case!.items, X: { ...whole.case!.items.X!, ...change } },
});
const said = (change: Partial<Said>): string[] =>
  contradictions({ ...whole, ...change }).map(({ stream, what }) => `${stream} ${what}`);

test("services that agree are left in peace", () => {
  expect(contradictions(whole)).toEqual([]);
});

test.each<[string, Partial<Said>, string]>([
  [
    "a product that was not issued",
    { licences: licences.slice(1) },
    "approval/a1 deed is granted, but was not issued",
  ],
  [
    "one that is missing for one of two people",
    { licences: licences.slice(0, 2) },
    "approval/a1 share is granted, but was not issued",
  ],
  [
    "one issued twice",
    { licences: [...licences, { ...licences[0]!, id: "l4" }] },
    "approval/a1 deed was issued 2 times: no. l1, no. l1",
  ],
  [
    "one that nobody granted",
    { licences: [...licences, licence("l4", "gift")] },
    "approval/a1 no. l4 was issued, but not granted",
  ],
  [
    "a grant that its case does not know of",
    { case: item({ status: "with_department", outcome: undefined }) },
    "approval/a1 is granted, but item X of case/c is with_department",
  ],
  [
    "a licence that its case does not show",
    { case: item({ products: products.slice(1) }) },
    "licence/l1 no. l1 is not shown by item X of case/c",
  ],
  [
    "work of a case that is not there",
    { case: undefined },
    "approval/a1 belongs to item X of a case that has none: c",
  ],
  [
    "an item on nobody's desk",
    { approvals: [], licences: [] },
    "case/c item X was handed over, but no department has it",
  ],
])("of %s it says so", (_, change, words) => {
  expect(said(change)).toContain(words);
});

test.each(["refused", "cancelled", "open"])("a licence of an item that is %s has no ground", (status) => {
  const found = said({ approvals: [{ ...granted, status }], licences: [licences[0]!] });
  expect(found).toContain(`licence/l1 no. l1 was issued for item X of case/c, whose approval is ${status}`);
});

test("what a service has not read yet is not expected of it", () => {
  const approvals = [{ ...granted, heardByLicences: false, heardByCase: false }];
  expect(
    said({ approvals, licences: [], case: item({ status: "with_department", outcome: undefined }) }),
  ).toEqual([]);
  expect(said({ approvals: [], licences: [], case: { ...whole.case!, heardByApprovals: false } })).toEqual(
    [],
  );
});
