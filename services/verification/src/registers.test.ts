import { createMeters } from "@onething/service/meters";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { numbers, record } from "./domain/ladder.fixture.ts";
import { log, startRegister } from "./peers.fixture.ts";
import { createRegisters } from "./registers.ts";

const ask = { register: "hospital", evidence: "record", about: "mother", to: "" };
const key = "hospital\nrecord\nmother\n";
const context = {
  evidence: [record],
  numbers: new Map([["mother", numbers.mother]]),
  purpose: "p",
  caseId: "c",
  deadlineMs: 0,
};

let hospital: Awaited<ReturnType<typeof startRegister>>;
let clock = 0;
let addresses: Record<string, string>;
const meters = createMeters();
const open = () =>
  createRegisters(
    { token: async () => "token", meters, now: () => new Date(clock), log },
    { addresses, deadlineMs: 100, failuresBeforePause: 3, pauseMs: 5000 },
  );
let registers: ReturnType<typeof open>;

beforeEach(async () => {
  hospital = await startRegister({ [`record ${numbers.mother}`]: { weight: "3200" } });
  addresses = { hospital: hospital.address };
  clock = Date.parse("2026-11-24T06:00:00.000Z");
  registers = open();
});
afterEach(async () => {
  registers.close();
  await hospital.stop();
});

const answer = async (over: Partial<typeof context> = {}) =>
  (await registers.ask([ask], { ...context, ...over })).get(key);

describe("an answer", () => {
  test("is taken with its reference", async () => {
    expect(await answer()).toMatchObject({
      kind: "found",
      fields: { weight: "3200" },
      reference: "R-record",
    });
  });

  test("that there is no record is an answer", async () => {
    expect(await answer({ numbers: new Map([["mother", numbers.father]]) })).toEqual({ kind: "absent" });
  });

  test("too late for the deadline of the call is late, whoever sets the deadline", async () => {
    hospital.set("late");
    expect(await answer()).toEqual({ kind: "unavailable", why: "late" });
    expect(await answer({ deadlineMs: 20 })).toEqual({ kind: "unavailable", why: "late" });
  });

  test("of nobody is silence", async () => {
    await hospital.stop();
    expect(await answer()).toMatchObject({ kind: "unavailable" });
  });

  test("is not asked for about somebody without a number", async () => {
    expect(await answer({ numbers: new Map() })).toBeUndefined();
    expect(hospital.asked).toEqual([]);
  });
});

describe("a register that keeps failing", () => {
  const fail = async (times: number) => {
    hospital.set("down");
    for (let n = 0; n < times; n++) await answer();
  };

  test("is left alone for a while, and then asked again", async () => {
    await fail(3);
    const calls = meters.read().registerCalls;
    hospital.set(undefined);
    expect(await answer()).toEqual({ kind: "unavailable", why: "silent" });
    expect(hospital.asked).toHaveLength(3);
    expect(meters.read().registerCalls).toBe(calls);
    clock += 5000;
    expect(await answer()).toMatchObject({ kind: "found" });
  });

  test("is left alone again after one more failure", async () => {
    await fail(3);
    clock += 5000;
    await fail(2);
    expect(hospital.asked).toHaveLength(4);
  });

  test("is trusted again after one answer", async () => {
    await fail(2);
    hospital.set(undefined);
    await answer();
    await fail(2);
    expect(hospital.asked).toHaveLength(5);
  });
});

test("all registers are asked at once: a late one does not hold up the others", async () => {
  const other = await startRegister({});
  addresses.police = other.address;
  hospital.set("late");
  const started = registers.ask([ask, { ...ask, register: "police" }], { ...context, deadlineMs: 5000 });
  await expect.poll(() => [hospital.asked.length, other.asked.length]).toEqual([1, 1]);
  await hospital.stop();
  expect([...(await started).values()].map((each) => each.kind)).toEqual(["unavailable", "absent"]);
  await other.stop();
});
