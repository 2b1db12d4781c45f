import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isIdentifier } from "../domain/identifier.ts";
import { licenceKind } from "../kinds.ts";
import {
  booklet,
  clinic,
  department,
  enrolment,
  importOf,
  type Licences,
  police,
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

const reasonOf = (work: Promise<unknown>) => work.then(() => "accepted").catch((e) => e.reason);
const read = async (identifier: string) =>
  (await licences.get({ identifier, purpose: "核对", actor: "" })).licence;
const countOf = async (personId: string) =>
  (await registry.db.query("select from licence where holder_id = $1", [personId])).length;

describe("issuing", () => {
  test("an import repeated with the same key is one licence with one identifier", async () => {
    const request = importOf(newId(), { issuedAt: "2016-05-03T16:00:00.000Z" });
    const first = await licences.issue(request);
    expect(isIdentifier(first.identifier)).toBe(true);
    expect(first.identifier).toContain(".TEST");
    expect(await licences.issue(request)).toEqual(first);
    expect(await countOf(request.personId)).toBe(1);
    expect(await read(first.identifier)).toMatchObject({
      status: "valid",
      version: 1,
      issuedAt: "2016-05-03T16:00:00.000Z",
      fields: { address: "示例路 1 号" },
      issuer: police,
    });
  });

  test("the same key with another body is a conflict", async () => {
    const request = importOf(newId());
    await licences.issue(request);
    const other = licences.issue({ ...request, fields: { address: "别处" } });
    await expect(other).rejects.toMatchObject({ code: "conflict", reason: "idempotency.other_body" });
  });

  test("the same request at two replicas at once is one licence", async () => {
    const personId = newId();
    const replica = registry.replica();
    const request = importOf(personId);
    const door = (service: typeof replica) => service.rpc[0]!.implementation.issue!;
    const context = { caller: verification, signal: new AbortController().signal, requestId: "r" };
    const answers = await Promise.all(
      [registry.service, replica, registry.service, replica].map((s) => door(s)(request as never, context)),
    );
    await replica.stop();
    expect(new Set(answers.map((a) => (a as { identifier: string }).identifier)).size).toBe(1);
    expect(await countOf(personId)).toBe(1);
  });

  test("two licences of one type for one person have serials of their own", async () => {
    const personId = newId();
    const [a, b] = [await licences.issue(importOf(personId)), await licences.issue(importOf(personId))];
    expect(a.identifier).not.toBe(b.identifier);
  });

  test("a registration gets a record id", async () => {
    const { identifier } = await licences.issue(importOf(newId(), { type: enrolment, fields: {} }));
    expect(identifier).toMatch(/^R-ENROLMENT-\d{8}-TEST[0-9A-Z]{20}$/);
  });

  test.each([
    ["without a key", { idempotencyKey: "" }, "licence.incomplete"],
    ["without a person", { personId: "" }, "licence.incomplete"],
    ["for a person id that is none", { personId: "a/b" }, "request.person_id"],
    ["with a required field missing", { fields: {} }, "licence.fields"],
    ["with a field the type lacks", { fields: { address: "x", colour: "red" } }, "licence.fields"],
    ["of a kind that is not issued", { type: { ...booklet, kind: "record" } }, "licence.kind"],
    ["in the future", { issuedAt: "2999-01-01T00:00:00.000Z" }, "licence.issued_in_future"],
  ])("%s is refused, and nothing is kept", async (_, change, reason) => {
    const request = { ...importOf(newId()), ...change };
    expect(await reasonOf(licences.issue(request))).toBe(reason);
    expect(await countOf(request.personId)).toBe(0);
  });
});

describe("cancelling", () => {
  test("it needs a reason, happens once, and a repeat is harmless", async () => {
    const { identifier } = await licences.issue(importOf(newId()));
    const order = { identifier, reason: "遗失", idempotencyKey: newId() };
    expect(await reasonOf(licences.cancel({ ...order, reason: "", idempotencyKey: newId() }))).toBe(
      "licence.reason_missing",
    );
    await licences.cancel(order);
    await licences.cancel(order);
    await licences.cancel({ ...order, idempotencyKey: newId() });
    const [row] = await registry.db.query<{ id: string }>("select id from licence where identifier = $1", [
      identifier,
    ]);
    const history = await registry.service.journal.history(licenceKind, row!.id);
    expect(history.map((event) => event.type)).toEqual(["licence.issued", "licence.cancelled"]);
    expect((await read(identifier))?.status).toBe("cancelled");
  });

  test("an unknown identifier is not found", async () => {
    expect(await reasonOf(licences.cancel({ identifier: "x", reason: "r", idempotencyKey: newId() }))).toBe(
      "licence.not_found",
    );
  });
});

test("a department reads and cancels in its own name only; of others it learns nothing", async () => {
  const [own, other] = [registry.as(department(police.code)), registry.as(department(clinic.code))];
  const { identifier } = await licences.issue(importOf(newId()));
  const asked = { identifier, purpose: "核对", actor: "" };
  const order = { identifier, reason: "r", idempotencyKey: newId() };
  expect((await own.get(asked)).licence?.identifier).toBe(identifier);
  expect(await reasonOf(other.get(asked))).toBe("licence.not_found");
  expect(await reasonOf(other.cancel(order))).toBe("licence.not_found");
  expect(await reasonOf(own.issue(importOf(newId())))).toBe("role.not_allowed");
  expect(await reasonOf(own.cancel(order))).toBe("accepted");
});

test("every chain, fold and state is sound after all this", async () => {
  const found: unknown[] = [];
  for await (const violation of registry.service.journal.verify()) found.push(violation);
  expect(found).toEqual([]);
});
