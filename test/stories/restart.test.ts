// A case outlives what happens around it: the platform stops and starts again, registers fall silent and answer again.

import type { CaseBody } from "@onething/all-in-one/demo/bodies";
import { documentOf } from "@onething/all-in-one/demo/document";
import { type DemoScript, type Filed, file, finish, scriptOf } from "@onething/all-in-one/demo/play";
import type { Play } from "@onething/all-in-one/start";
import { verifyData } from "@onething/all-in-one/verify";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";

/** Officers that leave nothing; at first they leave the registration of the birth. */
const asUsual: Play = { leave: [] };
let city: City;
beforeAll(async () => {
  city = await startCity({ play: { leave: ["B3"] } });
});
afterAll(() => city?.close());

/** The birth of the demo, in one of the families. */
const birth = (by: string): DemoScript => ({ ...scriptOf(city, "birth"), by });

const read = ({ door, id }: Pick<Filed, "door" | "id">) => door.get<CaseBody>(`/api/v1/cases/${id}`);

/** The same case at the door that the platform has after a restart. */
const again = async (filed: Filed): Promise<Filed> => ({ ...filed, door: await city.as(filed.script.by) });

/** Reads the case until it is as wanted. */
async function until(filed: Filed, wanted: (body: CaseBody) => boolean): Promise<CaseBody> {
  for (const end = Date.now() + 20_000; ; ) {
    const body = await read(filed);
    if (wanted(body)) return body;
    if (Date.now() > end)
      throw new Error(`still ${body.items.map(({ code, status }) => `${code} ${status}`).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
const itemOf = (body: CaseBody, code: string) => body.items.find((each) => each.code === code)!;
const status = (body: CaseBody) => Object.fromEntries(body.items.map((each) => [each.code, each.status]));

describe("the platform stops in the middle of cases and starts again on the same data", () => {
  const done = ["B1", "B2", "B6", "B7"];
  let half: Filed;
  let halfBefore: CaseBody;
  let atWork: Filed;
  let atWorkBefore: CaseBody;
  let draft: string;

  beforeAll(async () => {
    half = await file(city, birth("mother2"));
    halfBefore = await until(
      half,
      (body) => done.every((code) => itemOf(body, code).outcome) && itemOf(body, "B3").dueOn !== null,
    );
    await city.restart({ ...asUsual, delayMs: [60_000, 60_000] });
    atWork = await file(city, birth("mother"));
    atWorkBefore = await until(
      atWork,
      (body) => itemOf(body, "B1").dueOn !== null && itemOf(body, "B2").dueOn !== null,
    );
    const script = birth("mother3");
    const mother = await city.as("mother3");
    ({ id: draft } = await mother.post<{ id: string }>("/api/v1/cases", { bundle: script.bundle }));
    await mother.post(`/api/v1/cases/${draft}/answers`, { answers: script.answers });
    await city.restart(asUsual);
  });

  test("with officers at work: they find their work again, and the case ends as if nothing had been", async () => {
    expect(status(atWorkBefore)).toMatchObject({
      B1: "with_department",
      B2: "with_department",
      B3: "waiting",
      B4: "waiting",
    });
    const played = await finish(await again(atWork));
    expect(played.case).toMatchObject({
      number: atWorkBefore.number,
      outcome: "all_granted",
      submittedAt: atWorkBefore.submittedAt,
    });
    for (const code of ["B1", "B2"]) {
      const { startedAt, dueOn } = itemOf(atWorkBefore, code);
      expect(itemOf(played.case, code)).toMatchObject({ startedAt, dueOn });
    }
    expect(played.results.map((each) => each.item).sort()).toEqual([
      "B1",
      "B2",
      "B3",
      "B4",
      "B5",
      "B6",
      "B7",
    ]);
  });

  test("half done: what has ended stays as it was, what waited starts by itself", async () => {
    expect(status(halfBefore)).toMatchObject({ B3: "with_department", B4: "waiting", B5: "waiting" });
    const { case: ended } = await finish(await again(half));
    expect(ended.outcome).toBe("all_granted");
    for (const code of done) {
      const { startedAt, finishedAt, outcome } = itemOf(halfBefore, code);
      expect(itemOf(ended, code)).toMatchObject({ startedAt, finishedAt, outcome });
    }
    // What was told before is told still, in the same words.
    expect(ended.timeline.slice(0, halfBefore.timeline.length)).toEqual(halfBefore.timeline);
  });

  test("as a draft: the answers are kept, and it can be submitted", async () => {
    const script = birth("mother3");
    const door = await city.as("mother3");
    const preview = await door.get<Filed["preview"]>(`/api/v1/cases/${draft}/preview`);
    expect(preview.items.map((each) => each.code)).toEqual(["B1", "B2", "B3", "B4", "B5", "B6", "B7"]);
    await door.post(`/api/v1/cases/${draft}/submit`, {
      form: script.form,
      consents: preview.uses.filter((use) => use.ground === "consent").map((use) => use.id),
      statements: preview.statements.map((each) => each.id),
    });
    const { case: ended } = await finish({ script, id: draft, door, questions: [], preview });
    expect(ended.outcome).toBe("all_granted");
  });
});

describe("a register is silent when the case is filed", () => {
  const silent = { kind: "down" } as const;
  const hush = (register: string) => city.simulator.setFaults({ [register]: silent });
  const answers = (register: string): void => city.simulator.setFaults({ [register]: undefined });
  afterEach(() => ["medical-insurance", "maternity-hospital", "public-security"].forEach(answers));

  test("its item waits and says for whom, the others run, and it goes on by itself", async () => {
    hush("medical-insurance");
    const filed = await file(city, birth("mother"));
    // The question it would have answered is left to the person.
    expect(filed.questions.find((each) => each.id === "motherInsured")!.known).toBeNull();

    const others = ["B1", "B2", "B3", "B4", "B5", "B7"];
    const waiting = await until(filed, (body) => others.every((code) => itemOf(body, code).outcome));
    expect(waiting).toMatchObject({ status: "running", outcome: null, finishedAt: null });
    const item = itemOf(waiting, "B6");
    expect(item).toMatchObject({ status: "waiting", startedAt: null });
    expect(item.now.zh).toContain("示例市医保参保登记");
    expect(item.now.en).toContain("Register of the medically insured");
    const { receipts } = await filed.door.get<{ receipts: { requirement: string; state: string }[] }>(
      `/api/v1/cases/${filed.id}/receipts`,
    );
    expect(receipts.filter((each) => each.state === "unavailable").map((each) => each.requirement)).toEqual([
      "maternityInsurance",
    ]);

    answers("medical-insurance");
    const played = await finish(filed);
    expect(played.case.outcome).toBe("all_granted");
    expect(played.receipts.find((each) => each.requirement === "maternityInsurance")).toMatchObject({
      rule: "register",
      state: "proved",
    });
    expect(played.case.timeline.some((entry) => entry.zh.includes("已经答复"))).toBe(true);
    expect(documentOf({ ...played, papers: [], meters: {} }).totals.askedMaterials).toBe(0);
  });

  test("and the platform stops meanwhile: started again it asks on, and the case ends", async () => {
    hush("medical-insurance");
    const filed = await file(city, birth("mother2"));
    await until(filed, (body) => itemOf(body, "B4").outcome !== null);
    await city.restart({ ...asUsual, faults: { "medical-insurance": silent } });
    const still = await again(filed);
    expect(itemOf(await read(still), "B6").status).toBe("waiting");
    answers("medical-insurance");
    expect((await finish(still)).case.outcome).toBe("all_granted");
  });

  test("the one that proves who may file: the case is taken in, starts nothing that needs it, and goes on by itself", async () => {
    hush("maternity-hospital");
    const script = birth("mother3");
    // What the hospital would have filled in has to be typed.
    const typed = {
      childSex: "female",
      birthTime: new Date(Date.now() - 9 * 86_400_000).toISOString(),
      institution: "示例市妇幼保健院",
      weightGrams: "3320",
      lengthCm: "50",
      gestationWeeks: "39",
      birthOrder: "1",
    };
    const filed = await file(city, { ...script, form: { ...script.form, ...typed } });
    const waiting = await read(filed);
    expect(waiting.status).toBe("running");
    expect(waiting.items.map((each) => each.status)).toEqual(waiting.items.map(() => "waiting"));
    for (const code of ["B1", "B2", "B7"])
      expect(itemOf(waiting, code).now.zh).toContain("示例市妇幼保健院病历系统");

    answers("maternity-hospital");
    expect((await finish(filed)).case.outcome).toBe("all_granted");
  });

  test("and then knows no right of the applicant's: nothing ever starts, and nothing is taken from anybody", async () => {
    hush("public-security");
    // She is the daughter of another man; that the register is silent must not help her.
    const filed = await file(city, {
      ...scriptOf(city, "after-death"),
      by: "heir3",
      people: [{ role: "deceased", person: "deceased" }],
      form: { ...scriptOf(city, "after-death").form, relation: "child" },
    });
    const waiting = await read(filed);
    expect(waiting.items.map((each) => each.status)).toEqual(waiting.items.map(() => "waiting"));

    answers("public-security");
    const { case: ended, results } = await finish(filed);
    expect(ended.outcome).toBe("none_granted");
    for (const item of ended.items) {
      expect(item).toMatchObject({ outcome: "not_possible", startedAt: null });
      expect(item.reasons[0]!.zh).not.toBe("");
    }
    expect(results).toEqual([]);
    const registry = city.grpc(LicenceServiceDefinition, { sub: "story", role: "service" });
    const personId = city.platform.sample.people.get("deceased")!;
    const queries = [{ personId, evidence: ["driving-licence", "household-page"], toPersonId: "" }];
    const asked = { queries, purpose: "核对", caseId: "", actor: "story", items: [] };
    expect((await registry.match(asked)).licences).toHaveLength(2);
  });
});

test("after all of it nothing is broken, open without an owner, or waiting for what nothing will end", async () => {
  await city.platform.drain();
  const { violations, events } = await verifyData(city.config);
  expect(violations).toEqual([]);
  expect(events.casewindow).toBeGreaterThan(100);
});
