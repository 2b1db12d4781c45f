import { afterAll, beforeAll, expect, test } from "vitest";
import { holderKind } from "../kinds.ts";
import {
  importOf,
  type Licences,
  nextNumber,
  startRegistry,
  type TestRegistry,
  verification,
} from "../registry.fixture.ts";

let registry: TestRegistry;
let licences: Licences;
beforeAll(async () => {
  registry = await startRegistry();
  licences = registry.as(verification);
});
afterAll(() => registry.stop());

const identify = async (identityNumber: string, name = "") =>
  (await licences.identify({ identityNumber, name })).personId;
const reasonOf = (work: Promise<unknown>) => work.then(() => "accepted").catch((e) => e.reason);

test("the same number is the same person, however it is typed, and another number another person", async () => {
  const [one, other] = [nextNumber(), nextNumber()];
  const personId = await identify(one, "林安");
  expect(await identify(` ${one.toLowerCase()} `)).toBe(personId);
  expect(await identify(other, "周安")).not.toBe(personId);
  expect(personId).not.toContain(one);
});

test("twenty first calls at once make one holder, by one event", async () => {
  const number = nextNumber();
  const ids = await Promise.all(Array.from({ length: 20 }, () => identify(number, "林安")));
  expect(new Set(ids).size).toBe(1);
  expect(await registry.service.journal.history(holderKind, ids[0]!)).toHaveLength(1);
});

test("a number with a wrong check character is refused at the field", async () => {
  const wrong = nextNumber().replace(/.$/, (last) => (last === "1" ? "2" : "1"));
  await expect(licences.identify({ identityNumber: wrong, name: "林安" })).rejects.toMatchObject({
    code: "invalid",
    reason: "holder.identity_number",
  });
});

test("a name mistyped before anything was issued is mended; afterwards a wrong name is refused", async () => {
  const number = nextNumber();
  const personId = await identify(number, "林知下");
  await identify(number, "林知夏");
  const holders = () =>
    licences.getHolders({ personIds: [personId], purpose: "办理", caseId: "", actor: "" });
  expect((await holders()).holders).toEqual([{ personId, identityNumber: number, name: "林知夏" }]);
  await licences.issue(importOf(personId));
  expect(await reasonOf(identify(number, "别人"))).toBe("holder.name_mismatch");
  expect(await identify(number, "林知夏")).toBe(personId);
});

test("a record that names its holder binds number and name; the number of another is never taken over", async () => {
  const [newborn, number] = ["p-newborn", nextNumber()];
  await licences.issue(importOf(newborn, { fields: { name: "周小满", address: "示例路 1 号" } }));
  await licences.issue(importOf(newborn, { fields: { number, address: "示例路 1 号" } }));
  expect(await identify(number)).toBe(newborn);
  const { holders } = await licences.getHolders({
    personIds: [newborn, "p-unborn"],
    purpose: "办理",
    caseId: "",
    actor: "",
  });
  expect(holders).toEqual([
    { personId: newborn, identityNumber: number, name: "周小满" },
    { personId: "p-unborn", identityNumber: "", name: "" },
  ]);
  const stolen = importOf("p-thief", { fields: { number, address: "示例路 1 号" } });
  expect(await reasonOf(licences.issue(stolen))).toBe("holder.number_taken");
  const second = importOf(newborn, { fields: { number: nextNumber(), address: "示例路 1 号" } });
  expect(await reasonOf(licences.issue(second))).toBe("holder.other_number");
});
