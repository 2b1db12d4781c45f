// Somebody who is neither the applicant nor the guardian: finds nothing, changes nothing, and is told why.
import type { CaseBody, PreviewBody } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { answered, answers, draft, everyItem, filed, form, refused, submission } from "./filing.ts";

let city: City;
let mother: Door;
let father: Door;
let stranger: Door;
let clerk: Door;
beforeAll(async () => {
  city = await startCity({ play: { leave: everyItem } });
  const doors = ["mother", "father", "stranger", "clerk1"].map((name) => city.as(name));
  [mother, father, stranger, clerk] = (await Promise.all(doors)) as [Door, Door, Door, Door];
});
afterAll(() => city.close());

const hidden = (call: Promise<unknown>) =>
  refused(call, 404, "case.not_found", /没有找到这个办件/, /no such case/);

/** Every way to touch a case. */
const touches = (door: Door, at: string): Promise<unknown>[] => [
  door.get(at),
  door.get(`${at}/questions`),
  door.get(`${at}/preview`),
  door.get(`${at}/receipts`),
  door.get(`${at}/results`),
  door.post(`${at}/answers`, { answers }),
  door.post(`${at}/submit`, { form }),
  door.post(`${at}/withdraw`, {}),
];

test("a stranger finds neither a draft nor a running case, whatever they try, and nothing changes", async () => {
  for (const at of [await answered(mother), await filed(mother)]) {
    await city.platform.drain();
    const before = await mother.get<CaseBody>(at);
    const told = await Promise.all(touches(stranger, at).map(hidden));
    expect(JSON.stringify(told)).not.toMatch(/周语棠|林知夏|430999/);
    expect(await mother.get(at)).toEqual(before);
  }
  expect(await stranger.get("/api/v1/cases")).toEqual({ cases: [], nextCursor: null });
});

test("a case of nobody and somebody else's case are refused in the same words", async () => {
  const at = await draft(mother);
  const others = await hidden(stranger.get(at));
  const nobodys = await hidden(stranger.get("/api/v1/cases/018f0000-0000-7000-8000-000000000000"));
  expect({ ...others, requestId: "" }).toEqual({ ...nobodys, requestId: "" });
});

test("a window finds what windows took in, not what a citizen filed at home", async () => {
  const at = await filed(mother);
  await Promise.all(touches(clerk, at).map(hidden));
});

test("a citizen without a birth on record may prepare, but not file: no standing, and where to ask", async () => {
  const at = await draft(stranger, {
    people: [{ role: "father", identityNumber: "430999199003070015", name: "周明远" }],
  });
  await stranger.post(`${at}/answers`, { answers: { ...answers, motherInsured: "false" } });
  const { missing } = await stranger.get<PreviewBody>(`${at}/preview`);
  expect(missing.map(({ requirement }) => requirement)).toContain("birthRecord");
  const whole = {
    ...(await submission(stranger, at)),
    form: {
      childName: "周语棠",
      childSex: "female",
      birthTime: "2026-11-15T02:24:00.000Z",
      institution: "示例市妇幼保健院",
      weightGrams: "3320",
      lengthCm: "50",
      gestationWeeks: "39",
      birthOrder: "1",
      childEthnicity: "汉族",
      motherName: "白一鸣",
      motherNumber: "430999198706190019",
      marriageNumber: "J430999-2020-000001",
      householdNumber: "430999000015",
      headName: "白一鸣",
      insuredDivision: "430999",
      cardBank: "ccb",
      deliveryAddress: "示例市清江区桂花街道望月路15号",
      motherPhone: "19900000015",
    },
  };
  const submit = stranger.post(`${at}/submit`, whole);
  const { zh, en } = await refused(submit, 403, "case.no_standing", /综合窗口/, /service window/);
  expect(zh).toContain("没有查到“新生儿出生医学记录”");
  expect(en).toContain("No Medical record of the birth");
  expect((await stranger.get<CaseBody>(at)).status).toBe("draft");
});

test("the father sees no draft; he follows the case, but neither reads the form, nor changes, nor withdraws it", async () => {
  const early = await answered(mother);
  await hidden(father.get(early));
  const at = await filed(mother);
  await city.platform.drain();
  expect((await father.get<CaseBody>(at)).status).toBe("running");
  const list = await father.get<{ cases: { id: string }[] }>("/api/v1/cases");
  expect(list.cases.map(({ id }) => at.endsWith(id))).toContain(true);
  expect((await father.get<{ receipts: unknown[] }>(`${at}/receipts`)).receipts.length).toBeGreaterThan(0);
  const before = await mother.get<CaseBody>(at);
  const told = (call: Promise<unknown>) =>
    refused(call, 403, "case.not_applicant", /只能由申请人本人/, /only the applicant/);
  await Promise.all([
    told(father.get(`${at}/questions`)),
    told(father.get(`${at}/preview`)),
    told(father.post(`${at}/answers`, { answers })),
    told(father.post(`${at}/submit`, { form })),
    told(father.post(`${at}/withdraw`, {})),
  ]);
  expect(await mother.get<CaseBody>(at)).toEqual(before);
});
