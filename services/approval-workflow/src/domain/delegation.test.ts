import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { type Command, type Delegation, decide, evolve, type Give } from "./delegation.ts";
import { li } from "./play.fixture.ts";

const head = { ...li, actor: "officer:head", duties: ["head" as const] };
const terms: Give = {
  ...{ id: "d1", representative: "chief", items: ["X1"], powers: ["accept", "decide"] },
  ...{ fromOn: "2026-09-01", untilOn: "2026-12-31" },
};

const outcome = (state: Delegation | null, command: Command): string => {
  try {
    return decide(state, command)
      .events.map(({ type }) => type)
      .join("+");
  } catch (error) {
    if (error instanceof OnethingError) return error.reason;
    throw error;
  }
};
const given = () => {
  const [event] = decide(null, { type: "give", by: head, terms }).events;
  return evolve(null, { ...event!, at: "2026-08-31T00:00:00.000Z" });
};

test("only the head delegates, and takes back; what was given twice is given once", () => {
  expect(outcome(null, { type: "give", by: head, terms })).toBe("delegation.given");
  expect(outcome(given(), { type: "give", by: head, terms })).toBe("");
  expect(outcome(null, { type: "give", by: li, terms })).toBe("delegation.not_head");
  expect(outcome(given(), { type: "end", by: head })).toBe("delegation.ended");
  expect(outcome(given(), { type: "end", by: { ...head, department: "tax" } })).toBe("delegation.not_found");
  expect(outcome(null, { type: "end", by: head })).toBe("delegation.not_found");
});

test("what has ended is not ended again", () => {
  const [event] = decide(given(), { type: "end", by: head }).events;
  const ended = evolve(given(), { ...event!, at: "2026-09-02T00:00:00.000Z" });
  expect(outcome(ended, { type: "end", by: head })).toBe("delegation.ended");
});

describe("terms that are not right are refused", () => {
  test.each<[string, Partial<Give>]>([
    ["no powers", { powers: [] }],
    ["an unknown power", { powers: ["sign"] }],
    ["somebody without an account", { representative: "王 小明" }],
    ["a period that ends before it begins", { untilOn: "2026-08-31" }],
    ["no date", { fromOn: "soon" }],
    ["more than a year", { untilOn: "2027-09-03" }],
  ])("%s", (_, wrong) => {
    expect(outcome(null, { type: "give", by: head, terms: { ...terms, ...wrong } })).toBe(
      "delegation.invalid",
    );
  });
});
