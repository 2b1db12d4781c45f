// Withdrawing: before a decision everything ends; racing decisions, every item ends exactly once, and the case is of one mind.
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CityInOne, startInOne } from "../harness.ts";
import { certificate, workOf } from "./desk.ts";
import { answered, closed, everyItem, filed, itemOf, outcomesOf, refused } from "./filing.ts";

let city: CityInOne;
let mother: Door;
let hospital: Door;
beforeAll(async () => {
  // B1 waits for whoever races; the rest is decided at once.
  city = await startInOne({ play: { leave: ["B1"] } });
  [mother, hospital] = await Promise.all([city.as("mother"), city.as("officer-maternity-hospital")]);
});
afterAll(() => city.close());

const withdraw = (at: string, key?: string) => mother.post<{ status: string }>(`${at}/withdraw`, {}, key);
const results = async (at: string) =>
  (await mother.get<{ results: { item: string }[] }>(`${at}/results`)).results.map(({ item }) => item).sort();

/** Whatever happened, this must hold of a case that was withdrawn while it ran. */
async function consistent(at: string): Promise<CaseBody> {
  const ended = await closed(mother, at);
  const outcomes = Object.values(outcomesOf(ended));
  const endings = /办好了|没有通过|已撤回$|办不了|不用办/;
  for (const item of ended.items) {
    expect(["granted", "withdrawn", "not_possible"]).toContain(item.outcome);
    const ends = ended.timeline.filter((entry) => entry.item === item.code && endings.test(entry.zh));
    expect(ends).toHaveLength(1);
  }
  expect(await results(at)).toEqual(
    ended.items.filter(({ outcome }) => outcome === "granted").map(({ code }) => code),
  );
  if (outcomes.includes("granted")) expect(["partly_granted", "all_granted"]).toContain(ended.outcome);
  else expect(ended.outcome).toBe("withdrawn");
  if (itemOf(ended, "B3").outcome === "granted") expect(itemOf(ended, "B1").outcome).toBe("granted");
  return ended;
}

test("withdrawn while a department has it and before it decides, the item ends as withdrawn and the desk is told", async () => {
  const at = await filed(mother);
  const work = await workOf(hospital, at, "B1");
  await withdraw(at);
  const ended = await consistent(at);
  expect(itemOf(ended, "B1").outcome).toBe("withdrawn");
  for (const code of ["B3", "B4", "B5", "B6", "B7"]) expect(itemOf(ended, code).outcome).toBe("withdrawn");
  const result = await certificate(hospital, work).catch(() => ({}));
  const late = hospital.post(`/api/v1/work/${work.id}/decision`, {
    refuse: { reasons: [{ zh: "不符", en: "no" }] },
  });
  await refused(late, 409, "approval.withdrawn", /撤回/, /withdr/);
  expect(JSON.stringify(result)).not.toContain("周语棠");
});

test("a draft has nothing to withdraw, a closed case no longer, and a withdrawal is taken once", async () => {
  const early = await answered(mother);
  await refused(withdraw(early), 409, "case.not_submitted", /不需要撤回/, /nothing to withdraw/);
  const at = await filed(mother);
  await workOf(hospital, at, "B1");
  const [first, second] = await Promise.all([
    withdraw(at, "withdraw-once-1"),
    withdraw(at, "withdraw-once-1"),
  ]);
  expect(second).toEqual(first);
  await consistent(at);
  await refused(withdraw(at), 409, "case.closed", /已经办结/, /has ended/);
  expect(await withdraw(at, "withdraw-once-1")).toEqual(first);
});

test("a decision and a withdrawal at once: one of them counts, and both sides hear which", async () => {
  const seen = new Set<string>();
  const race = async (round: number) => {
    const at = await filed(mother);
    const work = await workOf(hospital, at, "B1");
    const grant = { grant: { result: await certificate(hospital, work) } };
    const decide = () => hospital.post<{ status: string }>(`/api/v1/work/${work.id}/decision`, grant);
    // The withdrawal reaches the department by event: decided at the same time, once it is asked for, or a little later.
    const asked = withdraw(at);
    const begin = [Promise.resolve(), asked, sleep(15), sleep(40)][round % 4]!;
    const [withdrawn, decided] = await Promise.allSettled([asked, begin.then(decide)]);
    expect(withdrawn.status).toBe("fulfilled");
    const ended = await consistent(at);
    const { outcome } = itemOf(ended, "B1");
    seen.add(String(outcome));
    if (decided.status === "fulfilled") expect(outcome).toBe("granted");
    else {
      expect(decided.reason).toMatchObject({ status: 409, problem: { reason: "approval.withdrawn" } });
      expect(outcome).toBe("withdrawn");
    }
  };
  for (let round = 0; round < 12; round += 4) await Promise.all([0, 1, 2, 3].map((i) => race(round + i)));
  for (const outcome of seen) expect(["granted", "withdrawn"]).toContain(outcome);
});

test("withdrawn at any moment of a case that runs by itself, every item ends once", async () => {
  await city.restart({ leave: [], delayMs: [1, 30] });
  mother = await city.as("mother");
  const outcomes = new Set<string>();
  const race = async (round: number) => {
    const at = await filed(mother);
    await sleep(round * 25);
    const told = await withdraw(at).catch((error: { problem: { reason: string } }) => error.problem.reason);
    const ended = await consistent(at);
    if (told === "case.closed") expect(ended.outcome).toBe("all_granted");
    for (const outcome of Object.values(outcomesOf(ended))) outcomes.add(String(outcome));
  };
  for (let wave = 0; wave < 2; wave++) await Promise.all(everyItem.map((_, i) => race(wave + i * 4)));
  expect(outcomes).toContain("granted");
  expect(outcomes).toContain("withdrawn");
});

test("after all these races verify finds nothing", async () => {
  await city.platform.drain();
  for (const service of city.platform.services)
    for await (const violation of service.journal.verify()) expect(violation).toBeUndefined();
});
