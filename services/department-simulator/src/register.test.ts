import { AskRequest } from "@onething/contracts/register/v1/register";
import { isCitizenNumber } from "@onething/kernel/identity";
import { expect, test } from "vitest";
import { createFaults, type Fault } from "./faults.ts";
import { openBook } from "./register.ts";
import { readCity } from "./schema.ts";

const anna = "430999199208150027";
const ben = "430999199003070015";
const { registers } = readCity({
  people: [
    { key: "anna", identityNumber: anna },
    { key: "ben", identityNumber: ben },
  ],
  registers: [
    {
      code: "r1",
      department: "d1",
      evidence: ["insured", "kin"],
      records: [
        {
          evidence: "insured",
          person: "@anna",
          fields: { since: "= addDays(today(), -9)", kind: "A", mate: "@ben" },
          reference: "R-1",
        },
        { evidence: "kin", person: "@anna", to: "@ben", fields: { relation: "spouse" }, reference: "R-2" },
      ],
    },
  ],
});
const clock = { now: new Date("2026-03-01T00:00:00.000Z") };
const faults = createFaults(["r1"], {}, () => clock.now);
const register = registers[0];
if (register === undefined) throw new Error("the test has a register");
const book = openBook(register, {
  since: new Date("2026-02-10T00:00:00.000Z"),
  now: () => clock.now,
  fault: () => faults.next("r1"),
});
const never = new AbortController().signal;
const ask = (of: Partial<AskRequest>, signal = never) =>
  book.ask(
    AskRequest.fromPartial({ evidence: "insured", identityNumber: anna, requestId: "q", ...of }),
    signal,
  );
const during = async <T>(fault: Fault, then: () => Promise<T>): Promise<T> => {
  faults.set({ r1: fault });
  try {
    return await then();
  } finally {
    faults.set({ r1: undefined });
  }
};

test("a record is answered with the fields asked for and no others, and the numbers asked about", async () => {
  const answer = await ask({ fields: ["since", "mate", "secret"] });
  expect(answer).toMatchObject({ requestId: "q", found: true, identityNumber: anna, reference: "R-1" });
  expect(answer.fields).toEqual({ since: "2026-02-01", mate: ben });
  expect((await ask({})).fields).toEqual({});
  const kin = await ask({ evidence: "kin", toIdentityNumber: ben, fields: ["relation"] });
  expect(kin).toMatchObject({ found: true, toIdentityNumber: ben, fields: { relation: "spouse" } });
});

test("not found is an answer about the person asked; evidence between two is not found for one", async () => {
  expect(await ask({ identityNumber: ben })).toMatchObject({ found: false, identityNumber: ben, fields: {} });
  expect((await ask({ evidence: "kin" })).found).toBe(false);
  expect((await ask({ evidence: "kin", identityNumber: ben, toIdentityNumber: anna })).found).toBe(false);
});

test("a question it cannot answer is refused in words", async () => {
  await expect(ask({ evidence: "other" })).rejects.toMatchObject({
    code: "invalid",
    reason: "register.unknown_evidence",
  });
  await expect(ask({ identityNumber: "1" })).rejects.toMatchObject({
    code: "invalid",
    reason: "register.bad_number",
  });
});

test("a fault lasts for its calls, or its seconds, or until it is lifted", async () => {
  faults.set({ r1: { kind: "down", calls: 2 } });
  await expect(ask({})).rejects.toMatchObject({ code: "unavailable" });
  await expect(ask({})).rejects.toMatchObject({ code: "unavailable" });
  expect((await ask({})).found).toBe(true);

  faults.set({ r1: { kind: "down", seconds: 10 } });
  await expect(ask({})).rejects.toMatchObject({ code: "unavailable" });
  clock.now = new Date(clock.now.getTime() + 10_000);
  expect((await ask({})).found).toBe(true);

  faults.set({ r1: { kind: "down" } });
  expect(() => faults.set({ other: { kind: "late" } })).toThrow("no register other");
  await expect(ask({})).rejects.toMatchObject({ code: "unavailable" });
  faults.set({ r1: undefined });
  expect((await ask({})).found).toBe(true);
});

test("about the wrong person: a valid number that was not asked about", async () => {
  await during({ kind: "wrongPerson" }, async () => {
    for (const identityNumber of [anna, ben]) {
      const answer = await ask({ identityNumber });
      expect(isCitizenNumber(answer.identityNumber)).toBe(true);
      expect(answer.identityNumber).not.toBe(identityNumber);
    }
  });
});

test("garbage fits no schema", async () => {
  const answer = await during({ kind: "garbage" }, () => ask({ fields: ["since"] }));
  expect(Object.keys(answer.fields)).toHaveLength(2);
  expect(answer.fields.since).not.toMatch(/\d/);
});

test("late: whoever hangs up does not keep it busy", async () => {
  const caller = new AbortController();
  await during({ kind: "late", ms: 3_600_000 }, async () => {
    const asking = ask({}, caller.signal);
    caller.abort();
    await expect(asking).rejects.toThrow("abort");
  });
  expect((await during({ kind: "late", ms: 1 }, () => ask({}))).found).toBe(true);
});
