// A department names at once what is missing, the applicant answers in the case, the department goes on (Licensing Law art.
// 32); and one refusal takes the others along where the bundle says so. Over all services, through the public doors.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseBody, CaseItemBody, PreviewBody } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate, type DetailBody, refusing, workOf } from "../faults/desk.ts";
import { closed, everyItem, filed, itemOf, outcomesOf, refused, until } from "../faults/filing.ts";
import { type City, startCity } from "../harness.ts";
import { sampleCity } from "./yaml.ts";

interface Gap {
  id: string;
  field: { name: string; label: { zh: string } } | null;
  requirement: { id: string } | null;
  what: { zh: string };
  ways: string[];
}
interface Noticed extends CaseItemBody {
  notice: { gaps: Gap[] } | null;
}

/** The sample city, where the hospital looks whether an application is complete, and a refusal takes the others along. */
const folder = mkdtempSync(join(tmpdir(), "onething-supplement-"));
let city: City;
let mother: Door;
let hospital: Door;
beforeAll(async () => {
  cpSync(sampleCity, folder, { recursive: true });
  const file = join(folder, "birth.yaml");
  const birth = readFileSync(file, "utf8")
    .replace("refusalPolicy: carry_on", "refusalPolicy: withdraw")
    .replace("- code: B1\n", "- code: B1\n    acceptance: department\n");
  writeFileSync(file, birth);
  city = await startCity({ catalogue: folder, play: { leave: everyItem } });
  [mother, hospital] = await Promise.all([city.as("mother"), city.as("officer-maternity-hospital")]);
});
afterAll(async () => {
  await city?.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = (zh: string, en: string) => ({ zh, en });
const gaps = [
  {
    field: "motherPhone",
    what: words("电话打不通", "Nobody answers at this number"),
    remedy: words("填写现在的号码", "Give the number of today"),
  },
  {
    requirement: "marriageCertificate",
    what: words("结婚证信息不一致", "The marriage certificate differs"),
    remedy: words("重新查询", "Have it looked up again"),
  },
  { what: words("住址需要说明", "The address needs a word"), remedy: words("写明门牌", "Say which door") },
];
const itemNow = async (at: string, code: string) => itemOf(await mother.get<CaseBody>(at), code) as Noticed;

describe("a one-time notice", () => {
  test("reaches the mother whole, her answer the hospital, and the item is granted with what she gave", async () => {
    const at = await filed(mother);
    const work = await workOf(hospital, at, "B1");
    await hospital.post(`/api/v1/work/${work.id}/supplement`, { gaps });
    const item = await until(
      () => itemNow(at, "B1"),
      ({ status }) => status === "supplementing",
    );
    expect(
      item.notice!.gaps.map(({ field, requirement, ways }) => [field?.name, requirement?.id, ways]),
    ).toEqual([
      ["motherPhone", undefined, ["value", "words"]],
      [undefined, "marriageCertificate", expect.arrayContaining(["evidence", "words"])],
      [undefined, undefined, ["words"]],
    ]);
    const told = (await mother.get<CaseBody>(at)).timeline.at(-1)!;
    for (const { what, remedy } of gaps)
      for (const each of [what, remedy]) expect(told.zh).toContain(each.zh);

    const [phone, marriage, address] = item.notice!.gaps.map(({ id }) => id);
    const path = `${at}/items/B1/supplement`;
    const value = { gap: phone, way: "value", value: "19900009999" };
    const few = await refused(
      mother.post(path, { answers: [value] }),
      ...([400, "case.supplement_incomplete", /一次完成/, /at once/] as const),
    );
    expect(few.fields?.map(({ field }) => field)).toEqual([`answers.${marriage}`, `answers.${address}`]);
    const answers = [
      value,
      { gap: marriage, way: "evidence" },
      { gap: address, way: "words", words: "和平巷五号，蓝色的门" },
    ];
    await mother.post(path, { answers });
    expect((await itemNow(at, "B1")).notice).toBeNull();

    const detail = await until(
      () => hospital.get<DetailBody>(`/api/v1/work/${work.id}`),
      (seen) => seen.work.status === "received",
    );
    expect(detail.form.motherPhone).toBe("19900009999");
    expect(JSON.stringify(detail)).toContain("蓝色的门");
    const grant = { grant: { result: await certificate(hospital, work) } };
    await hospital.post(`/api/v1/work/${work.id}/decision`, grant);
    await until(
      () => itemNow(at, "B1"),
      ({ outcome }) => outcome === "granted",
    );
    await refused(
      mother.post(path, { answers }),
      ...([409, "case.nothing_to_supplement", /没有等待补正/, /does not wait/] as const),
    );
    for (const text of ["19900009999", "蓝色的门"]) expect(city.logged()).not.toContain(text);
  });
});

describe("a bundle whose refusal takes the others along", () => {
  test("says so before filing; then departments are asked, and what was issued stays", async () => {
    const another = await city.as("mother2");
    const at = await filed(another);
    const preview = await another.get<PreviewBody & { ifRefused: { zh: string } }>(`${at}/preview`);
    expect(preview.ifRefused.zh).toMatch(/一并撤回/);
    const work = await workOf(hospital, at, "B1");
    const grant = { grant: { result: await certificate(hospital, work) } };
    await hospital.post(`/api/v1/work/${work.id}/decision`, grant);
    const police = await city.as("officer-public-security");
    const registration = await workOf(police, at, "B3");
    await police.post(`/api/v1/work/${registration.id}/decision`, refusing);
    const ended = await closed(another, at);
    expect(outcomesOf(ended)).toMatchObject({ B1: "granted", B3: "refused", B2: "withdrawn" });
    expect(ended.outcome).toBe("partly_granted");
    expect(ended.timeline.some(({ zh }) => zh.includes("按这件事的约定撤回其余事项"))).toBe(true);
  });
});
