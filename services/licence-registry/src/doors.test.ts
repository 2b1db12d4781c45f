// Who gets what at which door: every route and method by every role, own and other.

import { newId } from "@onething/kernel/ids";
import type { Caller, Role } from "@onething/service/types";
import { roles } from "@onething/service/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  booklet,
  citizen,
  clinic,
  department,
  importOf,
  nextNumber,
  officer,
  police,
  startRegistry,
  type TestRegistry,
  verification,
} from "./registry.fixture.ts";

let registry: TestRegistry;
let mother: string;
let identifier: string;
const number = nextNumber();
beforeAll(async () => {
  registry = await startRegistry();
  const licences = registry.as(verification);
  mother = (await licences.identify({ identityNumber: number, name: "林知夏" })).personId;
  const request = importOf(mother, { fields: { number, name: "林知夏", address: "示例路 1 号" } });
  identifier = (await licences.issue(request)).identifier;
});
afterAll(() => registry.stop());

const caller = (role: Role): Caller => ({ role, sub: role, department: clinic.code, personId: "p-other" });

describe("gRPC", () => {
  const calls = {
    identify: { identityNumber: number, name: "" },
    getHolders: { personIds: ["p-1"], purpose: "核对", caseId: "", actor: "" },
    match: { queries: [], purpose: "核对", caseId: "", actor: "", items: [] },
    listAccess: { personId: "p-1", limit: 1, cursor: "" },
    get: { identifier: "none", purpose: "核对", actor: "" },
    issue: importOf("p-1", { issuer: clinic }),
    cancel: { identifier: "none", reason: "r", idempotencyKey: "key-12345678" },
  };
  const open: Record<keyof typeof calls, Role[]> = {
    identify: ["service"],
    getHolders: ["service"],
    match: ["service"],
    listAccess: ["service"],
    get: ["service", "department"],
    issue: ["service"],
    cancel: ["service", "department"],
  };
  const table = (Object.keys(calls) as (keyof typeof calls)[]).flatMap((method) =>
    roles.map((role) => [method, role, open[method].includes(role) ? "in" : "out"] as const),
  );
  test.each(table)("%s by %s: %s", async (method, role, expected) => {
    const call = registry.as(caller(role))[method] as (request: unknown) => Promise<unknown>;
    const answer = await call(calls[method]).then(
      () => "in",
      (error: { code: string }) => (error.code === "forbidden" ? "out" : "in"),
    );
    expect(answer).toBe(expected);
  });
});

describe("HTTP", () => {
  const statusOf = async (who: Caller, path: string) => (await registry.read(who, path)).status;

  test.each(roles.map((role) => [role, role === "citizen" ? 200 : 403] as const))(
    "wallet and access log by %s: %i",
    async (role, status) => {
      expect(await statusOf(caller(role), "/licences")).toBe(status);
      expect(await statusOf(caller(role), "/access-log")).toBe(status);
    },
  );

  test.each([
    ["its holder", () => citizen(mother), 200],
    ["another citizen", () => citizen("p-other"), 404],
    ["an account without a person", () => ({ role: "citizen", sub: "x" }) as Caller, 404],
    ["an officer of the issuing department", () => officer(police.code), 200],
    ["an officer of another department", () => officer(clinic.code), 404],
    ["an officer of no department", () => ({ role: "officer", sub: "x" }) as Caller, 404],
    ["the issuing department's system", () => department(police.code), 200],
    ["a window clerk", () => caller("clerk"), 404],
    ["an operator", () => caller("operator"), 404],
    ["a service", () => caller("service"), 404],
  ])("one licence by %s", async (_, who, status) => {
    expect(await statusOf(who(), `/licences/${identifier}`)).toBe(status);
  });

  test("the holder sees fields with their labels in both languages", async () => {
    const { body } = await registry.read(citizen(mother), `/licences/${identifier}`);
    expect(body).toMatchObject({
      identifier,
      status: "valid",
      validUntil: null,
      holder: { id: mother, name: "林知夏" },
      issuer: police,
      fields: [
        { name: "number", label: { zh: "号码", en: "Number" }, value: number },
        { name: "name", value: "林知夏" },
        { name: "address", value: "示例路 1 号" },
      ],
    });
  });

  test("a wallet is read page by page, newest first, and holds nothing of others", async () => {
    const personId = newId();
    const licences = registry.as(verification);
    const issued: string[] = [];
    for (const year of ["2018", "2021", "2024"])
      issued.unshift(
        (await licences.issue(importOf(personId, { issuedAt: `${year}-05-01T00:00:00.000Z` }))).identifier,
      );
    const seen: string[] = [];
    let path = "/licences?limit=2";
    for (let pages = 0; pages < 5; pages++) {
      const { body } = await registry.read(citizen(personId), path);
      const { licences: page, nextCursor } = body as {
        licences: { identifier: string }[];
        nextCursor: string;
      };
      seen.push(...page.map((licence) => licence.identifier));
      if (!nextCursor) break;
      path = `/licences?limit=2&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(seen).toEqual(issued);
  });

  test.each(["/licences?cursor=x", "/access-log?cursor=x", "/licences?limit=0", "/access-log?limit=1000"])(
    "%s is refused in words",
    async (path) => {
      const { status, body } = await registry.read(citizen(mother), path);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: "invalid", zh: expect.any(String), en: expect.any(String) });
    },
  );

  test("the holder finds every look, the officer's and his own; another citizen finds none of them", async () => {
    const personId = newId();
    const licences = registry.as(verification);
    const { identifier: own } = await licences.issue(importOf(personId));
    const queries = [{ personId, evidence: [booklet.code], toPersonId: "" }];
    await licences.match({ queries, purpose: "办理入学", caseId: "case-9", actor: "window:7", items: [] });
    await registry.read(officer(police.code), `/licences/${own}`);
    await registry.read(officer(clinic.code), `/licences/${own}`);
    await registry.read(citizen(personId), "/licences");
    const { body } = await registry.read(citizen(personId), "/access-log");
    expect(
      (body as { accesses: { actor: string; purpose: string; caseId: string }[] }).accesses,
    ).toMatchObject([
      { actor: `citizen:account-${personId}`, caseId: null },
      { actor: `officer:officer-${police.code}`, identifiers: [own] },
      { actor: "window:7", purpose: "办理入学", caseId: "case-9", evidence: [booklet.code] },
    ]);
    const other = await registry.read(citizen(newId()), "/access-log");
    expect(other.body).toEqual({ accesses: [], nextCursor: null });
  });
});
