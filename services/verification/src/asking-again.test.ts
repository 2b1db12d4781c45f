import type { CaseClosed } from "@onething/contracts/window/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "./peers.fixture.ts";
import { request, startVerification } from "./service.fixture.ts";

let city: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  city = await startVerification();
});
afterAll(() => city.stop());
afterEach(() => {
  city.hospital.set(undefined);
  city.registry.registry.down = false;
});

const pin = async (caseId: string) => {
  const { receipts } = await city.client.resolve(
    request(caseId, { pin: true, idempotencyKey: `pin-${caseId}` }),
  );
  return receipts.filter((each) => each.requirement === "birth")[0]!;
};
const birthOf = async (caseId: string) => {
  const { receipts } = await city.client.getReceipts({ caseId });
  return receipts.filter((each) => each.requirement === "birth")[0]!;
};
const historyOf = (caseId: string) => city.service.journal.history({ name: "evidence" }, caseId);
const minute = 60_000;

describe("a register that does not answer makes the case wait, and the case goes on by itself", () => {
  const faults: [Exclude<Fault, undefined>, string][] = [
    ["late", "did not answer in time"],
    ["down", "does not answer"],
    ["garbage", "garbage"],
    ["wrong person", "about somebody else"],
  ];
  test.each(faults)("%s", async (fault, why) => {
    city.hospital.set(fault);
    const caseId = fault.replace(" ", "-");
    const receipt = await pin(caseId);
    expect(receipt).toMatchObject({ rule: "register", state: "unavailable" });
    expect(receipt.why?.en).toContain(why);
    expect(receipt.proof).toBeUndefined();

    city.hospital.set(undefined);
    await city.pass(minute, caseId, 3);
    const now = await birthOf(caseId);
    expect(now).toMatchObject({ rule: "register", state: "proved", proof: { reference: "R-record" } });
    expect(await city.open(now.proof?.sealedFields)).toMatchObject({ weight: "3200" });
    const events = (await historyOf(caseId)).map((event) => event.type);
    expect(events).toEqual(["evidence.requested", "evidence.retry_due", "evidence.resolved"]);
  });
});

test("while a register stays down, waits double up to their cap, and each says until when", async () => {
  city.hospital.set("down");
  await pin("long");
  const waits: (string | undefined)[] = [];
  for (const [ms, events] of [
    [minute, 3],
    [2 * minute, 5],
    [2.5 * minute, 7],
  ] as const) {
    await city.pass(ms, "long", events);
    const { data } = (await historyOf("long")).at(-1) as unknown as {
      data: { retryAt?: string; receipts: unknown[] };
    };
    expect(data.receipts).toEqual([]);
    waits.push(data.retryAt && String(Date.parse(data.retryAt) - city.clock.at));
  }
  expect(waits).toEqual([2 * minute, 2.5 * minute, 2.5 * minute].map(String));
});

test("only what was unavailable is asked again; what was proved stays pinned, also when its licence is gone", async () => {
  city.hospital.set("down");
  await pin("pinned");
  const [licence] = city.registry.licences.splice(0, 1);
  const police = city.police.asked.length;
  city.hospital.set(undefined);
  await city.pass(minute, "pinned", 3);
  city.registry.licences.push(licence!);
  expect(city.police.asked).toHaveLength(police);
  const { receipts } = await city.client.getReceipts({ caseId: "pinned" });
  expect(receipts.every((each) => each.state === "proved")).toBe(true);
});

test("the same event delivered twice asks and resolves once", async () => {
  city.hospital.set("down");
  await pin("twice");
  city.hospital.set(undefined);
  await city.pass(minute, "twice", 3);
  const due = (await historyOf("twice"))[1]!;
  const event = { ...due, id: "evidence/twice@2", caseId: "twice", trace: "" } as unknown as PublishedEvent;
  await Promise.all([city.consumer.handle(event), city.consumer.handle(event)]);
  expect(await historyOf("twice")).toHaveLength(3);
});

test("while the licence registry is away too, the timer is set again instead of getting stuck", async () => {
  city.hospital.set("down");
  await pin("registry");
  city.hospital.set(undefined);
  city.registry.registry.down = true;
  const ask = request("registry").requirements.filter((each) => each.id === "birth");
  expect(ask).toHaveLength(1);
  await city.pass(minute, "registry", 3);
  expect((await birthOf("registry")).state).toBe("unavailable");
  city.registry.registry.down = false;
  await city.pass(2 * minute, "registry", 5);
  expect((await birthOf("registry")).state).toBe("proved");
});

test("a register without an address is asked as soon as it has one", async () => {
  const { hospital, ...others } = city.addresses;
  delete city.addresses.hospital;
  expect((await pin("address")).why?.en).toContain("no address");
  Object.assign(city.addresses, { ...others, hospital });
  await city.pass(minute, "address", 3);
  expect((await birthOf("address")).state).toBe("proved");
});

test("a case that has closed is asked for no more", async () => {
  city.hospital.set("down");
  await pin("closed");
  const data: CaseClosed = { outcome: "withdrawn" };
  const event = { type: "case.closed", data, id: "case/closed@9", caseId: "closed" } as PublishedEvent;
  await city.consumer.handle(event);
  await city.consumer.handle(event);
  const events = await historyOf("closed");
  expect(events.map((each) => each.type)).toEqual(["evidence.requested", "evidence.resolved"]);
  const timers = await city.database.dbs.verification!.query(
    "select from timer where stream = 'evidence/closed'",
  );
  expect(timers).toEqual([]);
});

test("verify finds nothing wrong in all this", async () => {
  const violations = [];
  for await (const violation of city.service.journal.verify()) violations.push(violation);
  expect(violations).toEqual([]);
});
