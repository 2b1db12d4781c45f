// A restaurant opens: the licensing law at work from end to end. The officers of the food licence ask once for everything that is
// missing, inspect the premises while the clock stands still, have the legality reviewed, decide by another hand than accepted,
// and hand the licence over; the signboard is decided under authority that its head has delegated.
import type { CaseBody, PaperBody } from "@onething/all-in-one/demo/bodies";
import { documentOf } from "@onething/all-in-one/demo/document";
import type { Door } from "@onething/all-in-one/demo/door";
import { file, finish, type Played, scriptOf } from "@onething/all-in-one/demo/play";
import { ApprovalGranted } from "@onething/contracts/approval/v1/events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workOf } from "../faults/desk.ts";
import { until } from "../faults/filing.ts";
import { type City, clockFrom, startCity } from "../harness.ts";
import { isLicenceIdentifier, workingDay } from "./checks.ts";

const filedOn = "2026-11-24";
const now = clockFrom(`${filedOn}T10:00:00+08:00`);
let city: City;
let operator: Door;
beforeAll(async () => {
  // The signboard is left for the people who may decide it.
  city = await startCity({ play: { now, leave: ["R5"] } });
  operator = await city.as("restaurateur");
});
afterAll(() => city?.close());

describe("filed once", () => {
  let played: Omit<Played, "meters" | "papers">;
  let papers: PaperBody[];
  beforeAll(async () => {
    const filed = await file(city, scriptOf(city, "restaurant"));
    await delegated();
    await signboard(`/api/v1/cases/${filed.id}`);
    played = await finish(filed);
    await city.platform.drain();
    papers = await until(
      async () => (await operator.get<{ papers: PaperBody[] }>(`/api/v1/papers?case=${filed.id}`)).papers,
      (seen) => seen.filter(({ kind }) => kind === "delivery").length === 4,
    );
  });

  test("everything is granted; whatever needs the check of the business licence waits for it", () => {
    expect(played.case.outcome).toBe("all_granted");
    expect(played.case.items.map(({ code, waitedFor, dueOn }) => [code, waitedFor, dueOn])).toEqual([
      ["R1", [], workingDay(filedOn, 1)],
      ["R2", ["R1"], workingDay(filedOn, 10)],
      ["R4", ["R1"], workingDay(filedOn, 1)],
      ["R5", ["R1"], workingDay(filedOn, 1)],
    ]);
    expect(played.case.leftOut.map(({ code }) => code)).toEqual(["R3"]);
    const { licences, totals } = documentOf({ ...played, papers, meters: {} });
    expect(licences.map(({ issuer }) => issuer).sort()).toEqual([
      "示例市市场监督管理局",
      "示例市消防救援支队",
    ]);
    for (const { identifier } of licences) expect(isLicenceIdentifier(identifier), identifier).toBe(true);
    expect(totals.askedMaterials).toBe(0);
  });

  test("the food licence goes the whole way of the law (arts. 32, 34, 38, 42, 44, 45), told on paper at each turn", () => {
    expect(papers.filter(({ item }) => item === "R2").map(({ kind }) => kind)).toEqual([
      "receipt",
      "supplement",
      "acceptance",
      "special_procedure",
      "granted",
      "delivery",
    ]);
    expect(new Set(papers.map(({ number }) => number)).size).toBe(papers.length);
    const { delivered } = played.case.items.find(({ code }) => code === "R2")!;
    expect(delivered?.how).toBe("window");
    const told = played.case.timeline.filter(({ item }) => item === "R2").map(({ zh }) => zh);
    const turns = [
      /需要补正/,
      /补正已经提交/,
      /已受理/,
      /期间不计入办理期限/,
      /检验已经结束/,
      /办好了/,
      /送达/,
    ];
    expect(turns.map((turn) => told.findIndex((words) => turn.test(words)))).toEqual(
      turns.map((turn) => told.findIndex((words) => turn.test(words))).toSorted((a, b) => a - b),
    );
    expect(turns.filter((turn) => !told.some((words) => turn.test(words)))).toEqual([]);
  });

  test("whoever accepted did not decide, and a third gave the opinion on its legality (art. 34)", async () => {
    const [food] = await city.admin.query<{ hands: string[]; ways: string }>(
      `select array[state ->> 'acceptedBy', state #>> '{legality,givenBy}', state ->> 'decidedBy'] as hands,
              jsonb_path_query_array(state, '$.notices[0].answers[*].way')::text as ways
         from approval.approval where state ->> 'caseId' = $1 and item = 'R2'`,
      [played.case.id],
    );
    expect(food!.hands.map((actor) => actor.split("/")[1])).toEqual(["he.shuyi", "qiu.yan", "ma.chuan"]);
    expect(food!.ways).toBe('["value", "evidence", "words"]');
  });

  test("the signboard was decided under the delegation that is on record", async () => {
    const head = await city.as("head-housing-construction");
    const { delegations } = await head.get<{ delegations: { id: string }[] }>("/api/v1/delegations");
    const [granted] = await city.admin.query<{ payload: Buffer }>(
      `select payload from approval.event where type = 'approval.granted' and case_id = $1
         and stream = (select 'approval/' || id from approval.approval where state ->> 'caseId' = $1 and item = 'R5')`,
      [played.case.id],
    );
    expect(ApprovalGranted.decode(granted!.payload)).toMatchObject({
      by: "officer:chief-housing-construction",
      under: delegations[0]!.id,
    });
  });

  test("the clock ledger has a line for every item, and of one day none to count", () => {
    const { from, until: last, days, items } = played.case.ledger!;
    expect([from, last]).toEqual([filedOn, filedOn]);
    expect([days.department, days.applicant, days.pause]).toEqual([0, 0, 0]);
    expect(items.map(({ code }) => code).sort()).toEqual(["R1", "R2", "R4", "R5"]);
  });
});

test("what the food licence lacks holds up nobody else: refused, the others stand, and its reasons and remedies are told", async () => {
  city.simulator.refuse("R2");
  const script = scriptOf(city, "restaurant");
  const { signText: _, signSize: __, ...form } = script.form;
  const answers = { ...script.answers, signboard: "false", fireCheck: "ordinary" };
  const { case: ended } = await finish(await file(city, { ...script, answers, form }));
  expect(ended.outcome).toBe("partly_granted");
  const outcomes = ended.items.map(({ code, outcome }) => [code, outcome]);
  expect(outcomes).toEqual([
    ["R1", "granted"],
    ["R2", "refused"],
    ["R4", "granted"],
  ]);
  const food = ended.items[1]!;
  expect(food.reasons[0]!.zh).toContain("现场核查不合格");
  expect(food.remedies.map(({ zh }) => zh).join()).toMatch(/再次核查.*行政复议/);
});

/** The head delegates; until then nobody but the head may decide. */
async function delegated(): Promise<void> {
  const head = await city.as("head-housing-construction");
  await head.post("/api/v1/delegations", {
    ...{ representative: "chief-housing-construction", items: ["R5"], powers: ["decide"] },
    ...{ fromOn: filedOn, untilOn: "2027-06-30" },
  });
}

async function signboard(at: string): Promise<void> {
  const [officer, chief] = await Promise.all([
    city.as("officer-housing-construction"),
    city.as("chief-housing-construction"),
  ]);
  await until(
    () => operator.get<CaseBody>(at),
    ({ items }) => items.some(({ code, status }) => code === "R5" && status === "with_department"),
  );
  const work = await workOf(officer, at, "R5");
  const decision = { grant: { result: { number: "ZP-0001", words: "若溪小馆", size: "6×1.2" } } };
  await expect(officer.post(`/api/v1/work/${work.id}/decision`, decision)).rejects.toMatchObject({
    problem: { reason: "approval.no_authority" },
  });
  await chief.post(`/api/v1/work/${work.id}/decision`, decision);
}
