import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { sampleCity, versionOf } from "../sample-city.fixture.ts";
import { small, smallCity } from "../small-city.fixture.ts";
import { planOf } from "./plan.ts";

const birth = versionOf(sampleCity, "birth");
const afterDeath = versionOf(sampleCity, "after-death");
const bornAnswers = {
  bornWithin: "sixMonths",
  registerWith: "mother",
  sameEthnicity: "true",
  motherInsured: "true",
};
const diedAnswers = {
  manner: "natural",
  pension: "employee",
  medicallyInsured: "true",
  drove: "true",
  housingFund: "true",
};

const codes = (parts: { code: string }[]) => parts.map(({ code }) => code).join(" ");
const edges = (plan: Plan) =>
  plan.edges.map(({ from, to, soft }) => `${from}${soft ? "~" : "→"}${to}`).sort();
const requirement = (plan: Plan, id: string) => plan.requirements.find((each) => each.id === id);
const refusal = (run: () => unknown): OnethingError => {
  try {
    run();
  } catch (error) {
    if (error instanceof OnethingError) return error;
  }
  throw new Error("it was not refused");
};

test.each(["carry_on", "hold", "withdraw"])("the refusal policy %s goes into the plan", (policy) => {
  const text = smallCity.replace("refusalPolicy: carry_on", `refusalPolicy: ${policy}`);
  const plan = planOf(versionOf(small(text).catalogue, "small"), { high: "true", way: "fast" });
  expect(plan.refusalPolicy).toBe(policy);
});

describe("the birth of a child", () => {
  const plan = planOf(birth, bornAnswers);

  test("its items, and why the others are left out", () => {
    expect(codes(plan.items)).toBe("B1 B2 B3 B4 B5 B6 B7");
    expect(plan.leftOut.map(({ code, why }) => [code, why!.en])).toEqual([
      ["B0", "You did not ask for the birth-plan registration."],
      ["B9", expect.stringContaining("can be applied for later")],
    ]);
    expect(plan.items.every(({ why }) => why!.zh && why!.en)).toBe(true);
  });

  test("evidence brings along what people call its register: its own name, else its keeper's", () => {
    const named = (of: Plan) =>
      Object.fromEntries(of.evidence.map(({ register, registerName }) => [register, registerName?.en]));
    expect(named(plan)).toMatchObject({
      "": undefined,
      "maternity-hospital": "Records of the Maternity Hospital",
      "medical-insurance": "Register of the medically insured",
    });
    const departments = birth.content.departments.map(({ register: _, ...department }) => department);
    const nameless = planOf({ ...birth, content: { ...birth.content, departments } }, bornAnswers);
    expect(named(nameless)).toMatchObject({ "": undefined, "medical-insurance": "Medical Insurance Bureau" });
  });

  test("hard edges come out of requires and produces, soft ones are declared; the vaccination waits for nobody", () => {
    expect(edges(plan)).toEqual(["B1~B6", "B1~B7", "B1→B3", "B3→B4", "B3→B5"]);
    const [first] = plan.edges;
    expect(first!.pair).toEqual({ evidence: "birth-certificate", role: "child", to: "" });
  });

  test("what is asked for comes into the plan with its edges", () => {
    const more = planOf(birth, { ...bornAnswers, birthPlanToo: "true", subsidyNow: "true" });
    expect(codes(more.items)).toBe("B0 B1 B2 B3 B4 B5 B6 B7 B9");
    expect(edges(more)).toEqual(expect.arrayContaining(["B0~B1", "B3→B9"]));
    const fewer = planOf(birth, { ...bornAnswers, motherInsured: "false", wantsGuidance: "false" });
    expect(codes(fewer.items)).toBe("B1 B2 B3 B4 B5");
    expect(fewer.form.some(({ field }) => field!.name === "bankAccount")).toBe(false);
  });

  test("the answer decides whose household booklet is looked up", () => {
    const of = (parent: string) =>
      requirement(planOf(birth, { ...bornAnswers, registerWith: parent }), "parentHousehold")!.alternatives;
    expect(of("mother").map(({ pair }) => pair!.role)).toEqual(["mother"]);
    expect(of("father").map(({ pair }) => pair!.role)).toEqual(["father"]);
  });

  test("a requirement stands once, with all items that name it", () => {
    expect(requirement(plan, "motherIdentity")!.items).toEqual(["B1", "B3", "B4", "B6"]);
    expect(plan.requirements.map(({ id }) => id)).toEqual([
      ...new Set(plan.requirements.map(({ id }) => id)),
    ]);
    expect(requirement(plan, "birthRecord")!.alternatives[0]).toMatchObject({
      ask: "mother",
      rungs: ["register"],
      matches: [{ field: "motherNumber", role: "mother" }],
    });
  });

  test("a field is asked once, and filled in where it is known", () => {
    const name = plan.form.find(({ field }) => field!.name === "childName")!;
    expect(name).toMatchObject({ role: "child", items: ["B1", "B2", "B3", "B4", "B7"], prefill: undefined });
    const sex = plan.form.find(({ field }) => field!.name === "childSex")!;
    expect(sex.prefill).toEqual({
      pair: { evidence: "birth-record", role: "child", to: "" },
      field: "sex",
      rungs: ["register"],
      ask: "mother",
    });
  });

  test("the ethnicity request is needed only if the parents differ, and the child's ethnicity is then typed", () => {
    expect(requirement(plan, "ethnicityRequest")).toBeUndefined();
    const differ = planOf(birth, { ...bornAnswers, sameEthnicity: "false" });
    expect(requirement(differ, "ethnicityRequest")).toMatchObject({
      items: ["B3"],
      alternatives: [{ rungs: ["statement"], statement: { id: "ethnicityRequest", by: "mother" } }],
    });
    const typed = (of: Plan) => of.form.find(({ field }) => field!.name === "childEthnicity")!.prefill;
    expect(typed(plan)).toMatchObject({ field: "ethnicity" });
    expect(typed(differ)).toBeUndefined();
    expect(differ.materials).toHaveLength(plan.materials.length + 1);
  });

  test("every printed material whose condition holds is spared somehow", () => {
    expect(plan.materials).toHaveLength(12);
    for (const { way, sparedBy } of plan.materials) {
      if (way !== "form") expect(sparedBy.length).toBeGreaterThan(0);
      for (const id of sparedBy) expect(requirement(plan, id)).toBeDefined();
    }
  });

  test("nothing has to be brought: every requirement has a way besides the original", () => {
    for (const { alternatives } of plan.requirements)
      expect(alternatives.flatMap(({ rungs }) => rungs).some((rung) => rung !== "original")).toBe(true);
  });

  test("the insurance is automatic and fills in its whole result", () => {
    const insurance = plan.items.find(({ code }) => code === "B5")!;
    expect(insurance.handling).toBe("automatic");
    expect(insurance.conditions.length).toBeGreaterThan(0);
    expect(Object.keys(insurance.automaticResult).sort()).toEqual(
      insurance.result.map(({ name }) => name).sort(),
    );
  });

  test("a result has the fields of what it produces; citizen number and name say who its holder is", () => {
    const registration = plan.items.find(({ code }) => code === "B3")!;
    expect(registration.result.filter(({ identifies }) => identifies).map(({ name }) => name)).toEqual([
      "citizenNumber",
      "name",
    ]);
    expect(registration.produces).toMatchObject([{ kind: "licence", pair: { role: "child" } }]);
    expect(plan.evidence.some(({ code }) => code === "child-care-subsidy")).toBe(false);
  });

  test("who stands behind it: the father is found, the child is minted, the mother files", () => {
    expect(plan.standing).toEqual({ role: "mother", requirement: "birthRecord" });
    expect(plan.roles).toMatchObject([
      { code: "mother", found: "applicant", ground: "consent", consentBy: "mother" },
      { code: "father", found: "evidence", foundField: "spouse", ground: "law" },
      { code: "child", found: "minted", ground: "consent", consentBy: "mother" },
    ]);
  });
});

describe("after a death", () => {
  const plan = planOf(afterDeath, { ...diedAnswers, deposits: "true", shares: "true" });

  test("an insured pensioner with a driving licence: every item but the offline one", () => {
    expect(codes(plan.items)).toBe("D1 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 D14");
    expect(codes(plan.leftOut)).toBe("D2");
  });

  test("its edges", () => {
    expect(edges(plan)).toEqual(
      [
        ...["D1→D3", "D1→D4", "D1→D5", "D1→D8", "D5→D6", "D5→D7", "D8→D9"],
        ...["D3~D6", "D4~D10", "D4~D11", "D12~D7", "D12~D9", "D12~D11", "D12~D13"],
      ].sort(),
    );
  });

  test("after a non-natural death the proof comes from the police's register, and nothing waits for it", () => {
    const other = planOf(afterDeath, { ...diedAnswers, manner: "nonNatural" });
    expect(other.items[0]).toMatchObject({ code: "D2", handling: "offline" });
    expect(edges(other).some((edge) => edge.startsWith("D2"))).toBe(false);
    expect(requirement(other, "deathCertificate")!.alternatives).toMatchObject([
      { pair: { evidence: "police-death-proof" }, rungs: ["register", "original"] },
    ]);
  });

  test("an employee's pension and a resident's are variants of one item, with one product", () => {
    const pause = (pension: string) =>
      planOf(afterDeath, { ...diedAnswers, pension }).items.find(({ code }) => code === "D5")!;
    expect(pause("employee").name!.zh).toContain("职工");
    expect(pause("resident").name!.zh).toContain("居民");
    expect(pause("resident").handlingCode).not.toBe(pause("employee").handlingCode);
    expect(pause("resident").produces).toEqual(pause("employee").produces);
    expect(codes(planOf(afterDeath, { ...diedAnswers, pension: "none" }).items)).not.toMatch(/D[567]\b/);
  });

  test("a grant takes away what the dead held; the dead cannot consent", () => {
    const ends = plan.items.flatMap((item) => item.ends.map((pair) => [item.code, pair.evidence, pair.role]));
    expect(ends).toEqual([
      ["D4", "household-page", "deceased"],
      ["D10", "driving-licence", "deceased"],
    ]);
    expect(plan.roles[0]).toMatchObject({ code: "deceased", ground: "law", consentBy: "" });
    expect(plan.roles[2]).toMatchObject({ code: "heir", found: "given", min: 0, max: 20 });
  });

  test("kinship is between two people; the fee is told", () => {
    expect(requirement(plan, "heirKinship")!.alternatives[0]!.pair).toEqual({
      evidence: "kinship",
      role: "heir",
      to: "deceased",
    });
    expect(plan.fees).toMatchObject([{ item: "D4", amount: "20" }]);
  });
});

describe("answers", () => {
  test("each one that is wrong, missing or unknown is named", () => {
    const { code, reason, fields } = refusal(() =>
      planOf(birth, { bornWithin: "ages", registerWith: "father", sameEthnicity: "yes", colour: "red" }),
    );
    expect([code, reason]).toEqual(["invalid", "catalog.wrong_answers"]);
    expect(fields.map(({ field }) => field)).toEqual([
      "answers.colour",
      "answers.bornWithin",
      "answers.sameEthnicity",
      "answers.motherInsured",
    ]);
    expect(fields.every(({ text }) => text.zh && text.en)).toBe(true);
  });

  test("names that every object has are no answers", () => {
    expect(refusal(() => planOf(birth, { ...bornAnswers, constructor: "x" })).fields).toHaveLength(1);
    expect(planOf(birth, bornAnswers).answers).not.toHaveProperty("toString", "x");
  });

  test("what is not asked for has its default, and an empty answer is none", () => {
    expect(planOf(birth, { ...bornAnswers, wantsGuidance: "" }).answers).toMatchObject({
      wantsGuidance: "true",
      subsidyNow: "false",
    });
    expect(refusal(() => planOf(birth, { ...bornAnswers, registerWith: "" })).fields).toHaveLength(1);
  });

  test("who is not eligible is told why, at the question that decides it", () => {
    const { reason, fields } = refusal(() => planOf(birth, { ...bornAnswers, bornWithin: "longer" }));
    expect(reason).toBe("catalog.not_eligible");
    expect(fields).toMatchObject([
      { field: "answers.bornWithin", text: { en: expect.stringContaining("six months") } },
    ]);
  });
});
