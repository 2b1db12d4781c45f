import { Receipt } from "@onething/contracts/verification/v1/verification";
import { describe, expect, test } from "vitest";
import { evidenceFacts, type Facts, rule } from "./conditions.ts";

const facts: Facts = {
  answers: { insured: "true" },
  form: { plan: "basic", phone: "19900001234" },
  evidence: { birth_record: { name: "王小明", weight: "3200" } },
};
const condition = (id: string, rule: string) => ({
  id,
  rule,
  why: { zh: `条件${id}`, en: `condition ${id}` },
});
const item = (rules: string[], automaticResult: Record<string, string> = {}, result: string[] = []) => ({
  conditions: rules.map((text, i) => condition(`c${i}`, text)),
  automaticResult,
  result: result.map((name) => ({
    name,
    type: "text",
    required: true,
    choices: [],
    identifies: false,
    label: undefined,
  })),
});
const proved = Receipt.fromPartial({
  requirement: "r",
  state: "proved",
  pair: { evidence: "birth-record", role: "child" },
});

test("when every condition holds, the result is what the rules give", () => {
  const ruling = rule(
    item(
      ['answers.insured == "true"', "int(evidence.birth_record.weight) > 1000"],
      { plan: "form.plan", since: '"2026"' },
      ["plan", "since"],
    ),
    [proved],
    facts,
  );
  expect(ruling).toEqual({ result: { plan: "basic", since: "2026" } });
});

test("numbers and truth values become the texts that results are made of", () => {
  const ruling = rule(item([], { a: "1 + 2", b: "true", c: "1.5" }, ["a", "b", "c"]), [], facts);
  expect(ruling).toEqual({ result: { a: "3", b: "true", c: "1.5" } });
});

describe("it goes to an officer, and says why, when", () => {
  test("one of several conditions does not hold", () => {
    expect(rule(item(["true", 'answers.insured == "false"']), [], facts)).toEqual({
      unmet: [{ id: "c1", why: { zh: "不成立：条件c1", en: "does not hold: condition c1" } }],
    });
  });
  test("a field that a rule reads is not there", () => {
    expect(rule(item(['evidence.passport.number == "1"']), [], facts)).toEqual({
      unmet: [
        { id: "c0", why: { zh: "条件c0：缺少数据 passport", en: "condition c0: there is no passport" } },
      ],
    });
  });
  test("a rule gives no truth value", () => {
    expect(rule(item(['"yes"']), [], facts)).toMatchObject({ unmet: [{ id: "c0" }] });
  });
  test("a rule is no rule", () => {
    expect(rule(item(["answers.insured ="]), [], facts)).toMatchObject({ unmet: [{ id: "c0" }] });
  });
  test("a piece of evidence is not proved", () => {
    const why = { zh: "没有找到", en: "not found" };
    const missing = Receipt.fromPartial({ requirement: "r", state: "missing", why });
    expect(rule(item(["true"]), [missing], facts)).toEqual({ unmet: [{ id: "r", why }] });
  });
  test("a result rule fails, or the result does not fit its schema", () => {
    expect(rule(item([], { plan: "form.other" }, ["plan"]), [], facts)).toMatchObject({
      unmet: [{ id: "result.plan" }],
    });
    expect(rule(item([], { plan: "form" }, ["plan"]), [], facts)).toMatchObject({
      unmet: [{ id: "result.plan" }],
    });
    expect(rule(item([], {}, ["plan"]), [], facts)).toMatchObject({ unmet: [{ id: "result.plan" }] });
  });
});

test("no reason repeats a value of the data", () => {
  const rules = [
    "int(form.plan) > 1",
    "timestamp(form.phone) > timestamp(form.plan)",
    'form[form.phone] == "x"',
    "form.phone + 1 == 2",
  ];
  const text = JSON.stringify(rule(item(rules), [], facts));
  expect(text).not.toContain("19900001234");
  expect(text).not.toContain("basic");
});

describe("evidence as rules see it", () => {
  const receipt = (person: string, requirement: string, state = "proved") =>
    Receipt.fromPartial({
      state,
      requirement,
      personId: person,
      pair: { evidence: "household-booklet", role: "parent" },
    });

  test("is named by its requirement; only what is proved counts", () => {
    expect(evidenceFacts([{ receipt: receipt("a", "parentHousehold"), fields: { no: "1" } }])).toEqual({
      parentHousehold: { no: "1" },
    });
    expect(evidenceFacts([{ receipt: receipt("a", "parentHousehold", "missing"), fields: {} }])).toEqual({});
  });
  test("of several people keeps only what they agree on: nobody is picked silently", () => {
    const proofs = [
      { receipt: receipt("a", "parentHousehold"), fields: { no: "1", area: "430999" } },
      { receipt: receipt("b", "childHousehold"), fields: { no: "2", area: "430999" } },
      { receipt: receipt("c", "childHousehold"), fields: { no: "3", area: "430999" } },
    ];
    expect(evidenceFacts(proofs)).toEqual({
      parentHousehold: { no: "1", area: "430999" },
      childHousehold: { area: "430999" },
    });
  });
});
