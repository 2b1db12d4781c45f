import { Prefill } from "@onething/contracts/catalog/v1/catalog";
import { describe, expect, test } from "vitest";
import { receipt, words } from "./domain/cases.fixture.ts";
import { lookUp, prefilled, prefillId, prefillRequirements } from "./lookup.ts";

const prefill = (field: string) =>
  Prefill.fromPartial({ pair: { evidence: "card", role: "owner" }, field, rungs: ["licence"] });
const found = (state: string, rest: Parameters<typeof receipt>[1] = {}) =>
  receipt("", { requirement: prefillId("q"), state, why: words(state), ...rest });
const filledIn = (field: string, about: ReturnType<typeof found>, fields?: Record<string, string>) =>
  prefilled([{ name: "q", prefill: prefill(field) }], [about], new Map(fields ? [[about, fields]] : [])).get(
    "q",
  );

describe("what evidence fills in", () => {
  test("is the field it names, with its source", () => {
    const about = found("proved", { proof: { source: words("registry") } });
    expect(filledIn("street", about, { street: "Long Street" })).toEqual({
      value: "Long Street",
      source: words("registry"),
    });
    expect(filledIn("street", about, {})).toBeUndefined();
    expect(filledIn("street", found("missing"))).toBeUndefined();
  });

  test("without a field is whether it is held; silence and several candidates are no answer", () => {
    expect(filledIn("", found("proved"))?.value).toBe("true");
    expect(filledIn("", found("missing"))?.value).toBe("false");
    expect(filledIn("", found("unavailable"))).toBeUndefined();
    expect(filledIn("", found("missing", { candidates: [{ source: "1", matched: true }] }))).toBeUndefined();
  });

  test("is looked for only where the catalogue says so", () => {
    const wanted = [
      { name: "q", prefill: prefill("street") },
      { name: "typed", prefill: undefined },
      { name: "empty", prefill: Prefill.fromPartial({}) },
    ];
    expect(prefillRequirements(wanted).map((each) => each.id)).toEqual(["prefill:q"]);
    expect(prefilled(wanted.slice(1), [found("proved")], new Map())).toEqual(new Map());
  });

  test("may come from a licence or a register unless the catalogue narrows it", () => {
    expect(lookUp("x", prefill("street")).alternatives[0]!.rungs).toEqual(["licence"]);
    expect(lookUp("x", Prefill.fromPartial({})).alternatives[0]!.rungs).toEqual(["licence", "register"]);
  });
});
