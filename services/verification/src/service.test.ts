import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alternative, booklet, licence, numbers, requirement } from "./domain/ladder.fixture.ts";
import { request, startVerification } from "./service.fixture.ts";

let city: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  city = await startVerification();
});
afterAll(() => city.stop());

const brief = (receipts: Receipt[]) =>
  receipts.map((each) => [each.requirement, each.item, each.personId, each.rule, each.state]);

describe("Resolve", () => {
  test("proves by licence and register, with a receipt for each (item, requirement, person)", async () => {
    const { receipts } = await city.client.resolve(request("proves"));
    expect(brief(receipts)).toEqual([
      ["mothers-booklet", "I1", "mother", "licence", "proved"],
      ["mothers-booklet", "I2", "mother", "licence", "proved"],
      ["fathers-booklet", "I1", "father", "register", "proved"],
      ["birth", "I1", "child", "register", "proved"],
      ["birth-again", "", "child", "register", "proved"],
    ]);
    expect(receipts[3]?.proof).toMatchObject({
      kind: "register",
      reference: "R-record",
      source: { en: "the maternity hospital" },
      at: "2026-11-24T00:00:00.000Z",
    });
  });

  test("seals the fields under the case's key, once for all items, and names people by their id", async () => {
    const { receipts } = await city.client.resolve(request("seals"));
    const [first, second, fathers, birth] = receipts.map((each) => each.proof?.sealedFields);
    expect(await city.open(first)).toEqual({ number: numbers.mother, page: "3" });
    expect(second).toBe(first);
    expect(await city.open(fathers)).toEqual({ page: "5", spouse: "mother" });
    expect(await city.open(birth)).toEqual({ motherNumber: numbers.mother, weight: "3200" });
    await city.keyring.destroy("case/seals", { actor: "test", purpose: "test" });
    await expect(city.open(birth)).rejects.toThrow();
  });

  test("seals for each item only the fields it is shown; what must match need not be shown", async () => {
    const [booklets, fathers, birth] = request("minimal").requirements;
    const to = (fields: Record<string, string[]>) => ({
      fields: Object.fromEntries(Object.entries(fields).map(([of, names]) => [of, { names }])),
    });
    const requirements = [
      { ...booklets!, items: ["I1", "I2", "I3"], disclosure: to({ I1: ["page"], I2: [] }) },
      { ...fathers!, disclosure: to({ I1: ["page"] }) },
      { ...birth!, items: ["I1", ""], disclosure: to({}) },
    ];
    const { receipts } = await city.client.resolve(request("minimal", { requirements }));
    expect(receipts.map(({ state }) => state)).toEqual(Array(6).fill("proved"));
    const opened = await Promise.all(receipts.map(({ proof }) => city.open(proof?.sealedFields)));
    const all = { motherNumber: numbers.mother, weight: "3200" };
    expect(opened).toEqual([{ page: "3" }, {}, {}, { page: "5" }, {}, all]);
    expect(receipts.map(({ proof }) => proof?.sealedFields === "")).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  test("asks the licence registry once, each register once a question, and reads only the numbers it needs", async () => {
    const before = [city.registry.matched, city.registry.read, city.hospital.asked, city.police.asked].map(
      (all) => all.length,
    );
    const calls = city.meters.read().registerCalls ?? 0;
    await city.client.resolve(request("frugal"));
    const made = [city.registry.matched, city.registry.read, city.hospital.asked, city.police.asked].map(
      (all, at) => all.length - before[at]!,
    );
    expect(made).toEqual([1, 1, 1, 1]);
    expect((city.meters.read().registerCalls ?? 0) - calls).toBe(2);
    expect(city.registry.matched.at(-1)).toMatchObject({
      purpose: "a child is born",
      actor: "citizen:1",
      items: ["I1", "I2"],
    });
    expect(city.registry.read.at(-1)?.personIds.sort()).toEqual(["father", "mother"]);
    expect(city.hospital.asked.at(-1)).toMatchObject({
      identityNumber: numbers.mother,
      fields: ["motherNumber", "weight"],
    });
  });

  test("without pin keeps nothing", async () => {
    await city.client.resolve(request("preview"));
    await expect(city.client.getReceipts({ caseId: "preview" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("picks none of several licences, and asks which one counts", async () => {
    city.registry.licences.push(licence({ identifier: "L2" }));
    const { receipts } = await city.client.resolve(request("several"));
    city.registry.licences.pop();
    expect(receipts[0]).toMatchObject({
      rule: "ask",
      state: "missing",
      fix: { en: "Say which one counts: L1, L2" },
    });
  });

  test.each([
    [
      "of an unknown evidence type",
      { requirements: [requirement(alternative({ pair: { evidence: "x", role: "mother", to: "" } }))] },
      "resolve.unknown_evidence",
    ],
    [
      "of an unknown rung",
      { evidence: [booklet], requirements: [requirement(alternative({ rungs: ["magic"] }))] },
      "resolve.unknown_rung",
    ],
    ["without a case", { caseId: "" }, "resolve.no_case"],
    ["that pins without a key", { pin: true }, "resolve.no_key"],
  ])("a request %s is refused with its reason", async (_, over, reason) => {
    await expect(city.client.resolve(request("bad", over))).rejects.toMatchObject({
      code: "invalid",
      reason,
    });
  });
});

test("without the licence registry nothing is guessed: the call says that it is unavailable", async () => {
  city.registry.registry.down = true;
  await expect(city.client.resolve(request("away"))).rejects.toMatchObject({ code: "unavailable" });
  city.registry.registry.down = false;
});

describe("a pinned look-up", () => {
  const pinned = (caseId: string) => request(caseId, { pin: true, idempotencyKey: "submit-1-of-this" });

  test("is kept, and a repeat is harmless", async () => {
    const first = await city.client.resolve(pinned("kept"));
    const again = await city.client.resolve(pinned("kept"));
    expect(again).toEqual(first);
    expect(await city.client.getReceipts({ caseId: "kept" })).toEqual(first);
    expect(await city.service.journal.history({ name: "evidence" }, "kept")).toHaveLength(1);
  });

  test("with the same key and another body is a conflict", async () => {
    await city.client.resolve(request("conflict", { pin: true, idempotencyKey: "conflict-key" }));
    const other = request("conflict", { pin: true, idempotencyKey: "conflict-key", refused: ["birth"] });
    await expect(city.client.resolve(other)).rejects.toMatchObject({ code: "conflict" });
  });

  test("keeps no identity number, and no field of any evidence, in clear", async () => {
    await city.client.resolve(request("dark", { pin: true, idempotencyKey: "dark-key" }));
    const tables = ["event", "evidence"].map((table) =>
      city.database.dbs.verification!.query<{ row: string }>(
        `select encode(convert_to(${table}::text, 'UTF8'), 'escape') as row from ${table}`,
      ),
    );
    const all = JSON.stringify(await Promise.all(tables));
    const payloads = (await city.service.journal.read({ xid: "0", position: 0 }, 500)).map((event) =>
      Buffer.from(event.payload),
    );
    for (const secret of [numbers.mother, numbers.father, "3200"]) {
      expect(all).not.toContain(secret);
      expect(payloads.some((payload) => payload.includes(secret))).toBe(false);
    }
  });
});

describe("who may", () => {
  test.each(["citizen", "clerk", "officer", "department"] as const)(
    "a %s may neither resolve nor read",
    async (role) => {
      const client = city.as(role);
      await expect(client.resolve(request("x"))).rejects.toMatchObject({ code: "forbidden" });
      await expect(client.getReceipts({ caseId: "kept" })).rejects.toMatchObject({ code: "forbidden" });
    },
  );

  test("an operator may read receipts, and not resolve", async () => {
    const client = city.as("operator");
    expect((await client.getReceipts({ caseId: "kept" })).receipts).not.toEqual([]);
    await expect(client.resolve(request("x"))).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("verify finds nothing wrong in what this service wrote", async () => {
  const violations = [];
  for await (const violation of city.service.journal.verify()) violations.push(violation);
  expect(violations).toEqual([]);
});
