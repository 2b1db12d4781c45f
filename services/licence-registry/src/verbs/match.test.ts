import { newId } from "@onething/kernel/ids";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  booklet,
  citizen,
  enrolment,
  importOf,
  type Licences,
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
afterEach(() => {
  registry.clock.at = undefined;
});
afterAll(() => registry.stop());

const look = { purpose: "办理出生登记", caseId: "case-1", actor: "window:7", items: [] };
const query = (personId: string, evidence = [booklet.code, enrolment.code], toPersonId = "") => ({
  personId,
  evidence,
  toPersonId,
});
const match = async (...queries: ReturnType<typeof query>[]) =>
  (await licences.match({ ...look, queries })).licences.map((licence) => licence.identifier);
const issue = async (personId: string, change = {}) =>
  (await licences.issue(importOf(personId, change))).identifier;

test("one call answers for several people and types, with the fields in clear", async () => {
  const [mother, father] = [newId(), newId()];
  const held = [
    await issue(mother),
    await issue(mother, { type: enrolment, fields: { scheme: "居民" } }),
    await issue(father, { fields: { address: "示例路 2 号" } }),
  ];
  await issue(newId());
  const found = (await licences.match({ ...look, queries: [query(mother), query(father), query(mother)] }))
    .licences;
  expect(found.map((licence) => licence.identifier).sort()).toEqual([...held].sort());
  expect(found.find((licence) => licence.holderId === father)?.fields).toEqual({ address: "示例路 2 号" });
});

test("what is cancelled no longer counts, from the very next call on", async () => {
  const personId = newId();
  const identifier = await issue(personId);
  expect(await match(query(personId))).toEqual([identifier]);
  await licences.cancel({ identifier, reason: "注销", idempotencyKey: newId() });
  expect(await match(query(personId))).toEqual([]);
});

test("a licence counts to the end of its last day in Shanghai, not of the machine's day", async () => {
  const personId = newId();
  const type = { ...booklet, validMonths: 12 };
  const identifier = await issue(personId, { type, issuedAt: "2025-01-05T02:00:00.000Z" });
  registry.clock.at = new Date("2026-01-05T15:59:59.999Z"); // 23:59 there
  expect(await match(query(personId))).toEqual([identifier]);
  registry.clock.at = new Date("2026-01-05T16:00:00.000Z"); // midnight there, still the 5th in UTC
  expect(await match(query(personId))).toEqual([]);
});

test("evidence between two people is found for these two only", async () => {
  const [deceased, heir] = [newId(), newId()];
  const identifier = await issue(deceased, { type: enrolment, fields: {}, toPersonId: heir });
  expect(await match(query(deceased, [enrolment.code], heir))).toEqual([identifier]);
  expect(await match(query(deceased, [enrolment.code], newId()))).toEqual([]);
  expect(await match(query(deceased, [enrolment.code]))).toEqual([identifier]);
});

test("every look is in the log of each person asked about, also where nothing was found", async () => {
  const [holder, nobody] = [newId(), newId()];
  const identifier = await issue(holder);
  await licences.match({ ...look, queries: [query(holder, [booklet.code]), query(nobody)] });
  await licences.getHolders({ personIds: [holder], purpose: "询问登记机关", caseId: "case-1", actor: "" });
  await licences.get({ identifier, purpose: "核对", actor: "" });
  const log = await licences.listAccess({ personId: holder, limit: 0, cursor: "" });
  const by = "service:verification";
  expect(log.accesses).toMatchObject([
    { actor: by, purpose: "核对", evidence: [booklet.code], identifiers: [identifier] },
    { actor: by, purpose: "询问登记机关", caseId: "case-1" },
    { actor: "window:7", purpose: look.purpose, evidence: [booklet.code], identifiers: [identifier] },
  ]);
  const none = await licences.listAccess({ personId: nobody, limit: 0, cursor: "" });
  expect(none.accesses).toMatchObject([{ evidence: [booklet.code, enrolment.code], identifiers: [] }]);
});

test("a hundred looks at once are a hundred entries, read page by page without gap or twin", async () => {
  const personId = newId();
  await issue(personId);
  await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      licences.match({ ...look, purpose: `look ${i}`, queries: [query(personId)] }),
    ),
  );
  const purposes: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await licences.listAccess({ personId, limit: 30, cursor });
    purposes.push(...page.accesses.map((access) => access.purpose));
    cursor = page.nextCursor;
    if (!cursor) break;
  }
  expect(new Set(purposes).size).toBe(100);
  expect(purposes).toHaveLength(100);
});

test.each([
  ["no purpose", { purpose: " " }, "access.purpose"],
  ["an endless purpose", { purpose: "x".repeat(201) }, "access.purpose"],
  ["a person id that is none", { queries: [query("a/b")] }, "request.person_id"],
  ["too many at once", { queries: Array.from({ length: 501 }, () => query(newId())) }, "request.too_many"],
])("%s is refused", async (_, change, reason) => {
  const request = { ...look, queries: [query(newId())], ...change };
  await expect(licences.match(request)).rejects.toMatchObject({ code: "invalid", reason });
});

test("a destroyed key leaves the licence dark, and the look is still refused in words", async () => {
  const personId = newId();
  await issue(personId);
  await registry.keyring.destroy(`holder/${personId}`, { actor: "retention", purpose: "ended" });
  await expect(match(query(personId))).rejects.toMatchObject({ reason: "keyring.destroyed" });
  expect((await registry.read(citizen(personId), "/access-log")).status).toBe(200);
});
