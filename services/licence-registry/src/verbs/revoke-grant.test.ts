// A grant that is taken back (Licensing Law art. 69) takes what it has issued with it, in whatever order it is heard of.
import type { GrantRevoked, LicenceRevoked } from "@onething/contracts/licence/v1/events";
import { Applier, listStuck } from "@onething/events/apply";
import type { PublishedEvent } from "@onething/events/consumer";
import { eventTypes } from "@onething/events/names";
import type { StoredEvent } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LicenceState } from "../domain/licence.ts";
import { revocationId } from "../domain/revocation.ts";
import { licenceKind, revocationKind } from "../kinds.ts";
import {
  booklet,
  citizen,
  enrolment,
  forged,
  grantOf,
  importOf,
  type Licences,
  nextNumber,
  officer,
  police,
  revocationOf,
  startRegistry,
  type TestRegistry,
  verification,
} from "../registry.fixture.ts";
import type { Registry } from "../registry.ts";
import { issueFromApproval } from "./issue-from-approval.ts";
import { revokeGrant } from "./revoke-grant.ts";

let registry: TestRegistry;
let licences: Licences;
beforeAll(async () => {
  registry = await startRegistry();
  licences = registry.as(verification);
});
afterAll(() => registry.stop());

const actor = "consumer:licence-registry";
const hear = (event: PublishedEvent, service = registry.service) => service.consumers[0]!.handle(event);
const of = async (personId: string) =>
  (
    await registry.db.query<{ state: LicenceState; id: string }>(
      "select id, state from licence where holder_id = $1 order by (state ->> 'version')::int, issued_at",
      [personId],
    )
  ).map((row) => ({ ...row.state, id: row.id }));
const statuses = async (personId: string) =>
  (await of(personId)).map((l) => `${l.evidence} ${l.version} ${l.status}`).sort();
const matched = async (personId: string, evidence = booklet.code, caseId = "") =>
  (
    await licences.match({
      queries: [{ personId, evidence: [evidence], toPersonId: "" }],
      ...{ purpose: "核对", actor: "", caseId, items: [] },
    })
  ).licences;

const pair = (evidence: string) => ({ evidence, role: "child" });
const page = { pair: pair(booklet.code), kind: "licence", fields: ["number", "address"] };
const insured = { pair: pair(enrolment.code), kind: "registration", fields: ["scheme"] };
const grant = (personId: string, result: Record<string, string>, item: object) =>
  grantOf(registry, result, {
    item: { code: "X3", name: { zh: "示例事项", en: "Sample item" }, department: police, ...item },
    subjects: [{ role: "child", personId }],
  });
const simple = (child: string, item: object = {}) =>
  grant(child, { address: "x", scheme: "居民" }, { produces: [page, insured], ...item });

describe("a revoked grant", () => {
  test("revokes everything it has issued, with reason, ground, actor and time, and nothing of another item", async () => {
    const child = newId();
    const granted = await simple(child);
    const other = await grantOf(
      registry,
      { scheme: "职工" },
      {
        caseId: granted.caseId,
        item: { code: "X4", department: police, produces: [insured] },
        subjects: [{ role: "child", personId: child }],
      },
    );
    await hear(granted);
    await hear(other);
    const revoked = revocationOf(granted);
    await hear(revoked);
    expect(await statuses(child)).toEqual(["booklet 1 revoked", "enrolment 1 revoked", "enrolment 1 valid"]);
    const [licence] = (await of(child)).filter(({ evidence }) => evidence === booklet.code);
    const why = { ground: "fraud", reasons: [forged], by: "officer:wang" };
    expect(licence!.revoked).toEqual({ at: revoked.at, ...why });
    const last = (await registry.service.journal.history(licenceKind, licence!.id)).at(-1)!;
    expect(last).toMatchObject({ type: "licence.revoked", caseId: granted.caseId, actor });
    expect(last.data as LicenceRevoked).toMatchObject({ ...why, item: "X3", revokedAt: revoked.at });
  });

  test("is never evidence again, and shows as revoked with its reason to holder, office and services", async () => {
    const child = newId();
    const granted = await simple(child);
    await hear(granted);
    const [before] = await matched(child);
    await hear(revocationOf(granted));
    expect(await matched(child)).toEqual([]);
    expect(await matched(child, enrolment.code)).toEqual([]);
    const shown = { status: "revoked", revoked: { reasons: [forged], ground: "fraud", by: "officer:wang" } };
    const wallet = await registry.read(citizen(child), "/licences");
    expect((wallet.body as { licences: unknown[] }).licences).toMatchObject([shown, shown]);
    const path = `/licences/${before!.identifier}`;
    expect((await registry.read(officer("police"), path)).body).toMatchObject(shown);
    const asked = await licences.get({ identifier: before!.identifier, purpose: "核对", actor: "" });
    expect(asked.licence?.status).toBe("revoked");
  });

  test("is told in the access log of the holder, once for each licence", async () => {
    const child = newId();
    const granted = await simple(child);
    await hear(granted);
    const revoked = revocationOf(granted);
    await hear(revoked);
    await hear(revoked);
    const { accesses } = await licences.listAccess({ personId: child, limit: 50, cursor: "" });
    const told = accesses.filter(({ purpose }) => purpose.includes("was revoked"));
    expect(told.map(({ evidence }) => evidence).sort()).toEqual([[booklet.code], [enrolment.code]]);
    for (const one of told)
      expect(one).toMatchObject({ actor: "officer:wang", at: revoked.at, caseId: granted.caseId });
  });

  test("gives nothing back that it had replaced or ended, and says what stays ended", async () => {
    const child = newId();
    const old = await licences.issue(importOf(child));
    const scheme = { type: enrolment, fields: { scheme: "居民" } };
    const gone = await licences.issue(importOf(child, scheme));
    const granted = await grant(
      child,
      { address: "新址" },
      {
        produces: [{ ...page, replaces: true }],
        ends: [pair(enrolment.code)],
      },
    );
    await hear(granted);
    await hear(revocationOf(granted));
    expect(await statuses(child)).toEqual([
      "booklet 1 cancelled",
      "booklet 2 revoked",
      "enrolment 1 cancelled",
    ]);
    expect(await matched(child)).toEqual([]);
    const id = revocationId(granted.caseId, "X3");
    const [mark] = await registry.service.journal.history(revocationKind, id);
    expect(mark).toMatchObject({ type: "licence.grant_revoked", caseId: granted.caseId });
    expect([...(mark!.data as GrantRevoked).stayEnded].sort()).toEqual(
      [old.identifier, gone.identifier].sort(),
    );
    const again = await grant(child, { address: "再次" }, { produces: [{ ...page, replaces: true }] });
    await hear(again);
    expect((await matched(child)).map(({ caseId }) => caseId)).toEqual([again.caseId]);
  });

  test("names the other cases in which the licence was shown, for they may have relied on it", async () => {
    const child = newId();
    const granted = await simple(child);
    await hear(granted);
    const relied = newId();
    await matched(child, booklet.code, relied);
    await matched(child, booklet.code, granted.caseId);
    await matched(child, enrolment.code, "asked-for-something-else");
    await hear(revocationOf(granted));
    const [licence] = (await of(child)).filter(({ evidence }) => evidence === booklet.code);
    const last = (await registry.service.journal.history(licenceKind, licence!.id)).at(-1)!;
    expect((last.data as LicenceRevoked).shownInCases).toEqual([relied]);
  });

  test("heard again, also by another replica at the same moment, is revoked once", async () => {
    const child = newId();
    const granted = await simple(child);
    await hear(granted);
    const revoked = revocationOf(granted);
    const replica = registry.replica();
    await Promise.all([hear(revoked), hear(revoked, replica), hear(revoked)]);
    await Promise.all([hear(granted), hear(granted, replica)]);
    await replica.stop();
    for (const { id } of await of(child))
      expect((await registry.service.journal.history(licenceKind, id)).map(({ type }) => type)).toEqual([
        "licence.issued",
        "licence.revoked",
      ]);
  });
});

describe("whatever the order", () => {
  test("a grant heard after its revocation issues nothing, binds no number and ends nothing", async () => {
    const [child, number] = [newId(), nextNumber()];
    await licences.issue(importOf(child, { type: enrolment, fields: { scheme: "居民" } }));
    const granted = await grant(
      child,
      { number, address: "x" },
      {
        produces: [page],
        ends: [pair(enrolment.code)],
      },
    );
    await hear(revocationOf(granted));
    await hear(granted);
    expect(await statuses(child)).toEqual(["enrolment 1 valid"]);
    expect((await licences.identify({ identityNumber: number, name: "" })).personId).not.toBe(child);
  });

  test("both heard at the same moment, by two replicas, never leave a valid licence", async () => {
    const replica = registry.replica();
    for (let i = 0; i < 20; i++) {
      const child = newId();
      const granted = await simple(child);
      await Promise.all([hear(granted), hear(revocationOf(granted), replica)]);
      expect((await of(child)).filter(({ status }) => status !== "revoked")).toEqual([]);
    }
    await replica.stop();
  });

  test("a grant broken off around any commit and then taken back, itself broken off anywhere, ends with nothing valid", async () => {
    const item = { produces: [{ ...page, replaces: true }, insured] };
    const broke = async (work: Promise<void>) =>
      work.then(
        () => false,
        () => true,
      );
    let tries = 0;
    for (let at = 1, inTheMiddle = true; inTheMiddle; at++)
      for (let stop = 1, again = true; again; stop++, tries++) {
        const child = newId();
        const old = await licences.issue(importOf(child));
        const granted = await simple(child, item);
        inTheMiddle = await broke(issueFromApproval(failing(at), actor, granted));
        const revoked = revocationOf(granted);
        again = await broke(revokeGrant(failing(stop), actor, revoked));
        await hear(revoked);
        await hear(granted);
        const all = await of(child);
        const issued = all.filter(({ identifier }) => identifier !== old.identifier);
        expect(issued.filter(({ status }) => status !== "revoked")).toEqual([]);
        // Replaced is replaced, also where nobody had come to say so; where nothing followed it, it stands.
        const followed = issued.some(({ replaces }) => replaces === old.identifier);
        expect(all.find(({ identifier }) => identifier === old.identifier)?.status).toBe(
          followed ? "cancelled" : "valid",
        );
      }
    expect(tries).toBeGreaterThan(10);
  });
});

/** The registry whose process dies before its n-th commit. */
function failing(nth: number): Registry {
  const { journal } = registry.service;
  let calls = 0;
  const submit: typeof journal.submit = async (...command) => {
    if (++calls >= nth) throw new Error("killed");
    return journal.submit(...command);
  };
  const { db, keyring } = registry;
  return { db, keyring, journal: { ...journal, submit }, now: () => new Date(), serialPrefix: "TEST" };
}

test("a grant that can never be issued leaves the stuck list when it is taken back, and its case goes on", async () => {
  const [child, number] = [newId(), nextNumber()];
  await licences.identify({ identityNumber: number, name: "他人" });
  const granted = await grant(child, { number, address: "x" }, { produces: [page] });
  const consumer = registry.service.consumers[0]!;
  const log = { warn: () => undefined, error: () => undefined };
  const { signal } = new AbortController();
  const apply = (...events: PublishedEvent[]) =>
    new Applier({ db: registry.db, consumer, log, signal, pauses: [] }).apply(events.map(stored));
  const sibling = await grantOf(
    registry,
    { scheme: "居民" },
    {
      caseId: granted.caseId,
      item: { code: "X4", department: police, produces: [insured] },
      subjects: [{ role: "child", personId: child }],
    },
  );
  await apply(granted, sibling);
  expect((await listStuck(registry.db)).map(({ eventId }) => eventId)).toEqual([granted.id, sibling.id]);
  await apply(revocationOf(granted));
  expect(await listStuck(registry.db)).toEqual([]);
  expect(await statuses(child)).toEqual(["enrolment 1 valid"]);
});

function stored(event: PublishedEvent): StoredEvent {
  const { codec, schema } = eventTypes[event.type];
  const payload = codec.encode(event.data as never).finish();
  return { ...event, schema, payload, xid: "1", position: event.version, hash: new Uint8Array() };
}

test("every chain, fold and state is sound after all this", async () => {
  const found: unknown[] = [];
  for await (const violation of registry.service.journal.verify()) found.push(violation);
  expect(found).toEqual([]);
});
