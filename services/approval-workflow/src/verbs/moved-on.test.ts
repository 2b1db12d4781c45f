// An act may say which version of the work it was decided on: once somebody, the applicant or time was quicker, it is refused.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Desk,
  type Detail,
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

const refusing = { refuse: { reasons: [{ zh: "材料不符" }] } };
const refuse = { $case: "refuse" as const, value: { reasons: [{ zh: "不符", en: "no" }] } };
const act = (id: string, verb: string, ifMatch: string | undefined, key?: string, body: object = {}) =>
  desk.call(li, "POST", `/api/v1/work/${id}/${verb}`, body, key, ifMatch);

test("at the desk: a read gives the version as a tag, and an act on a version that has passed is refused in words", async () => {
  const { id } = await open(desk);
  const read = await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`);
  const seen = read.body.work.version;
  expect(read.etag).toBe(`"${seen}"`);
  const claimed = await act(id, "claim", `"${seen}"`);
  expect([claimed.status, claimed.etag]).toEqual([200, `"${seen + 1}"`]);
  const late = await act(id, "decision", `"${seen}"`, undefined, refusing);
  expect([late.status, late.body]).toMatchObject([
    409,
    {
      code: "conflict",
      reason: "approval.moved_on",
      zh: `这件事项已有新的变动（您看到的是第 ${seen} 版，现在是第 ${seen + 1} 版，“审查中”），请重新查看后再办理`,
      en: `This item has moved on (you saw version ${seen}; it is now at version ${seen + 1}, under review): look at it again, then act`,
    },
  ]);
  expect((await act(id, "decision", claimed.etag!, undefined, refusing)).body.status).toBe("refused");
});

test("over gRPC: the same, for every act that changes work, and for one row among many", async () => {
  const { id } = await open(desk);
  const other = await open(desk);
  const system = desk.system(police);
  const [text] = refuse.value.reasons;
  const at = { id, ifVersion: 1 };
  const acts = [
    system.claim({ ...at, idempotencyKey: "stale-claim" }),
    system.release({ ...at, idempotencyKey: "stale-release" }),
    system.accept({ ...at, idempotencyKey: "stale-accept" }),
    system.requestSupplement({ ...at, gaps: [], idempotencyKey: "stale-supplement" }),
    system.decline({ ...at, ground: "not_needed", reasons: [text!], idempotencyKey: "stale-decline" }),
    system.pause({ ...at, procedure: "hearing", reason: text, days: 3, idempotencyKey: "stale-pause" }),
    system.resume({ ...at, result: text, idempotencyKey: "stale-resume" }),
    system.extend({ ...at, days: 3, reason: text, approvedBy: text, idempotencyKey: "stale-extend" }),
    system.refer({ ...at, idempotencyKey: "stale-refer" }),
    system.giveLegality({ ...at, opinion: text, idempotencyKey: "stale-legality" }),
    system.giveSecondLook({ ...at, opinion: text, idempotencyKey: "stale-second-look" }),
    system.deliver({ ...at, how: "post", idempotencyKey: "stale-deliver" }),
    system.revoke({ ...at, ground: "fraud", reasons: [text!], idempotencyKey: "stale-revoke" }),
    system.decide({ ...at, decision: refuse, idempotencyKey: "stale-decide" }),
  ];
  for (const outcome of await Promise.allSettled(acts))
    expect(outcome).toMatchObject({ reason: { code: "conflict", reason: "approval.moved_on" } });
  expect(await typesOf(desk, id)).toHaveLength(2);
  const { results } = await system.decideMany({
    decisions: [
      { ...at, decision: refuse, idempotencyKey: "many-stale" },
      { id: other.id, ifVersion: 2, decision: refuse, idempotencyKey: "many-fresh" },
    ],
  });
  expect(results.map(({ outcome }) => outcome?.value)).toMatchObject([
    { reason: "approval.moved_on" },
    { status: "refused" },
  ]);
});

test("of two who decide on the same version at once, one decides and the other is told that it has moved on", async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await open(desk);
    const systems = ["one", "two"].map((sub) => desk.system({ ...police, sub }));
    const both = await Promise.allSettled(
      systems.map((system, i) =>
        system.decide({ id, ifVersion: 2, decision: refuse, idempotencyKey: `race-${round}-${i}` }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { reason: "approval.moved_on", public: { en: expect.stringContaining("refused") } },
    });
  }
});

test("a withdrawal that came meanwhile is told as one", async () => {
  const { id, caseId } = await open(desk);
  await desk.service.consumers[0]!.handle(withdrawRequested(caseId, "X1"));
  const late = await act(id, "decision", '"2"', undefined, refusing);
  expect([late.status, late.body.reason, late.body.en]).toEqual([
    409,
    "approval.moved_on",
    expect.stringMatching(/, withdrawn\)/),
  ]);
});

test("a repeat of an act that was done is answered as the first time, though the work has moved on since", async () => {
  const { id } = await open(desk);
  const first = await act(id, "claim", '"2"', "the-same-key");
  await act(id, "decision", undefined, undefined, refusing);
  const again = await act(id, "claim", '"2"', "the-same-key");
  expect([again.status, again.etag, again.body]).toEqual([200, first.etag, first.body]);
  const system = desk.system(police);
  const { id: second } = await open(desk);
  const decide = () =>
    system.decide({ id: second, ifVersion: 2, decision: refuse, idempotencyKey: "again-the-same" });
  expect(await decide()).toEqual(await decide());
});

test("without a version, or for any, the work is taken as it stands; a tag that is none is refused", async () => {
  const { id } = await open(desk);
  expect((await act(id, "claim", undefined)).status).toBe(200);
  expect((await act(id, "release", "*")).status).toBe(200);
  for (const tag of ["3", '"x"', 'W/"3"', '"0"', '"-1"', '"1", "2"']) {
    const { status, body } = await act(id, "claim", tag);
    expect([tag, status, body.reason]).toEqual([tag, 400, "if_match.invalid"]);
  }
  const theirs = await desk.call(wang, "POST", `/api/v1/work/${id}/claim`, {}, undefined, '"9"');
  expect([theirs.status, theirs.body.reason]).toEqual([409, "approval.moved_on"]);
});
