import { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import { LicenceIssued } from "@onething/contracts/licence/v1/events";
import { describe, expect, test } from "vitest";
import { parseIdentifier } from "./identifier.ts";
import { decide, evolve, type Issue, type LicenceCommand, type LicenceState, statusOn } from "./licence.ts";

const now = new Date("2026-01-05T16:30:00.000Z"); // already the 6th in Shanghai
const at = now.toISOString();
const issuer = { code: "police", uscc: "11430999006123001Y", name: { zh: "公安局", en: "Police" } };
const of = EvidenceType.fromPartial({
  code: "booklet",
  name: { zh: "户口簿", en: "Booklet" },
  kind: "licence",
  typeCode: "11100000000013127D005",
  fields: [{ name: "page", label: { zh: "页", en: "Page" }, type: "text" }],
});
const issue: Issue = {
  type: "issue",
  of,
  holderId: "p1",
  toHolderId: "",
  issuer,
  serial: "TEST00000000000000000001",
  sealedFields: "s1.k.x",
};
const cancel: LicenceCommand = { type: "cancel", reason: "遗失" };

const revoke: LicenceCommand = {
  ...{ type: "revoke", ground: "fraud", reasons: [{ zh: "材料虚假", en: "forged" }], by: "officer:li" },
  ...{ revokedAt: "2026-01-05T10:00:00.000Z", shownInCases: ["case-2"] },
};

function run(state: LicenceState | null, command: LicenceCommand): LicenceState | null {
  return decide(state, command, now).events.reduce<LicenceState | null>(
    (current, event) => evolve(current, { ...event, at }),
    state,
  );
}
const valid = run(null, issue)!;
const cancelled = run(valid, cancel)!;
const revoked = run(valid, revoke)!;

describe("every state by every action", () => {
  test.each([
    ["none", null, "issue", issue, "valid"],
    ["none", null, "cancel", cancel, "licence.not_issued"],
    ["none", null, "revoke", revoke, "licence.not_issued"],
    ["valid", valid, "issue", issue, "valid, nothing new"],
    ["valid", valid, "cancel", cancel, "cancelled"],
    ["valid", valid, "revoke", revoke, "revoked"],
    ["cancelled", cancelled, "issue", issue, "cancelled, nothing new"],
    ["cancelled", cancelled, "cancel", cancel, "cancelled, nothing new"],
    ["cancelled", cancelled, "revoke", revoke, "revoked"],
    ["revoked", revoked, "issue", issue, "revoked, nothing new"],
    ["revoked", revoked, "cancel", cancel, "revoked, nothing new"],
    ["revoked", revoked, "revoke", revoke, "revoked, nothing new"],
  ])("%s --%s--> %s", (_, state, __, command, expected) => {
    const outcome = () => {
      try {
        const { events } = decide(state, command, now);
        return `${run(state, command)?.status}${events.length === 0 ? ", nothing new" : ""}`;
      } catch (error) {
        return (error as { reason: string }).reason;
      }
    };
    expect(outcome()).toBe(expected);
  });
});

test("an issued licence has an identifier that checks, its type's labels and the day of the city", () => {
  expect(parseIdentifier(valid.identifier)).toEqual({
    typeCode: of.typeCode,
    issuer: issuer.uscc,
    serial: issue.serial,
    version: 1,
  });
  expect(valid.schema).toEqual([{ name: "page", label: { zh: "页", en: "Page" } }]);
  expect(run(null, { ...issue, of: { ...of, validMonths: 12 } })?.validUntil).toBe("2027-01-06");
});

test("a registration has a record id and neither type code nor national identifier", () => {
  const made = run(null, { ...issue, of: { ...of, kind: "registration" } })!;
  expect(made.identifier).toBe("R-BOOKLET-20260106-TEST00000000000000000001");
  expect(made.typeCode).toBe("");
});

test("a new version keeps the serial and counts on; another issuer starts a serial of its own", () => {
  const next = run(null, { ...issue, serial: "TESTX", replaces: valid })!;
  expect(parseIdentifier(next.identifier)).toMatchObject({ serial: issue.serial, version: 2 });
  expect(next.replaces).toBe(valid.identifier);
  const other = { ...issuer, uscc: "12430999006123028K" };
  const moved = run(null, { ...issue, serial: "TESTX", issuer: other, replaces: valid })!;
  expect(parseIdentifier(moved.identifier)).toMatchObject({ serial: "TESTX", version: 1 });
  expect(moved.replaces).toBe(valid.identifier);
});

test("the 999th version is followed by a new serial, since three digits write no more", () => {
  const last = run(null, { ...issue, replaces: { ...valid, identifier: reissued(valid.identifier, 998) } })!;
  expect(last.version).toBe(999);
  expect(run(null, { ...issue, serial: "TESTX", replaces: last })?.version).toBe(1);
});

function reissued(identifier: string, version: number): string {
  let state = valid;
  for (let n = 1; n < version; n++) state = run(null, { ...issue, replaces: state })!;
  expect(parseIdentifier(identifier)).not.toBeNull();
  return state.identifier;
}

test.each([
  ["a kind that only registers have", { of: { ...of, kind: "record" } }, "licence.kind"],
  ["a type without its code", { of: { ...of, typeCode: "" } }, "licence.type_code"],
  [
    "an issuer with a wrong check sign",
    { issuer: { ...issuer, uscc: "11430999006123001X" } },
    "licence.issuer",
  ],
  ["a day to come", { issuedAt: "2026-01-05T16:30:00.001Z" }, "licence.issued_in_future"],
])("is not issued: %s", (_, change, reason) => {
  expect(() => decide(null, { ...issue, ...change }, now)).toThrow(expect.objectContaining({ reason }));
});

test("cancelling needs a reason", () => {
  expect(() => decide(valid, { type: "cancel", reason: " " }, now)).toThrow(
    expect.objectContaining({ reason: "licence.reason_missing" }),
  );
});

test("a revoked licence says why, on what ground, by whom and since when, and is revoked also when it has expired", () => {
  expect(revoked.revoked).toEqual({
    ...{ at: "2026-01-05T10:00:00.000Z", ground: "fraud", by: "officer:li" },
    reasons: [{ zh: "材料虚假", en: "forged" }],
  });
  expect(statusOn({ ...revoked, validUntil: "2026-01-06" }, "2027-01-01")).toBe("revoked");
  expect(run(cancelled, revoke)?.cancelled).toEqual(cancelled.cancelled);
});

test("a licence counts on its last day and is expired on the next", () => {
  const state = { ...valid, validUntil: "2027-01-06" };
  expect(statusOn(state, "2027-01-06")).toBe("valid");
  expect(statusOn(state, "2027-01-07")).toBe("expired");
  expect(statusOn({ ...state, status: "cancelled" }, "2027-01-07")).toBe("cancelled");
});

test("folding the stored bytes of an event gives the same state as deciding did", () => {
  const command: Issue = { ...issue, issuedAt: "2016-05-04T00:00:00+08:00" };
  const { events } = decide(null, command, now);
  const data = events[0]!.data as LicenceIssued;
  const stored = LicenceIssued.decode(LicenceIssued.encode(data).finish());
  expect(evolve(null, { type: "licence.issued", data: stored, at })).toEqual(run(null, command));
});
