import { describe, expect, test } from "vitest";
import { fits, judgeAnswer } from "./answer.ts";
import { numbers, record } from "./ladder.fixture.ts";

const at = "2026-11-24T06:00:00.000Z";
const type = {
  ...record,
  fields: record.fields.map((field) => ({ ...field, required: field.name === "weight" })),
};
const asked = {
  evidence: "record",
  identityNumber: numbers.mother,
  toIdentityNumber: "",
  purpose: "",
  caseId: "c",
  fields: ["motherNumber", "weight"],
  requestId: "q1",
};
const good = {
  requestId: "q1",
  found: true,
  identityNumber: numbers.mother,
  toIdentityNumber: "",
  fields: { motherNumber: numbers.mother, weight: "3200" } as Record<string, string>,
  reference: "R-7",
  asOf: undefined as string | undefined,
};
const judge = (over: Partial<typeof good>) => judgeAnswer(type, asked, { ...good, ...over }, at);

describe("an answer by the contract is taken as it is", () => {
  test("a record", () => {
    expect(judge({})).toEqual({ kind: "found", fields: good.fields, reference: "R-7", asOf: at });
  });
  test("a record without what is optional", () => {
    expect(judge({ fields: { weight: "3200", motherNumber: "" } })).toMatchObject({
      fields: { weight: "3200" },
    });
  });
  test.each([[{}], [{ identityNumber: "" }]])("no record", (over) => {
    expect(judge({ found: false, fields: {}, ...over })).toEqual({ kind: "absent" });
  });
});

test.each([
  ["another number", { identityNumber: numbers.father }],
  ["no number", { identityNumber: "" }],
  ["another second person", { toIdentityNumber: numbers.father }],
  ["another number, though it found nothing", { found: false, identityNumber: numbers.father }],
])("an answer with %s is about somebody else, and refused", (_, over) => {
  expect(judge(over)).toEqual({ kind: "refused", why: "wrong_person" });
});

test.each([
  ["a field nobody asked for", { fields: { weight: "1", diagnosis: "x" } }],
  ["a word for a number", { fields: { weight: "heavy" } }],
  ["a broken encoding", { fields: { weight: "\uFFFD" } }],
  ["an invalid identity number", { fields: { weight: "1", motherNumber: "430999199208150020" } }],
  ["a required field missing", { fields: {} }],
  ["a required field empty", { fields: { weight: "" } }],
  ["another request's id", { requestId: "q2" }],
  ["no reference", { reference: "" }],
  ["control characters in its reference", { reference: "R\u0007" }],
])("an answer with %s is garbage, and refused", (_, over) => {
  expect(judge(over)).toEqual({ kind: "refused", why: "garbage" });
});

test("a field of the schema that was not asked for is refused too", () => {
  const narrow = { ...asked, fields: ["weight"] };
  expect(judgeAnswer(type, narrow, good, at)).toEqual({ kind: "refused", why: "garbage" });
});

describe("values fit their field's type", () => {
  const field = (type: string) => ({
    name: "f",
    label: undefined,
    type,
    required: true,
    choices: ["x", "y"],
    identifies: false,
  });
  test.each([
    ["date", "2028-02-29", "2026-02-29"],
    ["date", "2026-11-24", "24.11.2026"],
    ["instant", "2026-11-24T06:00:00.000Z", "2026-02-31T06:00:00Z"],
    ["instant", "2026-11-24T06:00:00+08:00", "2026-11-24"],
    ["number", "-3.5", "1e3"],
    ["money", "3600.00", "3600.001"],
    ["boolean", "true", "yes"],
    ["choice", "x", "z"],
    ["citizenNumber", numbers.mother, "430999199208150026"],
    ["person", "0190a0c4-1111-7222-8333-444455556666", "somebody"],
    ["text", "两行\n文字", "\u0000"],
  ])("%s: %s, not %s", (type, right, wrong) => {
    expect([fits(field(type), right), fits(field(type), wrong)]).toEqual([true, false]);
  });
  test("a type nobody knows fits nothing", () => {
    expect(fits(field("blob"), "x")).toBe(false);
  });
});
