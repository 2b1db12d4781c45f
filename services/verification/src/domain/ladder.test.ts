import { describe, expect, test } from "vitest";
import type { Facts, Inquiry } from "./facts.ts";
import {
  alternative,
  answers,
  booklet,
  facts,
  found,
  inquiry,
  licence,
  numbers,
  person,
  requirement,
} from "./ladder.fixture.ts";
import { findAll } from "./ladder.ts";

const climb = (ask: Partial<Inquiry>, known: Partial<Facts> = {}) => findAll(inquiry(ask), facts(known));
const only = (ask: Partial<Inquiry>, known: Partial<Facts> = {}) => {
  const findings = climb(ask, known);
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
const made = { item: "I9", pair: { evidence: "booklet", role: "mother", to: "" } };

describe("each rung is taken only when none before it holds", () => {
  const all = { siblings: [made], statementsMade: ["declared"], originalsSeen: ["proof"] };
  const police = answers(["mother", found()]);
  const table: [string, Partial<Inquiry>, Partial<Facts>, string, string, string | undefined][] = [
    ["licence", all, { licences: [licence()], answers: police }, "licence", "proved", "L1"],
    ["sibling", all, { answers: police }, "sibling", "waiting", undefined],
    ["register", { ...all, siblings: [] }, { answers: police }, "register", "proved", "R-7"],
    ["statement", { ...all, siblings: [] }, {}, "statement", "proved", "declared"],
    ["original", { originalsSeen: ["proof"] }, {}, "original", "proved", "proof"],
    ["ask", {}, {}, "ask", "missing", undefined],
  ];
  test.each(table)("%s", (_, ask, known, rule, state, reference) => {
    const { receipt } = only(ask, known);
    expect([receipt.rule, receipt.state, receipt.proof?.reference]).toEqual([rule, state, reference]);
    expect(receipt.why?.zh).not.toBe("");
    expect(receipt.why?.en).not.toBe("");
  });

  test("a rung that the catalogue does not allow proves nothing", () => {
    const rungs = ["statement"];
    const ask = {
      requirements: [requirement(alternative({ rungs }))],
      originalsSeen: ["proof"],
      siblings: [made],
    };
    const { receipt } = only(ask, { licences: [licence()], answers: police });
    expect(receipt.state).toBe("missing");
    expect(receipt.fix?.en).toContain("Sign the statement");
  });
});

describe("a licence", () => {
  test.each([
    ["suspended", { status: "suspended" }, "suspended"],
    ["cancelled", { status: "cancelled" }, "cancelled"],
    ["ended yesterday", { validUntil: "2026-11-23" }, "Expired on 2026-11-23"],
  ])("that is %s proves nothing, and the receipt says why", (_, over, why) => {
    const { receipt } = only({}, { licences: [licence(over)] });
    expect(receipt.state).toBe("missing");
    expect(receipt.candidates[0]).toMatchObject({ source: "L1", matched: false });
    expect(receipt.candidates[0]?.why?.en).toContain(why);
    expect(receipt.why?.en).toContain("does not serve");
  });

  test("that ends today still proves", () => {
    expect(only({}, { licences: [licence({ validUntil: "2026-11-24" })] }).receipt.state).toBe("proved");
  });

  test("of somebody else is not looked at", () => {
    expect(only({}, { licences: [licence({ holderId: "father" })] }).receipt.candidates).not.toContainEqual(
      expect.objectContaining({ source: "L1" }),
    );
  });

  test("gives every field of the evidence's schema, and none beyond", () => {
    expect(only({}, { licences: [licence()] }).fields).toEqual({ number: numbers.mother, page: "3" });
  });

  test("with one valid among several wins, and the others say why not", () => {
    const licences = [licence({ identifier: "L2", status: "cancelled" }), licence()];
    const { receipt } = only({}, { licences });
    expect(receipt.proof?.reference).toBe("L1");
    expect(receipt.candidates.map((each) => [each.source, each.matched])).toEqual([
      ["L1", true],
      ["L2", false],
    ]);
  });

  test("in several versions is one licence: the newest counts, also when it is no longer valid", () => {
    const old = licence({ version: 1 });
    expect(only({}, { licences: [old, licence({ version: 2 })] }).receipt.proof?.version).toBe("2");
    const ended = licence({ version: 2, status: "cancelled" });
    expect(only({}, { licences: [ended, old] }).receipt.state).toBe("missing");
  });
});

describe("of several different valid licences none is picked silently", () => {
  const licences = [licence({ identifier: "L2" }), licence()];

  test("the receipt asks which one counts, and no register is heard instead", () => {
    const { receipt, fields } = only(
      { siblings: [made] },
      { licences, answers: answers(["mother", found()]) },
    );
    expect([receipt.rule, receipt.state]).toEqual(["ask", "missing"]);
    expect(receipt.fix?.en).toBe("Say which one counts: L1, L2");
    expect(receipt.candidates.filter((each) => each.matched)).toEqual([]);
    expect(receipt.proof).toBeUndefined();
    expect(fields).toBeUndefined();
  });

  test("a clerk who has seen the original settles it", () => {
    expect(only({ originalsSeen: ["proof"] }, { licences }).receipt.rule).toBe("original");
  });
});

describe("matches", () => {
  const matching = (field: string, role: string) => ({
    requirements: [requirement(alternative({ matches: [{ field, role }] }))],
  });

  test.each([
    ["by number", "number", "mother", { number: numbers.mother }],
    ["by person id", "spouse", "father", { spouse: "father" }],
  ])("a licence that names the person of the case %s proves", (_, field, role, fields) => {
    expect(only(matching(field, role), { licences: [licence({ fields })] }).receipt.state).toBe("proved");
  });

  test.each([
    ["somebody else", { number: numbers.other }, "does not name"],
    ["nobody", {}, "does not name"],
  ])("a licence that names %s is rejected, without telling whom it names", (_, fields, why) => {
    const { receipt } = only(matching("number", "mother"), { licences: [licence({ fields })] });
    expect(receipt.state).toBe("missing");
    expect(receipt.candidates[0]?.why?.en).toContain(why);
    expect(JSON.stringify(receipt)).not.toContain(numbers.other);
  });

  test("a role without people cannot be matched", () => {
    const { receipt } = only(matching("number", "uncle"), { licences: [licence()] });
    expect(receipt.candidates[0]?.why?.en).toContain("nobody");
  });

  test("a register's record about other people is rejected like a licence", () => {
    const known = { answers: answers(["mother", found({ number: numbers.other })]) };
    expect(only(matching("number", "mother"), known).receipt.state).toBe("missing");
  });

  test("a mismatched licence leaves the others to prove", () => {
    const licences = [licence({ fields: { number: numbers.other } }), licence({ identifier: "L2" })];
    expect(only(matching("number", "mother"), { licences }).receipt.proof?.reference).toBe("L2");
  });
});

describe("a refused consent", () => {
  test("skips every look-up, and its fix is to agree", () => {
    const known = { licences: [licence()], answers: answers(["mother", found()]) };
    const { receipt } = only({ refused: ["proof"] }, known);
    expect(receipt.state).toBe("missing");
    expect(receipt.candidates.map((each) => each.source)).toEqual(["declared", "proof"]);
    expect(receipt.fix?.en).toContain("Agree");
  });

  test("leaves what a sibling makes, what is declared and what is shown", () => {
    expect(only({ refused: ["proof"], siblings: [made] }).receipt.rule).toBe("sibling");
    expect(only({ refused: ["proof"], originalsSeen: ["proof"] }).receipt.rule).toBe("original");
  });
});

describe("a register", () => {
  test.each([
    ["silent", { kind: "unavailable", why: "silent" }, "does not answer"],
    ["late", { kind: "unavailable", why: "late" }, "did not answer in time"],
    ["without address", { kind: "unavailable", why: "no_address" }, "no address"],
    ["about somebody else", { kind: "refused", why: "wrong_person" }, "about somebody else"],
    ["in no schema", { kind: "refused", why: "garbage" }, "garbage"],
  ] as const)("that is %s makes the item wait, and the receipt says so", (_, answer, why) => {
    const { receipt } = only({}, { answers: answers(["mother", answer]) });
    expect([receipt.rule, receipt.state]).toEqual(["register", "unavailable"]);
    expect(receipt.why?.en).toContain(why);
    expect(receipt.fix?.en).toContain("again automatically");
    expect(receipt.candidates[0]).toMatchObject({ source: "police", matched: false });
  });

  test("is called what the evidence says; one of a plan from before that was carried, by its code", () => {
    const silent = answers(["mother", { kind: "unavailable", why: "silent" }]);
    expect(only({}, { answers: silent }).receipt.why).toMatchObject({
      zh: expect.stringContaining("公安登记库"),
      en: expect.stringContaining("the police register"),
    });
    const before = [{ ...booklet, registerName: undefined }];
    expect(only({ evidence: before }, { answers: silent }).receipt.why).toMatchObject({
      zh: expect.stringContaining("登记库police"),
      en: expect.stringContaining("register police"),
    });
  });

  test("that has no record has answered: nobody waits", () => {
    const { receipt } = only({}, { answers: answers(["mother", { kind: "absent" }]) });
    expect(receipt.state).toBe("missing");
    expect(receipt.why?.en).toBe("No Household booklet was found");
  });

  test("that is silent does not matter where a clerk has seen the original", () => {
    const known = { answers: answers(["mother", { kind: "unavailable", why: "silent" }]) };
    expect(only({ originalsSeen: ["proof"] }, known).receipt.rule).toBe("original");
  });

  test("cannot be asked about somebody without a number, and the receipt says so", () => {
    const { receipt } = only({ subjects: [person("mother", "newborn")] });
    expect(receipt.candidates[0]?.why?.en).toContain("no identity number");
  });
});

describe("a sibling item", () => {
  test.each([
    ["another evidence", { evidence: "record", role: "mother", to: "" }],
    ["the evidence of another person", { evidence: "booklet", role: "father", to: "" }],
    ["evidence between two people", { evidence: "booklet", role: "mother", to: "father" }],
  ])("that makes %s is not waited for", (_, pair) => {
    expect(only({ siblings: [{ item: "I9", pair }] }).receipt.state).toBe("missing");
  });
});

describe("alternatives", () => {
  const waits = alternative({ rungs: ["licence", "sibling"] });
  const second = alternative({ pair: { evidence: "record", role: "mother", to: "" }, rungs: ["licence"] });

  test("the first that is held wins, before one that waits for a sibling", () => {
    const licences = [licence({ identifier: "L2", evidence: "record" })];
    const { receipt } = only({ requirements: [requirement(waits, second)], siblings: [made] }, { licences });
    expect([receipt.rule, receipt.pair?.evidence]).toEqual(["licence", "record"]);
  });

  test("with none held, a waiting sibling comes before a silent register", () => {
    const silent = alternative({ rungs: ["register"] });
    const known = { answers: answers(["mother", { kind: "unavailable", why: "silent" }]) };
    const { receipt } = only({ requirements: [requirement(silent, waits)], siblings: [made] }, known);
    expect([receipt.state, receipt.waitsFor]).toEqual(["waiting", ["I9"]]);
  });

  test("about different roles: the first role whose people are all proved wins", () => {
    const father = alternative({ pair: { evidence: "booklet", role: "father", to: "" }, rungs: ["licence"] });
    const known = { licences: [licence({ holderId: "father", identifier: "F1" })] };
    const { receipt } = only({ requirements: [requirement(waits, father)], siblings: [made] }, known);
    expect([receipt.personId, receipt.proof?.reference]).toEqual(["father", "F1"]);
  });

  test("about different roles, none proved: the receipt speaks of the first that comes as near as any", () => {
    const of = (role: string) =>
      alternative({ pair: { evidence: "booklet", role, to: "" }, rungs: ["licence"] });
    expect(only({ requirements: [requirement(of("father"), of("mother"))] }).receipt.personId).toBe("father");
  });

  test("the shortest fix of all alternatives is told", () => {
    const sign = alternative({ rungs: ["statement"] });
    const show = alternative({ rungs: ["original"] });
    expect(only({ requirements: [requirement(show, sign)] }).receipt.fix?.en).toContain("Sign");
  });
});
