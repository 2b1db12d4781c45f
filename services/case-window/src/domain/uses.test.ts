import { describe, expect, test } from "vitest";
import { item, pair, plan, receipt, words } from "./cases.fixture.ts";
import { useOf, usesOf, withConsent } from "./uses.ts";

const way = (evidence: string, role: string, rungs: string[], to = "") => ({
  ...{ pair: pair(evidence, role, to), rungs, ask: "", matches: [] },
});
const planned = plan([item("A"), item("B")], {
  roles: [
    { code: "owner", name: words("owner"), ground: "consent" },
    { code: "late", name: words("the dead"), ground: "law", law: words("article 1") },
  ],
  evidence: [
    { code: "card", name: words("card") },
    { code: "record", name: words("record") },
  ],
  requirements: [
    { id: "held", items: ["A"], alternatives: [way("card", "owner", ["licence", "original"])] },
    {
      id: "either",
      items: ["A"],
      alternatives: [way("card", "owner", ["licence"]), way("record", "late", ["register"])],
    },
    { id: "lawful", items: ["B"], alternatives: [way("record", "late", ["register"])] },
    { id: "said", items: ["B"], alternatives: [way("word", "owner", ["statement"])] },
  ],
});

describe("what will be used", () => {
  test("is named once for each piece of evidence, with every item that needs it", () => {
    const uses = usesOf(planned, [
      receipt("A"),
      receipt("B"),
      receipt("B", { position: 1 }),
      receipt("B", { pair: pair("record", "late"), rule: "register", proof: { source: words("office") } }),
    ]);
    expect(uses).toMatchObject([
      { id: "card:owner", evidenceName: words("card"), items: ["A", "B"], ground: "consent", law: undefined },
      {
        id: "record:late",
        by: "register",
        items: ["B"],
        ground: "law",
        law: words("article 1"),
        source: words("office"),
      },
    ]);
    for (const { text } of uses) expect(text.zh && text.en).toBeTruthy();
  });

  test("leaves out what is said, asked or made by a sibling: nothing is looked up for it", () => {
    const rules = ["statement", "original", "sibling", "ask", "cancelled"];
    expect(
      usesOf(
        planned,
        rules.map((rule) => receipt("A", { rule })),
      ),
    ).toEqual([]);
  });

  test("tells evidence between two people apart", () => {
    expect(useOf(pair("kin", "late", "heir"))).toBe("kin:late:heir");
    expect(useOf(pair("kin", "late"))).toBe("kin:late");
  });
});

describe("without consent", () => {
  test("nothing is looked up; what rests on a law still is", () => {
    const { requirements, refused } = withConsent(planned, []);
    expect(refused).toEqual(["held"]);
    const rungs = requirements.map((each) => each.alternatives.map((alternative) => alternative.rungs));
    expect(rungs.slice(1)).toEqual([[[], ["register"]], [["register"]], [["statement"]]]);
  });

  test("with it everything is as planned", () => {
    expect(withConsent(planned, ["card:owner"])).toEqual({ requirements: planned.requirements, refused: [] });
  });

  test("of a role that the plan does not describe nothing is looked up either", () => {
    const strange = plan([item("A")], {
      requirements: [{ id: "r", items: ["A"], alternatives: [way("card", "stranger", ["licence"])] }],
    });
    expect(withConsent(strange, []).refused).toEqual(["r"]);
  });
});
