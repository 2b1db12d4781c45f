// The same request sent again, and requests that contradict each other: one case, one submission, one answer.
import type { CaseBody } from "@onething/all-in-one/demo/bodies";
import { type Door, DoorError } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CityInOne, startInOne } from "../harness.ts";
import { answered, answers, closed, draft, refused, submission } from "./filing.ts";

let city: CityInOne;
let mother: Door;
let other: Door;
beforeAll(async () => {
  city = await startInOne();
  [mother, other] = await Promise.all([city.as("mother"), city.as("mother2")]);
});
afterAll(() => city.close());

const otherBody = (call: Promise<unknown>) =>
  refused(call, 409, "idempotency.other_body", /Idempotency-Key|幂等|同一个/, /key/i);
const all = (call: () => Promise<unknown>, times = 10) => Promise.all(Array.from({ length: times }, call));
const listed = async (door: Door) => (await door.get<{ cases: CaseBody[] }>("/api/v1/cases?limit=100")).cases;

test("a case opened ten times at once with one key is one case, and every answer names it", async () => {
  const before = (await listed(mother)).length;
  const opened = await all(() => mother.post("/api/v1/cases", { bundle: "birth" }, "open-once-0001"));
  expect(new Set(opened.map((each) => JSON.stringify(each))).size).toBe(1);
  expect((await listed(mother)).length).toBe(before + 1);
});

test("a submission sent ten times at once is one submission with one number", async () => {
  const at = await answered(mother);
  const typed = await submission(mother, at);
  const sent = await all(() => mother.post(`${at}/submit`, typed, "submit-once-01"));
  expect(new Set(sent.map((each) => JSON.stringify(each))).size).toBe(1);
  const ended = await closed(mother, at);
  expect(ended.outcome).toBe("all_granted");
  expect(ended.timeline.filter((entry) => entry.zh.startsWith("已提交"))).toHaveLength(1);
  expect(ended.number).toBe((sent[0] as { number: string }).number);
  // Sent once more when all is done, it still answers as the first time.
  expect(await mother.post(`${at}/submit`, typed, "submit-once-01")).toEqual(sent[0]);
  const { results } = await mother.get<{ results: { item: string }[] }>(`${at}/results`);
  expect(results.map(({ item }) => item).sort()).toEqual(["B1", "B2", "B3", "B4", "B5", "B6", "B7"]);
});

test("one key with another body is a conflict at every POST of a case", async () => {
  const key = "one-key-two-bodies";
  await mother.post("/api/v1/cases", { bundle: "birth" }, key);
  await otherBody(mother.post("/api/v1/cases", { bundle: "after-death" }, key));
  const at = await draft(mother);
  await mother.post(`${at}/answers`, { answers }, `${key}-answers`);
  await otherBody(
    mother.post(`${at}/answers`, { answers: { ...answers, registerWith: "father" } }, `${key}-answers`),
  );
  const typed = await submission(mother, at);
  await mother.post(`${at}/submit`, typed, `${key}-submit`);
  const changed = { ...typed, form: { ...typed.form, cardBank: "icbc" } };
  await otherBody(mother.post(`${at}/submit`, changed, `${key}-submit`));
  await closed(mother, at);
});

test("a key belongs to whoever sent it: another person's same key opens another case", async () => {
  const mine = await mother.post<{ id: string }>("/api/v1/cases", { bundle: "birth" }, "everybodys-key");
  const theirs = await other.post<{ id: string }>("/api/v1/cases", { bundle: "birth" }, "everybodys-key");
  expect(theirs.id).not.toBe(mine.id);
});

test("submitted at once under ten keys one submission counts, and the others are told so", async () => {
  const at = await answered(mother);
  const typed = await submission(mother, at);
  const sent = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => mother.post(`${at}/submit`, typed, `submit-key-${i}-of-ten`)),
  );
  expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const each of sent) {
    if (each.status === "fulfilled") continue;
    expect(each.reason).toBeInstanceOf(DoorError);
    expect([each.reason.status, each.reason.problem.reason]).toEqual([409, "case.already_submitted"]);
  }
  const ended = await closed(mother, at);
  expect(ended.timeline.filter((entry) => entry.zh.startsWith("已提交"))).toHaveLength(1);
});

test("submitted again later with another key it is refused, and the words say how to change something", async () => {
  const at = await answered(mother);
  const typed = await submission(mother, at);
  await mother.post(`${at}/submit`, typed, "the-first-submission");
  const again = mother.post(`${at}/submit`, typed, "the-second-submission");
  await refused(again, 409, "case.already_submitted", /请先撤回/, /withdraw it and start again/);
  const answer = mother.post(`${at}/answers`, { answers });
  await refused(answer, 409, "case.already_submitted", /请先撤回/, /withdraw it and start again/);
  await closed(mother, at);
});

test("of submission and new answers at once the case is of one mind", async () => {
  for (let round = 0; round < 5; round++) {
    const at = await answered(mother);
    const typed = await submission(mother, at);
    const changed = { ...answers, wantsGuidance: "false" };
    const [submit] = await Promise.allSettled([
      mother.post(`${at}/submit`, typed),
      mother.post(`${at}/answers`, { answers: changed }),
    ]);
    const seen = await mother.get<CaseBody>(at);
    if (submit.status === "rejected") {
      expect(submit.reason).toMatchObject({ status: 409, problem: { reason: "case.answers_changed" } });
      expect(seen.status).toBe("draft");
      expect(seen.items.map(({ code }) => code)).not.toContain("B7");
      continue;
    }
    const ended = await closed(mother, at);
    expect(ended.outcome).toBe("all_granted");
    const { receipts } = await mother.get<{ receipts: { item: string }[] }>(`${at}/receipts`);
    const items = new Set(ended.items.map((item) => item.code));
    expect(receipts.filter((receipt) => !items.has(receipt.item))).toEqual([]);
  }
});

test("after all of this nothing is inconsistent", async () => {
  await city.platform.drain();
  for (const service of city.platform.services)
    for await (const violation of service.journal.verify()) expect(violation).toBeUndefined();
});
