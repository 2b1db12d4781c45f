import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, li, open, police, startDesk, typesOf } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const result = { number: citizenNumber("43099920200101001"), name: "王小明" };
const grant = { result };
interface Results {
  results: { work?: { status: string }; problem?: { reason: string; fields: { field: string }[] } }[];
}

test("one bad row does not spoil the others, and every row is answered in its place", async () => {
  const first = await open(desk);
  const second = await open(desk);
  const elsewhere = await open(desk, { item: { department: { code: "tax", name: undefined, uscc: "" } } });
  const { status, body } = await desk.call<Results>(li, "POST", "/api/v1/work/decisions", {
    decisions: [
      { id: first.id, grant },
      { id: second.id, grant: { result: { number: "1" } } },
      { id: elsewhere.id, grant },
      { id: "nothing" },
      { id: second.id, refuse: { reasons: [{ en: "does not match" }] } },
      { id: first.id, grant },
    ],
  });
  expect(status).toBe(200);
  expect(body.results.map((row) => row.work?.status ?? row.problem?.reason)).toEqual([
    "granted",
    "approval.result_invalid",
    "approval.not_found",
    "approval.decision_missing",
    "refused",
    "approval.already_decided",
  ]);
  expect(body.results[1]?.problem?.fields.map(({ field }) => field)).toEqual([
    "result.number",
    "result.name",
  ]);
  expect(await typesOf(desk, elsewhere.id)).toEqual(["approval.opened", "approval.accepted"]);
});

test("the same over gRPC; sent again it answers the same and decides nothing twice", async () => {
  const [a, b] = [await open(desk), await open(desk)];
  const decisions = [
    { id: a.id, idempotencyKey: `row-${a.id}`, decision: { $case: "grant" as const, value: { result } } },
    {
      id: b.id,
      idempotencyKey: `row-${b.id}`,
      decision: { $case: "refuse" as const, value: { reasons: [] } },
    },
    { id: b.id, decision: { $case: "grant" as const, value: { result } } },
  ];
  const client = desk.system(police);
  const answer = await client.decideMany({ decisions });
  expect(answer.results.map(({ outcome }) => outcome?.$case)).toEqual(["work", "problem", "problem"]);
  expect(answer.results[2]?.outcome?.value).toMatchObject({ reason: "idempotency_key.invalid" });
  expect(answer.results[1]?.outcome?.value).toMatchObject({ fields: [{ field: "reasons" }] });
  expect(await client.decideMany({ decisions })).toEqual(answer);
  expect(await typesOf(desk, a.id)).toEqual(["approval.opened", "approval.accepted", "approval.granted"]);
});

test("no rows, or too many, are refused as a whole", async () => {
  const none = await desk.call(li, "POST", "/api/v1/work/decisions", { decisions: [] });
  expect([none.status, none.body.reason]).toEqual([400, "approval.row_count"]);
  const many = Array.from({ length: 501 }, () => ({ id: "x", grant }));
  expect((await desk.call(li, "POST", "/api/v1/work/decisions", { decisions: many })).status).toBe(400);
});
