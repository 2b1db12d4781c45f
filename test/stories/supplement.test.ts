// A department names at once what is missing, the applicant answers in the case two days later, the department goes on (Licensing
// Law art. 32); and the days are whose they were. Over all services, through the public doors.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseBody, CaseItemBody, Text } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import { WindowServiceDefinition } from "@onething/contracts/window/v1/window";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate, type DetailBody, workOf } from "../faults/desk.ts";
import { closed, filed, itemOf, refused, until } from "../faults/filing.ts";
import { type City, clockFrom, startCity } from "../harness.ts";
import { sampleCity } from "./yaml.ts";

interface Gap {
  id: string;
  field: { name: string; label: { zh: string } } | null;
  requirement: { id: string } | null;
  what: Text;
  ways: string[];
}
interface Noticed extends CaseItemBody {
  notice: { gaps: Gap[] } | null;
}

type Days = Record<"department" | "applicant" | "pause", number>;
interface Ledger {
  days: Days;
  used: number;
  departments: { code: string; days: number }[];
  items: { code: string; days: Days; used: number }[];
  each: { date: string; owner: string; departments: { code: string }[] }[];
}

/** The sample city, where the hospital looks whether an application is complete. */
const folder = mkdtempSync(join(tmpdir(), "onething-supplement-"));
let city: City;
let mother: Door;
let hospital: Door;
/** A Monday; that Friday is a holiday. */
const onSeptember = (day: number) => clockFrom(`2026-09-${day}T10:00:00+08:00`);
/** Through the doors that the platform has now. */
const come = async () => {
  [mother, hospital] = await Promise.all([city.as("mother"), city.as("officer-maternity-hospital")]);
};
const nextTime = async (day: number) => {
  await city.restart({ now: onSeptember(day) });
  await come();
};
beforeAll(async () => {
  cpSync(sampleCity, folder, { recursive: true });
  const file = join(folder, "birth.yaml");
  const birth = readFileSync(file, "utf8");
  writeFileSync(file, birth.replace("- code: B1\n", "- code: B1\n    acceptance: department\n"));
  const play = { leave: ["B1"], now: onSeptember(21) };
  city = await startCity({ catalogue: folder, play });
  await come();
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
    // Others are at work at the same time: the notice need not be the last that was said.
    const { timeline } = await mother.get<CaseBody>(at);
    const told = timeline.find(({ zh }) => zh.includes("一次性告知"))!;
    for (const { what, remedy } of gaps)
      for (const each of [what, remedy]) expect(told.zh).toContain(each.zh);

    // What else has started is done: from now on the case waits for her alone.
    await until(
      () => itemNow(at, "B2"),
      ({ outcome }) => outcome === "granted",
    );
    await nextTime(23);
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
    await nextTime(24);
    // What the hospital sets right on the spot is told, and what has not started yet sends it along.
    await hospital.post(`/api/v1/work/${work.id}/correction`, { values: { motherPhone: "19900008888" } });
    await until(
      () => mother.get<CaseBody>(at),
      ({ timeline }) => timeline.some(({ zh }) => /当场更正了“出生医学证明首次签发”的母亲手机号/.test(zh)),
    );
    const grant = { grant: { result: await certificate(hospital, work) } };
    await hospital.post(`/api/v1/work/${work.id}/decision`, grant);
    await until(
      () => itemNow(at, "B1"),
      ({ outcome }) => outcome === "granted",
    );
    const insurance = await city.as("officer-medical-insurance");
    const payment = await workOf(insurance, at, "B6");
    const paying = await insurance.get<DetailBody>(`/api/v1/work/${payment.id}`);
    expect(paying.form.motherPhone).toBe("19900008888");
    await refused(
      mother.post(path, { answers }),
      ...([409, "case.nothing_to_supplement", /没有等待补正/, /does not wait/] as const),
    );
    await countsDays(at, work.id);
    for (const text of ["19900009999", "蓝色的门"]) expect(city.logged()).not.toContain(text);
  });
});

/** Two days were hers, the third the hospital's; as the hospital's own ledger of the item has it. */
async function countsDays(at: string, work: string): Promise<void> {
  await closed(mother, at);
  const ledger = await mother.get<Ledger>(`${at}/ledger`);
  const days = { department: 1, applicant: 2, pause: 0 };
  expect(ledger).toMatchObject({ from: "2026-09-21", until: "2026-09-24", days, used: 1 });
  expect(
    ledger.each.map(({ date, owner, departments }) => [date, owner, departments.map(({ code }) => code)]),
  ).toEqual([
    ["2026-09-22", "applicant", []],
    ["2026-09-23", "applicant", []],
    ["2026-09-24", "department", ["maternity-hospital"]],
  ]);
  const item = ledger.items.find(({ code }) => code === "B1")!;
  const own = await hospital.get<{ work: { ledger: Days } }>(`/api/v1/work/${work}`);
  expect(item.days).toEqual(own.work.ledger);
  expect(item.days).toEqual(days);
  const service = city.grpc(WindowServiceDefinition, { sub: "licence-registry", role: "service" });
  const read = await service.getCase({ id: at.split("/").at(-1)! });
  expect(read.case!.ledger).toMatchObject({ from: "2026-09-21", until: "2026-09-24", days });
  const { ledger: shown } = await mother.get<{ ledger: Ledger }>(at);
  const { each: _, ...summary } = ledger;
  expect(shown).toEqual(summary);
}
