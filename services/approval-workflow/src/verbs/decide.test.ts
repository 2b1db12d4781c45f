import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { rpcDoor } from "../rpc.ts";
import {
  type Desk,
  li,
  open,
  police,
  startDesk,
  typesOf,
  wang,
  withdrawRequested,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const result = { number: citizenNumber("43099920200101001"), name: "王小明" };
const granting = { grant: { result, opinion: "同意" } };
const refusing = { refuse: { reasons: [{ zh: "材料不符" }] } };
const outcomes = (types: string[]) =>
  types.filter((type) => ["approval.granted", "approval.refused", "approval.cancelled"].includes(type));

test("a grant is published with the result sealed, the subjects and the evidence types", async () => {
  const { id, caseId } = await open(desk);
  const { status, body } = await desk.call(li, "POST", `/api/v1/work/${id}/decision`, granting);
  expect([status, body.status, body.claimedBy]).toEqual([200, "granted", "li"]);
  expect(body.decidedAt).toBe(desk.clock.now.toISOString());
  const granted = (await desk.service.journal.history({ name: "approval" }, id)).at(-1)!;
  expect(granted.data).toMatchObject({ caseId, by: "officer:li", automatic: false, opinion: "同意" });
  const { sealedResult } = granted.data as { sealedResult: string };
  expect(await desk.keyring.open([sealedResult], { actor: "test", purpose: "test" })).toEqual([result]);
});

test("a refusal states reasons and remedies; without a reason it is not accepted", async () => {
  const { id } = await open(desk);
  const path = `/api/v1/work/${id}/decision`;
  const none = await desk.call(li, "POST", path, { refuse: { reasons: [] } });
  expect([none.status, none.body.reason]).toEqual([400, "approval.reason_missing"]);
  expect((await desk.call(li, "POST", path, refusing)).body.status).toBe("refused");
  const refused = (await desk.service.journal.history({ name: "approval" }, id)).at(-1)!;
  expect(refused.data).toMatchObject({ reasons: [{ zh: "材料不符", en: "材料不符" }] });
  expect((refused.data as { remedies: object[] }).remedies).toHaveLength(2);
});

test("a result that does not fit is refused field by field, at both doors", async () => {
  const { id } = await open(desk);
  const wrong = { number: "123", extra: "x" };
  const { status, body } = await desk.call(li, "POST", `/api/v1/work/${id}/decision`, {
    grant: { result: wrong },
  });
  expect([status, body.reason]).toEqual([400, "approval.result_invalid"]);
  expect(body.fields.map(({ field }) => field)).toEqual(["result.number", "result.name", "result.extra"]);
  const decision = { $case: "grant" as const, value: { result: wrong } };
  await expect(
    desk.system(police).decide({ id, decision, idempotencyKey: "wrong-result" }),
  ).rejects.toMatchObject({
    code: "invalid",
    fields: [{ field: "result.number" }, { field: "result.name" }, { field: "result.extra" }],
  });
});

describe("the same request again", () => {
  test("answers as the first time and decides once; with another body it is a conflict", async () => {
    const { id } = await open(desk);
    const send = (body: object) => desk.call(li, "POST", `/api/v1/work/${id}/decision`, body, `key-of-${id}`);
    const first = await send(granting);
    expect(await send(granting)).toEqual(first);
    expect(outcomes(await typesOf(desk, id))).toEqual(["approval.granted"]);
    expect((await send(refusing)).body.reason).toBe("idempotency.other_body");
  });

  test("a repeated claim says claimed, though it has been decided since", async () => {
    const { id } = await open(desk);
    const claim = () => desk.call(li, "POST", `/api/v1/work/${id}/claim`, undefined, `claim-of-${id}`);
    const first = await claim();
    await desk.call(li, "POST", `/api/v1/work/${id}/decision`, granting);
    expect(await claim()).toEqual(first);
  });
});

test("of two officers deciding at once, one wins, the other is told so, one outcome is published", async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await open(desk);
    const path = `/api/v1/work/${id}/decision`;
    const both = await Promise.all([
      desk.call(li, "POST", path, granting),
      desk.call(wang, "POST", path, refusing),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = both[0].status === 200 ? "li" : "wang";
    const loser = both.find(({ status }) => status === 409)!.body;
    expect(loser.reason).toBe("approval.already_decided");
    expect(loser.en).toContain(`by account ${winner} on 2026-09-18 10:00`);
    expect(outcomes(await typesOf(desk, id))).toHaveLength(1);
  }
});

test("the same through two replicas on one database", async () => {
  const other = desk.replica();
  const [mine, theirs] = [desk.service, other].map((service) => service.rpc[0]!.implementation) as ReturnType<
    typeof rpcDoor
  >["implementation"][];
  for (let round = 0; round < 10; round++) {
    const { id } = await open(desk);
    const decide = (door: typeof mine, sub: string, decision: object) =>
      door!.decide!({ id, decision, idempotencyKey: `${sub}-${id}` } as never, {
        caller: { ...li, sub },
        signal: new AbortController().signal,
        requestId: "",
      }) as Promise<object>;
    const both = await Promise.allSettled([
      decide(mine, "li", { $case: "grant", value: { result, opinion: "" } }),
      decide(theirs, "wang", { $case: "grant", value: { result, opinion: "" } }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((each) => each.status === "rejected")?.reason).toMatchObject({
      reason: "approval.already_decided",
    });
    expect(outcomes(await typesOf(desk, id))).toEqual(["approval.granted"]);
  }
  await other.stop();
});

test("a withdrawal racing a decision ends in exactly one of the two, and the case hears which", async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const { id, caseId } = await open(desk);
    const decide = () => desk.call(li, "POST", `/api/v1/work/${id}/decision`, granting);
    const withdraw = () => desk.service.consumers[0]!.handle(withdrawRequested(caseId, "X1"));
    const [{ status, body }] = await Promise.all(
      round % 2 ? [decide(), withdraw()] : [withdraw().then(() => decide())],
    );
    const types = await typesOf(desk, id);
    const [outcome, ...more] = outcomes(types);
    expect(more).toEqual([]);
    seen.add(outcome!);
    if (outcome === "approval.granted")
      expect([status, types.at(-1)]).toEqual([200, "approval.withdrawal_refused"]);
    else expect([status, body.reason]).toEqual([409, "approval.withdrawn"]);
  }
  expect(seen).toContain("approval.cancelled");
});

test("a withdrawal judges every item by itself: what is decided stays, what is open ends", async () => {
  const decided = await open(desk);
  const waiting = await open(desk, { caseId: decided.caseId, item: { code: "X2" } });
  await desk.call(li, "POST", `/api/v1/work/${decided.id}/decision`, granting);
  const event = withdrawRequested(decided.caseId, "X1", "X2");
  await desk.service.consumers[0]!.handle(event);
  await desk.service.consumers[0]!.handle(event);
  expect((await typesOf(desk, decided.id)).slice(-2)).toEqual([
    "approval.granted",
    "approval.withdrawal_refused",
  ]);
  expect((await typesOf(desk, waiting.id)).slice(-1)).toEqual(["approval.cancelled"]);
});

test("every stream folds to its stored state and every hash chain holds", async () => {
  const violations = [];
  for await (const violation of desk.service.journal.verify()) violations.push(violation);
  expect(violations).toEqual([]);
});
