import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  clerkOfTax,
  type Desk,
  type Detail,
  li,
  open,
  type Page,
  type Person,
  police,
  startDesk,
  typesOf,
  wang,
  withdrawRequested,
} from "./service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const grant = { result: { number: citizenNumber("43099920200101001"), name: "王小明" } };
const refuse = { $case: "refuse" as const, value: { reasons: [{ zh: "不符", en: "no" }] } };

describe("another department's work is invisible", () => {
  test("at the desk: not in the list, and 404 whatever is tried", async () => {
    const { id } = await open(desk);
    const { body } = await desk.call<Page>(clerkOfTax, "GET", "/api/v1/work?limit=500");
    expect(body.work).toEqual([]);
    const tries = [
      desk.call(clerkOfTax, "GET", `/api/v1/work/${id}`),
      desk.call(clerkOfTax, "POST", `/api/v1/work/${id}/claim`),
      desk.call(clerkOfTax, "POST", `/api/v1/work/${id}/release`),
      desk.call(clerkOfTax, "POST", `/api/v1/work/${id}/decision`, { grant }),
    ];
    for (const { status, body } of await Promise.all(tries))
      expect([status, body.reason]).toEqual([404, "approval.not_found"]);
    expect(await typesOf(desk, id)).toHaveLength(2);
  });

  test("over gRPC: the same", async () => {
    const { id } = await open(desk);
    const tax = desk.system({ sub: "tax-system", role: "department", department: "tax" });
    expect((await tax.listWork({})).work).toEqual([]);
    const tries = [
      tax.getWork({ id }),
      tax.claim({ id, idempotencyKey: "key-claim" }),
      tax.release({ id, idempotencyKey: "key-release" }),
      tax.decide({ id, decision: refuse, idempotencyKey: "key-decide" }),
    ];
    for (const outcome of await Promise.allSettled(tries))
      expect(outcome).toMatchObject({ reason: { code: "not_found", reason: "approval.not_found" } });
  });
});

test.each([
  { sub: "c", role: "citizen" as const },
  { sub: "k", role: "clerk" as const },
  { sub: "o", role: "operator" as const },
  { sub: "s", role: "service" as const },
])("$role: neither door opens", async (person) => {
  const { id } = await open(desk);
  expect((await desk.call(person, "GET", "/api/v1/work")).status).toBe(403);
  expect((await desk.call(person, "GET", `/api/v1/work/${id}`)).status).toBe(403);
  expect((await desk.call(person, "POST", `/api/v1/work/${id}/decision`, { grant })).status).toBe(403);
  await expect(desk.system(person).getWork({ id })).rejects.toMatchObject({ code: "forbidden" });
});

test("an officer whose token names no department has no desk", async () => {
  const lost = { sub: "x", role: "officer" as const };
  const { status, body } = await desk.call(lost, "GET", "/api/v1/work");
  expect([status, body.reason]).toEqual([403, "approval.no_department"]);
});

test("a POST without a key is refused, at both doors", async () => {
  const { id } = await open(desk);
  expect((await desk.call(li, "POST", `/api/v1/work/${id}/claim`, undefined, "")).status).toBe(400);
  await expect(desk.system(police).claim({ id })).rejects.toMatchObject({
    reason: "idempotency_key.invalid",
  });
});

test("whoever comes second to a claim is told who has it; given back, it can be taken", async () => {
  const { id } = await open(desk);
  const act = (person: Person, verb: string) => desk.call(person, "POST", `/api/v1/work/${id}/${verb}`);
  const both = await Promise.all([act(li, "claim"), act(wang, "claim")]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [winner, loser] = both[0]!.status === 200 ? [li, wang] : [wang, li];
  const told = both.find(({ status }) => status === 409)!.body;
  expect([told.reason, told.en]).toEqual([
    "approval.claimed_by_other",
    `Account ${winner.sub} has claimed this item`,
  ]);
  expect((await desk.call(loser, "POST", `/api/v1/work/${id}/decision`, { grant })).status).toBe(409);
  expect((await act(winner, "release")).body.claimedBy).toBe("");
  expect((await act(loser, "claim")).body).toMatchObject({ status: "accepted", claimedBy: loser.sub });
});

test("the list shows what is due first, page by page, without a gap or a repeat", async () => {
  for (const n of [9, 2, 30, 2, 15])
    await open(desk, { item: { code: "L1", promised: { n, unit: "day", from: "accepted" } } });
  const seen: { id: string; dueOn: string }[] = [];
  let cursor = "";
  do {
    const { body } = await desk.call<Page>(li, "GET", `/api/v1/work?item=L1&limit=2&cursor=${cursor}`);
    seen.push(...body.work);
    cursor = body.nextCursor;
  } while (cursor);
  expect(seen.map(({ dueOn }) => dueOn)).toEqual([
    "2026-09-20",
    "2026-09-20",
    "2026-09-27",
    "2026-10-03",
    "2026-10-18",
  ]);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
});

test("a list can be asked for by status; an unknown status or cursor is refused in words", async () => {
  const { id } = await open(desk);
  await desk.call(li, "POST", `/api/v1/work/${id}/decision`, { grant });
  const { body } = await desk.call<Page>(li, "GET", "/api/v1/work?status=granted&status=refused&limit=500");
  expect(body.work.map((work) => work.id)).toContain(id);
  expect((await desk.call(li, "GET", "/api/v1/work?status=lost")).body.reason).toBe(
    "approval.status_unknown",
  );
  expect((await desk.call(li, "GET", "/api/v1/work?cursor=nonsense")).body.reason).toBe("cursor.invalid");
});

test("reading a piece of work opens the form and evidence of that item, and is recorded with its reason", async () => {
  const form = { childName: "王小明" };
  const proofs = [{ requirement: "household", evidence: "household", fields: { no: "7" } }];
  const { id, caseId } = await open(desk, { form, proofs });
  const { detail } = await desk.system({ ...wang, sub: "reader" }).getWork({ id });
  expect(detail).toMatchObject({
    form,
    evidence: [{ receipt: { requirement: "household" }, fields: { no: "7" } }],
  });
  const log = desk.lines.find((line) => line.includes("work read") && line.includes(id));
  expect(log).toContain("officer:reader");
  expect(log).toContain(caseId);
  expect(detail?.evidence[0]?.receipt?.proof).toMatchObject({ kind: "licence", sealedFields: "" });
  const looks = await desk.databases.keyring!.query(
    "select purpose from keyring_access where actor = 'officer:reader'",
  );
  expect(looks).toEqual([{ purpose: `approval of item X1, case ${caseId}` }]);
});

test("what was withdrawn is no longer opened for anybody", async () => {
  const { id, caseId } = await open(desk, { form: { childName: "王小明" } });
  await desk.service.consumers[0]!.handle(withdrawRequested(caseId, "X1"));
  const { body } = await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`);
  expect([body.work.status, body.form]).toEqual(["cancelled", {}]);
});

test("a decision that is neither or both is refused in words", async () => {
  const { id } = await open(desk);
  for (const body of [{}, { grant, refuse: { reasons: [{ zh: "不符" }] } }, { approve: true }]) {
    const answer = await desk.call(li, "POST", `/api/v1/work/${id}/decision`, body);
    expect([answer.status, answer.body.reason]).toEqual([400, "request.invalid"]);
  }
  await expect(desk.system(police).decide({ id, idempotencyKey: "no-decision" })).rejects.toMatchObject({
    reason: "approval.decision_missing",
  });
});
