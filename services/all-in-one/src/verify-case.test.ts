import { describe, expect, test } from "vitest";
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
  status: "delivered",
  version: 4,
  atRest: true,
  delivery: "electronic",
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
  status: "valid",
  heardByCase: true,
  heardByApprovals: true,
});
const licences = [licence("l1", "deed"), licence("l2", "share", "p2"), licence("l3", "share", "p3")];
const products = licences.map(({ identifier }) => ({ identifier }));
const whole: Said = {
  caseId: "c",
  case: {
    caseId: "c",
    items: {
      X: {
        ...{ status: "ended", outcome: "granted", delivered: {} },
        ...{ startedAt: "2026-01-05T01:00:00.000Z", products },
      },
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
    "approval/a1 is delivered, but item X of case/c is with_department delivered",
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

test.each(["refused", "cancelled", "accepted", "not_needed", "not_accepted", "paused"])(
  "a licence of an item that is %s has no ground",
  (status) => {
    const found = said({ approvals: [{ ...granted, status }], licences: [licences[0]!] });
    expect(found).toContain(`licence/l1 no. l1 was issued for item X of case/c, whose approval is ${status}`);
  },
);

test("what a service has not read yet is not expected of it", () => {
  const approvals = [{ ...granted, heardByLicences: false, heardByCase: false }];
  expect(
    said({ approvals, licences: [], case: item({ status: "with_department", outcome: undefined }) }),
  ).toEqual([]);
  expect(said({ approvals: [], licences: [], case: { ...whole.case!, heardByApprovals: false } })).toEqual(
    [],
  );
});

/** An item that is still in hand, and what its case says of it. */
const open = (status: string, now: object, heardByApprovals = true): Partial<Said> => ({
  approvals: [{ ...granted, status }],
  licences: [],
  case: {
    ...item({ status: "with_department", outcome: undefined, delivered: undefined, products: [], ...now })!,
    heardByApprovals,
  },
});

describe("what a department has done stands in the case, and nothing else does", () => {
  const inHand: [status: string, now: object][] = [
    ["received", {}],
    ["supplementing", { status: "supplementing" }],
    ["accepted", {}],
    ["paused", { stopped: {} }],
    ["legality", {}],
  ];
  test.each(inHand)("%s", (status, now) => {
    expect(said(open(status, now))).toEqual([]);
  });

  test.each(
    inHand.flatMap(([status, now]) =>
      inHand.flatMap(([, other]) =>
        JSON.stringify(now) === JSON.stringify(other) ? [] : [[status, other] as const],
      ),
    ),
  )("%s, but the case says %j: so it says", (status, other) => {
    expect(said(open(status, other))).toEqual([
      expect.stringMatching(`approval/a1 is ${status}, but item X of case/c is`),
    ]);
  });

  test("an answer to a notice is on its way until the department has heard it", () => {
    expect(said(open("supplementing", {}, false))).toEqual([]);
    expect(said(open("supplementing", {}, true))).toHaveLength(1);
    expect(said(open("supplementing", { stopped: {} }, false))).toHaveLength(1);
  });

  test.each([
    ["refused", "refused"],
    ["not_needed", "not_needed"],
    ["not_accepted", "not_accepted"],
    ["cancelled", "withdrawn"],
  ])("%s ends the item as %s and as nothing else", (status, outcome) => {
    expect(said(open(status, { status: "ended", outcome }))).toEqual([]);
    for (const other of ["granted", "not_possible", "refused", "withdrawn", "not_accepted", "not_needed"])
      if (other !== outcome)
        expect(said(open(status, { status: "ended", outcome: other }))).toEqual([
          `approval/a1 is ${status}, but item X of case/c is ended ${other}`,
        ]);
  });

  test("what has happened to it meanwhile is not held against the case, but a decision stays a decision", () => {
    const meanwhile = (status: string, now: object) => {
      const { approvals, ...rest } = open(status, now);
      return said({ ...rest, approvals: approvals!.map((each) => ({ ...each, atRest: false })) });
    };
    expect(meanwhile("paused", { status: "ended", outcome: "granted" })).toEqual([]);
    expect(meanwhile("refused", {})).toHaveLength(1);
  });
});

describe("art. 44: a result that was delivered", () => {
  const paper = { ...granted, delivery: "paper", status: "granted" };
  const undelivered = item({ delivered: undefined });

  test("is a ground of its licences as its grant is", () => {
    expect(said({ approvals: [paper], case: undelivered })).toEqual([]);
  });

  test("is missed where everything is issued and it is not on paper", () => {
    const approvals = [{ ...granted, status: "granted" }];
    const missed = "approval/a1 is issued whole, but was not delivered";
    expect(said({ approvals, case: undelivered })).toEqual([missed]);
    const unheard = licences.map((each, i) => ({ ...each, heardByApprovals: i > 0 }));
    expect(said({ approvals, case: undelivered, licences: unheard })).toEqual([]);
    const nothing = [{ ...approvals[0]!, produces: [] }];
    expect(said({ approvals: nothing, licences: [], case: undelivered })).toEqual([]);
  });

  test("is known to its case, which knows of no other", () => {
    expect(said({ case: undelivered })).toEqual([
      "approval/a1 is delivered, but item X of case/c is ended granted",
    ]);
    expect(said({ approvals: [paper] })).toEqual([
      "approval/a1 is granted, but item X of case/c is ended granted delivered",
    ]);
  });
});

describe("art. 69: a grant that was taken back", () => {
  const revoked = { ...granted, status: "revoked" };
  const taken = licences.map((each) => ({ ...each, status: "revoked" }));
  const told = item({ revoked: {} });

  test("has taken its licences with it, and its case knows", () => {
    expect(said({ approvals: [revoked], licences: taken, case: told })).toEqual([]);
    expect(said({ approvals: [revoked], licences: taken })).toEqual([
      "approval/a1 is revoked, but item X of case/c is ended granted delivered",
    ]);
  });

  test("leaves no licence valid or merely cancelled, once the registry has heard", () => {
    for (const status of ["valid", "cancelled"]) {
      const one = taken.map((each, i) => (i === 0 ? { ...each, status } : each));
      expect(said({ approvals: [revoked], licences: one, case: told })).toEqual([
        `licence/l1 no. l1 is ${status}, but its approval is revoked: approval/a1`,
      ]);
      const unheard = [{ ...revoked, heardByLicences: false }];
      expect(said({ approvals: unheard, licences: one, case: told })).toEqual([]);
    }
  });

  test("may never have been issued, and is nothing that its case must show", () => {
    const shown = item({ revoked: {}, products: [] });
    expect(said({ approvals: [revoked], licences: [], case: shown })).toEqual([]);
    expect(said({ approvals: [revoked], licences: taken.slice(1), case: shown })).toEqual([]);
  });

  test("is the only one whose licences are revoked", () => {
    const one = licences.map((each, i) => (i === 0 ? { ...each, status: "revoked" } : each));
    expect(said({ licences: one })).toEqual([
      "licence/l1 no. l1 is revoked, but its approval is delivered: approval/a1",
    ]);
  });
});
