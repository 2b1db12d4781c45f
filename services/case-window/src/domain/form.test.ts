import type { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { item, plan, words } from "./cases.fixture.ts";
import { formOf, mergeForm } from "./form.ts";

const field = (name: string, items: string[], rest: object = {}) => ({
  field: { name, label: words(name), type: "text", required: false, ...rest },
  role: "owner",
  items,
});
const planned = plan([item("A"), item("B", { formFields: ["phone"] })], {
  form: [
    field("street", ["A", "B"], { required: true }),
    field("day", ["A"], { type: "date" }),
    field("phone", ["A"]),
  ],
});
const known = (values: Record<string, string>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, { value, source: undefined }]));

const problems = (typed: Record<string, string>, prefilled = {}) => {
  try {
    mergeForm(planned, typed, known(prefilled));
    return [];
  } catch (error) {
    return (error as OnethingError).fields.map((each) => each.field);
  }
};

describe("the merged form", () => {
  test("takes what is typed, and what is known where nothing is typed", () => {
    const merged = mergeForm(
      planned,
      { street: " Long Street " },
      known({ street: "Old Road", day: "2026-11-24" }),
    );
    expect(merged).toEqual({ street: "Long Street", day: "2026-11-24" });
  });

  test("lets a known value be cleared where the field may stay empty", () => {
    expect(mergeForm(planned, { street: "x", day: "" }, known({ day: "2026-11-24" }))).toEqual({
      street: "x",
    });
  });

  test("names every field that is missing, wrong or unknown at once", () => {
    expect(problems({ day: "tomorrow", shoe: "44" })).toEqual(["form.shoe", "form.street", "form.day"]);
    expect(problems({}, { street: "Old Road" })).toEqual([]);
    expect(problems({ street: "   " }, { street: "Old Road" })).toEqual(["form.street"]);
  });

  test("gives each item only its own part", () => {
    const values = { street: "Long Street", day: "2026-11-24", phone: "19900001234" };
    expect(formOf(planned, { code: "A", formFields: [] }, values)).toEqual(values);
    expect(formOf(planned, planned.items[1]!, values)).toEqual({
      street: "Long Street",
      phone: "19900001234",
    });
    expect(formOf(planned, { code: "Z", formFields: [] }, values)).toEqual({});
  });
});
