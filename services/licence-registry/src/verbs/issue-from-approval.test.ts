import type { LicenceIssued } from "@onething/contracts/licence/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseIdentifier } from "../domain/identifier.ts";
import type { LicenceState } from "../domain/licence.ts";
import { licenceKind } from "../kinds.ts";
import {
  booklet,
  clinic,
  enrolment,
  grantOf,
  importOf,
  type Licences,
  nextNumber,
  police,
  startRegistry,
  type TestRegistry,
  verification,
} from "../registry.fixture.ts";
import type { Registry } from "../registry.ts";
import { issueFromApproval } from "./issue-from-approval.ts";

let registry: TestRegistry;
let licences: Licences;
beforeAll(async () => {
  registry = await startRegistry();
  licences = registry.as(verification);
});
afterAll(() => registry.stop());

const hear = (event: PublishedEvent, service = registry.service) => service.consumers[0]!.handle(event);
const of = async (personId: string) =>
  (
    await registry.db.query<{ state: LicenceState; id: string }>(
      "select id, state from licence where holder_id = $1 order by (state ->> 'version')::int, issued_at",
      [personId],
    )
  ).map((row) => ({ ...row.state, id: row.id }));
const matched = async (personId: string, evidence = booklet.code) =>
  (
    await licences.match({
      queries: [{ personId, evidence: [evidence], toPersonId: "" }],
      purpose: "核对",
      actor: "",
      caseId: "",
      items: [],
    })
  ).licences;

const page = {
  pair: { evidence: booklet.code, role: "child" },
  kind: "licence",
  fields: ["number", "address"],
};
const insured = {
  pair: { evidence: enrolment.code, role: "child" },
  kind: "registration",
  fields: ["scheme"],
};
const grant = (personId: string, result: Record<string, string>, item: object) =>
  grantOf(registry, result, {
    item: { code: "X3", name: { zh: "示例事项", en: "Sample item" }, department: police, ...item },
    subjects: [{ role: "child", personId }],
  });

describe("a granted item", () => {
  test("issues every product in the department's name, with the fields for its holder and for its case", async () => {
    const [child, number] = [newId(), nextNumber()];
    const result = { number, address: "示例路 1 号", scheme: "居民", note: "内部" };
    const event = await grant(child, result, { produces: [page, insured] });
    await hear(event);
    const [licence, registration] = (await of(child)).sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(licence).toMatchObject({ caseId: event.caseId, item: "X3", issuer: police, status: "valid" });
    expect(registration).toMatchObject({ kind: "registration", evidence: enrolment.code, typeCode: "" });
    const [issued] = await registry.service.journal.history(licenceKind, licence!.id);
    expect(issued).toMatchObject({ caseId: event.caseId, actor: "consumer:licence-registry" });
    const { sealedForCase, sealedFields, pair } = issued!.data as LicenceIssued;
    const audit = { actor: "test", purpose: "test" };
    const carried = { number, address: "示例路 1 号" };
    expect(await registry.keyring.open([sealedForCase, sealedFields], audit)).toEqual([carried, carried]);
    expect(sealedForCase.split(".")[1]).not.toBe(sealedFields.split(".")[1]);
    expect(pair).toEqual({ ...page.pair, to: "" });
  });

  test("binds the number it brings to the child, who had none", async () => {
    const [child, number] = [newId(), nextNumber()];
    await hear(await grant(child, { number, address: "x" }, { produces: [page] }));
    expect((await licences.identify({ identityNumber: number, name: "" })).personId).toBe(child);
  });

  test("heard again, also by another replica at the same moment, is one licence for each product", async () => {
    const child = newId();
    const event = await grant(child, { number: nextNumber(), address: "x" }, { produces: [page, insured] });
    const replica = registry.replica();
    await Promise.all([hear(event), hear(event, replica), hear(event)]);
    await hear(event);
    await replica.stop();
    expect(await of(child)).toHaveLength(2);
    for (const { id } of await of(child))
      expect(await registry.service.journal.history(licenceKind, id)).toHaveLength(1);
  });

  test("with a new page of the same booklet continues its serial; the old page ends and is never found beside it", async () => {
    const child = newId();
    const first = await licences.issue(importOf(child));
    const event = await grant(child, { address: "新址" }, { produces: [{ ...page, replaces: true }] });
    await hear(event);
    await hear(event);
    const [old, next] = await of(child);
    expect(old).toMatchObject({ identifier: first.identifier, status: "cancelled" });
    expect(old?.cancelled?.reason).toBe("示例事项换发新证 / replaced by Sample item");
    expect(next).toMatchObject({ version: 2, replaces: first.identifier, status: "valid" });
    expect(parseIdentifier(next!.identifier)?.serial).toBe(parseIdentifier(first.identifier)?.serial);
    expect((await matched(child)).map((l) => l.identifier)).toEqual([next?.identifier]);
  });

  test("two grants that replace one page at once make one next version after another", async () => {
    const child = newId();
    await licences.issue(importOf(child));
    const produces = [{ ...page, replaces: true }];
    const events = [
      await grant(child, { address: "甲" }, { produces }),
      await grant(child, { address: "乙" }, { produces }),
    ];
    const heard = await Promise.allSettled(events.map((event) => hear(event)));
    for (const [i, { status }] of heard.entries()) if (status === "rejected") await hear(events[i]!);
    expect((await of(child)).map((l) => [l.version, l.status])).toEqual([
      [1, "cancelled"],
      [2, "cancelled"],
      [3, "valid"],
    ]);
    expect(await matched(child)).toHaveLength(1);
  });

  test("ends what it takes away, and nothing that was issued since", async () => {
    const [deceased, living] = [newId(), newId()];
    await licences.issue(importOf(deceased));
    await licences.issue(importOf(living));
    const event = await grant(deceased, {}, { ends: [{ evidence: booklet.code, role: "child" }] });
    const later = { ...event, id: `${event.id}-later`, at: new Date(0).toISOString() };
    await hear(later);
    expect(await matched(deceased)).toHaveLength(1);
    await hear(event);
    await hear(event);
    expect(await matched(deceased)).toEqual([]);
    expect((await of(deceased))[0]?.cancelled).toMatchObject({ caseId: event.caseId, item: "X3" });
    expect(await matched(living)).toHaveLength(1);
  });

  test("that ends and produces the same pair leaves what it has produced", async () => {
    const child = newId();
    await licences.issue(importOf(child));
    const ends = [{ evidence: booklet.code, role: "child" }];
    const event = await grant(child, { address: "x" }, { produces: [page], ends });
    await hear({ ...event, at: "2999-01-01T00:00:00.000Z" });
    expect((await of(child)).map((l) => l.status).sort()).toEqual(["cancelled", "valid"]);
    expect((await matched(child))[0]?.caseId).toBe(event.caseId);
  });

  test.each([
    ["the number of somebody else", async () => ({ number: await taken() }), "holder.number_taken"],
    [
      "a number with a wrong check character",
      async () => ({ number: "430999199001011000" }),
      "holder.identity_number",
    ],
  ])("with %s issues nothing and waits for people", async (_, result, reason) => {
    const child = newId();
    const event = await grant(child, { address: "x", ...(await result()) }, { produces: [page] });
    await expect(hear(event)).rejects.toMatchObject({ reason });
    expect(await of(child)).toEqual([]);
  });

  test("without a department issues nothing", async () => {
    const event = await grant(newId(), { address: "x" }, { produces: [page], department: undefined });
    await expect(hear(event)).rejects.toMatchObject({ reason: "licence.no_issuer" });
  });
});

async function taken(): Promise<string> {
  const number = nextNumber();
  await licences.identify({ identityNumber: number, name: "他人" });
  return number;
}

test("broken off before or after any commit and heard again, a grant ends as if nothing had happened", async () => {
  const actor = "consumer:licence-registry";
  let steps = 0;
  for (const moment of ["before", "after"] as const)
    for (let at = 1, broken = true; broken; at++, steps++) {
      const [child, number] = [newId(), nextNumber()];
      await licences.issue(importOf(child));
      const produces = [{ ...page, replaces: true }, insured];
      const event = await grant(child, { number, address: "x", scheme: "居民" }, { produces });
      broken = await issueFromApproval(failing(at, moment), actor, event).then(
        () => false,
        () => true,
      );
      await hear(event);
      const all = (await of(child)).map((l) => `${l.evidence} ${l.version} ${l.status}`).sort();
      expect(all).toEqual(["booklet 1 cancelled", "booklet 2 valid", "enrolment 1 valid"]);
      expect((await licences.identify({ identityNumber: number, name: "" })).personId).toBe(child);
    }
  // The number, two licences, one cancellation: each of the four broken on both sides, and twice unbroken.
  expect(steps).toBe(10);
});

/** The registry whose process dies around its n-th commit. */
function failing(nth: number, moment: "before" | "after"): Registry {
  const { journal } = registry.service;
  let calls = 0;
  const submit: typeof journal.submit = async (...command) => {
    const fails = ++calls >= nth;
    if (fails && moment === "before") throw new Error("killed");
    const answer = await journal.submit(...command);
    if (fails) throw new Error("killed");
    return answer;
  };
  const { db, keyring } = registry;
  return { db, keyring, journal: { ...journal, submit }, now: () => new Date(), serialPrefix: "TEST" };
}

test("another department's new version has a serial of its own and still follows the old one", async () => {
  const child = newId();
  const first = await licences.issue(importOf(child));
  await hear(
    await grant(child, { address: "x" }, { produces: [{ ...page, replaces: true }], department: clinic }),
  );
  const next = (await of(child)).find((l) => l.status === "valid");
  expect(next).toMatchObject({ version: 1, replaces: first.identifier, issuer: clinic });
});

test("every chain, fold and state is sound after all this", async () => {
  const found: unknown[] = [];
  for await (const violation of registry.service.journal.verify()) found.push(violation);
  expect(found).toEqual([]);
});
