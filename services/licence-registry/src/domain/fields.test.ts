import { Field } from "@onething/contracts/common/v1/common";
import { expect, test } from "vitest";
import { checkFields, identityIn } from "./fields.ts";

const schema = [
  Field.fromPartial({ name: "number", type: "citizenNumber", required: true, identifies: true }),
  Field.fromPartial({ name: "name", type: "text", identifies: true }),
  Field.fromPartial({ name: "born", type: "date" }),
  Field.fromPartial({ name: "sex", type: "choice", choices: ["female", "male"] }),
];
const number = "430999202601050019";

test("fields that fit their schema pass", () => {
  expect(() =>
    checkFields(schema, { number, name: "林安", born: "2026-01-05", sex: "female" }),
  ).not.toThrow();
});

test.each([
  ["missing though required", {}, "fields.number"],
  ["a number with a wrong check character", { number: "430999202601050018" }, "fields.number"],
  ["a day that is none", { number, born: "2026-02-30" }, "fields.born"],
  ["a choice that is not offered", { number, sex: "x" }, "fields.sex"],
  ["a field the type does not have", { number, colour: "red" }, "fields.colour"],
])("%s is refused, and the field named", (_, fields, field) => {
  expect(() => checkFields(schema, fields as Record<string, string>)).toThrow(
    expect.objectContaining({ code: "invalid", fields: [expect.objectContaining({ field })] }),
  );
});

test("identifying fields say the holder's number and name", () => {
  expect(identityIn(schema, { number, name: "林安" })).toEqual({ number, name: "林安" });
  expect(identityIn(schema, {})).toEqual({ number: "", name: "" });
});
