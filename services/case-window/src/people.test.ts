import { Role } from "@onething/contracts/catalog/v1/catalog";
import type { OnethingError } from "@onething/kernel/errors";
import { expect, test } from "vitest";
import { subject, words } from "./domain/cases.fixture.ts";
import { requirePeople } from "./people.ts";

const roles = [
  Role.fromPartial({ code: "owner", name: words("owner"), min: 1, max: 1 }),
  Role.fromPartial({ code: "heir", name: words("heir"), min: 0, max: 2 }),
  Role.fromPartial({ code: "witness", name: words("witness"), min: 2, max: 0 }),
];
const [owner, first, second] = [subject("owner"), subject("witness"), subject("witness", 1)];
const heirs = [0, 1, 2].map((position) => subject("heir", position));

test("every role that lacks people, or has too many, is named at once", () => {
  const refused = (subjects: ReturnType<typeof subject>[]) => {
    try {
      requirePeople(roles, subjects);
      return [];
    } catch (error) {
      return (error as OnethingError).fields.map((each) => each.field);
    }
  };
  expect(refused([first])).toEqual(["people.owner", "people.witness"]);
  expect(refused([owner, subject("owner", 1), first, second, ...heirs])).toEqual([
    "people.owner",
    "people.heir",
  ]);
  expect(refused([owner, first, second])).toEqual([]);
  expect(refused([owner, first, second, subject("witness", 2), ...heirs.slice(1)])).toEqual([]);
});
