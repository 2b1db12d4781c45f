import { describe, expect, test } from "vitest";
import { alternative, facts, inquiry, licence, numbers, person, requirement } from "./ladder.fixture.ts";
import { matchQueries, numbersNeeded, registerAsks } from "./look-ups.ts";

const record = alternative({
  pair: { evidence: "record", role: "mother", to: "" },
  rungs: ["licence", "register"],
});
const asked = { register: "police", evidence: "booklet", about: "mother", to: "" };

describe("licences", () => {
  test("all types of a person are asked for in one query", () => {
    const requirements = [requirement(), { ...requirement(record), id: "r2" }];
    expect(matchQueries(inquiry({ requirements }))).toEqual([
      { personId: "mother", evidence: ["booklet", "record"], toPersonId: "" },
    ]);
  });

  test("what was refused, or may not be proved by a licence, is not asked for", () => {
    expect(matchQueries(inquiry({ refused: ["proof"] }))).toEqual([]);
    expect(
      matchQueries(inquiry({ requirements: [requirement(alternative({ rungs: ["original"] }))] })),
    ).toEqual([]);
  });
});

describe("registers", () => {
  test("several requirements and items share one question", () => {
    const requirements = [
      { ...requirement(), items: ["I1", "I2"] },
      { ...requirement(), id: "r2" },
    ];
    expect(registerAsks(inquiry({ requirements }), facts())).toEqual([asked]);
  });

  test("nobody is asked about who holds the licence, or waits for a sibling", () => {
    expect(registerAsks(inquiry(), facts({ licences: [licence()] }))).toEqual([]);
    const siblings = [{ item: "I9", pair: { evidence: "booklet", role: "mother", to: "" } }];
    expect(registerAsks(inquiry({ siblings }), facts())).toEqual([]);
  });

  test("nor where another alternative is held", () => {
    const requirements = [requirement(alternative(), record)];
    const known = facts({ licences: [licence({ evidence: "record" })] });
    expect(registerAsks(inquiry({ requirements }), known)).toEqual([]);
  });

  test("nor about one of several people who holds another alternative, nor where another role holds it", () => {
    const subjects = [person("mother", "a", 0), person("mother", "b", 1), person("father")];
    const known = (holderId: string) => facts({ licences: [licence({ holderId, evidence: "record" })] });
    const either = inquiry({ requirements: [requirement(alternative(), record)], subjects });
    expect(new Set(registerAsks(either, known("a")).map((ask) => ask.about))).toEqual(new Set(["b"]));
    const fathers = alternative({ pair: { evidence: "record", role: "father", to: "" }, rungs: ["licence"] });
    const roles = inquiry({ requirements: [requirement(alternative(), fathers)], subjects });
    expect(registerAsks(roles, known("father"))).toEqual([]);
  });

  test("an alternative's register is asked though another alternative waits for a sibling", () => {
    const siblings = [{ item: "I9", pair: { evidence: "booklet", role: "mother", to: "" } }];
    const requirements = [requirement(alternative({ rungs: ["sibling"] }), record)];
    expect(registerAsks(inquiry({ requirements, siblings }), facts()).map((ask) => ask.register)).toEqual([
      "hospital",
    ]);
  });

  test("a statement made does not keep the register from being asked first", () => {
    expect(registerAsks(inquiry({ statementsMade: ["declared"] }), facts())).toEqual([asked]);
  });

  test("a register is asked about the role that the catalogue names", () => {
    const child = alternative({ pair: { evidence: "record", role: "child", to: "" }, ask: "mother" });
    const subjects = [person("child", "newborn"), person("mother")];
    const [ask] = registerAsks(inquiry({ requirements: [requirement(child)], subjects }), facts());
    expect(ask).toEqual({ register: "hospital", evidence: "record", about: "mother", to: "" });
  });

  test("asked about the other side, it is told both people", () => {
    const pair = { evidence: "booklet", role: "mother", to: "father" };
    const ask = (asks: string) =>
      registerAsks(inquiry({ requirements: [requirement(alternative({ pair, ask: asks }))] }), facts())[0];
    expect(ask("")).toMatchObject({ about: "mother", to: "father" });
    expect(ask("father")).toMatchObject({ about: "father", to: "mother" });
  });

  test("where the role to ask about has several people, none is picked", () => {
    const child = alternative({ pair: { evidence: "record", role: "child", to: "" }, ask: "mother" });
    const subjects = [person("child"), person("mother", "m1", 0), person("mother", "m2", 1)];
    expect(registerAsks(inquiry({ requirements: [requirement(child)], subjects }), facts())).toEqual([]);
  });
});

describe("identity numbers are read", () => {
  test("of those a register is asked about, and of nobody else", () => {
    expect(numbersNeeded(inquiry(), facts({ numbers: new Map() }))).toEqual(["mother"]);
    expect(numbersNeeded(inquiry(), facts({ licences: [licence()], numbers: new Map() }))).toEqual([]);
  });

  test("of those whom a licence must name by number, but not where it names them by id", () => {
    const need = (field: string) => {
      const requirements = [
        requirement(alternative({ rungs: ["licence"], matches: [{ field, role: "father" }] })),
      ];
      return numbersNeeded(
        inquiry({ requirements }),
        facts({ licences: [licence({ fields: { number: numbers.father } })] }),
      );
    };
    expect(need("number")).toEqual(["father"]);
    expect(need("spouse")).toEqual([]);
  });
});
