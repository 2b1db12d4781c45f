import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Desk,
  type Detail,
  itemReady,
  li,
  open,
  type Proof,
  police,
  startDesk,
  typesOf,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const automatic = {
  code: "A1",
  handling: "automatic",
  conditions: [
    { id: "insured", rule: 'form.plan == "basic"', why: { zh: "已选险种", en: "a plan is chosen" } },
    {
      id: "same",
      rule: "evidence.child.no == evidence.parent.no",
      why: { zh: "同户", en: "same household" },
    },
  ],
  automaticResult: { number: "evidence.child.number", name: "evidence.child.name" },
};
const valid = citizenNumber("43099920260918001");
const proofs: Proof[] = [
  {
    requirement: "child",
    evidence: "household",
    fields: { no: "7", number: "43099920200101001X", name: "王小明" },
  },
  { requirement: "parent", evidence: "household", fields: { no: "7" } },
];

test("opening tells the department everything and the case its dates, once however often the event comes", async () => {
  const event = await itemReady(desk, {});
  const consumer = desk.service.consumers[0]!;
  await Promise.all([consumer.handle(event), consumer.handle(event)]);
  await consumer.handle(event);
  const work = (await desk.system(police).listWork({})).work.find(({ caseId }) => caseId === event.caseId)!;
  expect(await typesOf(desk, work.id)).toEqual(["approval.opened", "approval.accepted"]);
  expect(work).toMatchObject({ status: "accepted", item: "X1", dueOn: "2026-09-24", dueProvisional: false });
});

describe("an automatic item", () => {
  test("is granted at once when every condition holds, with the result its rules give, sealed for the case", async () => {
    const child = { ...proofs[0]!, fields: { no: "7", number: valid, name: "王小明" } };
    const { id, caseId } = await open(desk, {
      item: automatic,
      form: { plan: "basic" },
      proofs: [child, proofs[1]!],
    });
    const events = await desk.service.journal.history({ name: "approval" }, id);
    expect(events.map(({ type }) => type)).toEqual([
      "approval.opened",
      "approval.accepted",
      "approval.granted",
    ]);
    const granted = events.at(-1)!.data as { sealedResult: string; evidence: object[]; conditions: object[] };
    expect(granted).toMatchObject({
      automatic: true,
      caseId,
      subjects: [{ personId: "p1" }],
      conditions: [{ id: "insured" }, { id: "same" }],
    });
    expect(granted.evidence).toMatchObject([{ code: "some-licence" }]);
    const [opened] = await desk.keyring.open([granted.sealedResult], { actor: "test", purpose: "test" });
    expect(opened).toEqual({ number: valid, name: "王小明" });
  });

  test.each([
    ["one condition does not hold", { form: { plan: "none" }, proofs }, ["insured"]],
    ["the form lacks what a rule reads", { form: {}, proofs }, ["insured"]],
    [
      "a piece of evidence is not proved",
      { form: { plan: "basic" }, proofs: [proofs[0]!, { ...proofs[1]!, state: "missing" }] },
      ["parent", "same"],
    ],
    ["the result does not fit its schema", { form: { plan: "basic" }, proofs }, ["result.number"]],
  ])("goes to an officer, who sees why, when %s", async (_, given, unmet) => {
    const { id } = await open(desk, { item: automatic, ...given });
    expect(await typesOf(desk, id)).toEqual(["approval.opened", "approval.accepted"]);
    const { body } = await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`);
    expect(body.work.status).toBe("accepted");
    expect(body.unmet.map((each) => each.id)).toEqual(unmet);
  });
});

test("a limit may count from submission, or from a date in the evidence", async () => {
  const due = async (from: string, proofs: Proof[] = []) => {
    const { id } = await open(desk, { item: { promised: { n: 5, unit: "day", from } }, proofs });
    return (await desk.system(police).getWork({ id })).detail?.work?.dueOn;
  };
  expect(await due("submitted")).toBe("2026-09-22");
  const record = { requirement: "birth", evidence: "birth-record", fields: { on: "2026-09-01" } };
  expect(await due("birth.on", [record])).toBe("2026-09-06");
  expect(await due("birth.on")).toBe("2026-09-23");
});

test("a date that reaches into a year not yet announced is marked provisional", async () => {
  const usual = desk.clock.now;
  desk.clock.now = new Date("2026-12-20T16:30:00.000Z");
  const { id } = await open(desk, { item: { promised: { n: 15, unit: "workingDay", from: "accepted" } } });
  desk.clock.now = usual;
  const work = (await desk.system(police).getWork({ id })).detail?.work;
  // Half past midnight of the 21st in the city. Nothing of 2027 is announced yet, not even New Year.
  expect(work).toMatchObject({
    dueOn: "2027-01-11",
    dueProvisional: true,
    openedAt: "2026-12-20T16:30:00.000Z",
  });
});

test("no personal data stands in clear in any table, nor in the log", async () => {
  const secrets = ["王小明", "19900001234", "43099920200101001X", "阳光路七号"];
  const form = { name: secrets[0]!, phone: secrets[1]!, address: secrets[3]!, plan: "none" };
  const { id } = await open(desk, { item: automatic, form, proofs });
  expect((await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body.form).toEqual(form);
  const grant = { result: { number: valid, name: secrets[0]! } };
  expect((await desk.call(li, "POST", `/api/v1/work/${id}/decision`, { grant })).status).toBe(200);

  const texts = [desk.lines.join("")];
  let tables = 0;
  for (const [schema, db] of Object.entries(desk.databases)) {
    const names = await db.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1",
      [schema],
    );
    tables += names.length;
    for (const { name } of names)
      texts.push(
        ...(await db.query<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row),
      );
  }
  // Payloads are bytes: as hex they would hide what stands in clear.
  const events = await desk.db.query<{ payload: Buffer }>("select payload from event");
  texts.push(...events.map(({ payload }) => payload.toString("utf8")));
  expect(tables).toBeGreaterThan(4);
  expect(texts.filter((text) => text.includes("A1")).length).toBeGreaterThan(1);
  for (const secret of [...secrets, valid]) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});
