// Departments that refuse, decide at once, decide what is not theirs, or send a bad row: at the desk and over gRPC.
import type { Door } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { because, certificate, refusing, workOf } from "./desk.ts";
import { closed, filed, itemOf, outcomesOf, readable, refused } from "./filing.ts";

let city: City;
let mother: Door;
let hospital: Door;
let health: Door;
beforeAll(async () => {
  city = await startCity({ play: { leave: ["B1"] } });
  const doors = ["mother", "officer-maternity-hospital", "officer-health"].map((name) => city.as(name));
  [mother, hospital, health] = (await Promise.all(doors)) as [Door, Door, Door];
});
afterAll(() => city.close());

const nowhere = "018f0000-0000-7000-8000-000000000000";
const notTheirs = (call: Promise<unknown>) =>
  refused(call, 404, "approval.not_found", /不属于您的部门/, /not your department's/);

test("a department that refuses says why; what needs its result says so, and the others carry on", async () => {
  const at = await filed(mother);
  const { id } = await workOf(hospital, at, "B1");
  const decide = (body: object) => hospital.post(`/api/v1/work/${id}/decision`, body);
  const unreasoned = decide({ refuse: { reasons: [] } });
  await refused(unreasoned, 400, "approval.reason_missing", /理由/, /reason/);
  const both = decide({ ...refusing, grant: { result: {} } });
  await refused(both, 400, "request.invalid", /提示/, /fields/);
  await decide(refusing);

  const ended = await closed(mother, at);
  expect(ended.outcome).toBe("partly_granted");
  expect(outcomesOf(ended)).toEqual({
    B1: "refused",
    B2: "granted",
    B3: "not_possible",
    B4: "not_possible",
    B5: "not_possible",
    B6: "granted",
    B7: "granted",
  });
  expect(itemOf(ended, "B1").reasons).toEqual([because]);
  readable(itemOf(ended, "B1").remedies[0]!, /补正后可重新申请/, /apply again/);
  readable(itemOf(ended, "B3").reasons[0]!, /“出生医学证明首次签发”没有办成/, /was not granted/);
  readable(itemOf(ended, "B4").reasons[0]!, /“出生登记”没有办成/, /"Birth registration" was not granted/);
});

test("of an officer at the desk and the department's system at once, one decides and the other is told who", async () => {
  const system = city.department("maternity-hospital");
  const winners = new Set<string>();
  for (let round = 0; round < 5; round++) {
    const at = await filed(mother);
    const { id } = await workOf(hospital, at, "B1");
    const result = await certificate(hospital, { id });
    const grant = { $case: "grant" as const, value: { result, opinion: "" } };
    const desk = () => hospital.post(`/api/v1/work/${id}/decision`, refusing);
    const rpc = () => system.decide({ id, decision: grant, idempotencyKey: `system-${id}` });
    const [first, second] = await Promise.allSettled(round % 2 ? [desk(), rpc()] : [rpc(), desk()]);
    const [byDesk, byRpc] = round % 2 ? [first, second] : [second, first];
    expect([byDesk?.status, byRpc?.status].sort()).toEqual(["fulfilled", "rejected"]);
    winners.add(byDesk?.status === "fulfilled" ? "desk" : "system");
    if (byDesk?.status === "rejected") {
      expect(byDesk.reason).toMatchObject({ status: 409, problem: { reason: "approval.already_decided" } });
      readable(byDesk.reason.problem, /maternity-hospital-system/, /maternity-hospital-system/);
    }
    if (byRpc?.status === "rejected") {
      expect(byRpc.reason).toMatchObject({ code: "conflict", reason: "approval.already_decided" });
      readable(byRpc.reason.public, /officer-maternity-hospital/, /officer-maternity-hospital/);
    }
    const ended = await closed(mother, at);
    expect(itemOf(ended, "B1").outcome).toBe(byDesk?.status === "fulfilled" ? "refused" : "granted");
    expect(ended.timeline.filter(({ item }) => item === "B1")).toHaveLength(3);
  }
  expect(winners.size).toBeGreaterThan(0);
});

test("another department's work is not found, whatever one tries, at both doors; and it stays as it was", async () => {
  const at = await filed(mother);
  const { id } = await workOf(hospital, at, "B1");
  for (const each of [id, nowhere]) {
    await notTheirs(health.get(`/api/v1/work/${each}`));
    await notTheirs(health.post(`/api/v1/work/${each}/claim`, {}));
    await notTheirs(health.post(`/api/v1/work/${each}/release`, {}));
    await notTheirs(health.post(`/api/v1/work/${each}/decision`, refusing));
    const system = city.department("health");
    const decision = { $case: "refuse" as const, value: { reasons: [because] } };
    for (const call of [
      () => system.getWork({ id: each }),
      () => system.claim({ id: each, idempotencyKey: "other-department" }),
      () => system.release({ id: each, idempotencyKey: "other-department" }),
      () => system.decide({ id: each, decision, idempotencyKey: "other-department" }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "not_found", reason: "approval.not_found" });
  }
  expect((await workOf(hospital, at, "B1")).status).toBe("accepted");
});

test("one bad row among many decisions is told in its place, and the good ones count, at both doors", async () => {
  const [one, two] = [await filed(mother), await filed(mother)];
  const [first, second] = await Promise.all([workOf(hospital, one, "B1"), workOf(hospital, two, "B1")]);
  const result = await certificate(hospital, first);
  interface Rows {
    results: {
      id: string;
      work?: { status: string };
      problem?: { reason: string; zh: string; en: string };
    }[];
  }
  const { results } = await hospital.post<Rows>("/api/v1/work/decisions", {
    decisions: [
      { id: first.id, grant: { result: { ...result, weightGrams: "heavy" } } },
      { id: nowhere, ...refusing },
      { id: second.id, ...refusing },
    ],
  });
  expect(results.map((row) => row.work?.status ?? row.problem?.reason)).toEqual([
    "approval.result_invalid",
    "approval.not_found",
    "refused",
  ]);
  for (const { problem } of results) if (problem) readable(problem, /./, /./);

  const decision = { $case: "grant" as const, value: { result, opinion: "" } };
  const answer = await city.department("maternity-hospital").decideMany({
    decisions: [
      { id: second.id, decision, idempotencyKey: `late-${second.id}` },
      { id: first.id, decision, idempotencyKey: `good-${first.id}` },
    ],
  });
  expect(answer.results.map(({ outcome }) => outcome?.$case)).toEqual(["problem", "work"]);
  expect(outcomesOf(await closed(mother, one)).B1).toBe("granted");
  expect(outcomesOf(await closed(mother, two)).B1).toBe("refused");
});

test("work claimed by one is not decided by another, who is told who has it", async () => {
  const at = await filed(mother);
  const { id } = await workOf(hospital, at, "B1");
  await city.department("maternity-hospital").claim({ id, idempotencyKey: `claim-of-${id}` });
  const decide = hospital.post(`/api/v1/work/${id}/decision`, refusing);
  await refused(
    decide,
    409,
    "approval.claimed_by_other",
    /maternity-hospital-system/,
    /maternity-hospital-system/,
  );
  await hospital.get(`/api/v1/work/${id}`);
});
