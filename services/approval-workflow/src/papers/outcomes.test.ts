// What becomes of an application beside a decision: silence that grants, a grant that is taken back, dates that may still move.
import { LicenceIssued } from "@onething/contracts/licence/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { approvalKind } from "../kind.ts";
import { bare, issueAll, onlyTextOf, papersOf } from "../papers.fixture.ts";
import { applicant, type Desk, item, li, open, startDesk } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
beforeEach(() => {
  desk.clock.now = new Date("2026-09-18T02:00:00.000Z");
});
afterAll(() => desk.stop());

const words = (zh: string) => ({ zh, en: `in English: ${zh}` });
const does = async (id: string, verb: string, body: object = {}) => {
  const answer = await desk.call(li, "POST", `/api/v1/work/${id}/${verb}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};
const says = (text: string, ...parts: string[]) => {
  for (const part of parts) expect(text).toContain(bare(part));
};
const newcomer = citizenNumber("43099920260918001");
const grant = { grant: { result: { number: newcomer, name: "王小明" } } };
const own = [words("请到派出所核对后重新申请")];

/** What silence would grant is known from the rule of the item. */
const renewal = {
  ...{ handling: "manual", silence: words("《行政许可法》第五十条第二款") },
  automaticResult: { number: `"${newcomer}"`, name: '"王"' },
};
const lapsed = async () => {
  const opened = await open(desk, { item: renewal });
  desk.clock.now = new Date("2026-10-27T02:00:00.000Z");
  await desk.service.journal.submit(approvalKind, opened.id, { type: "silence" }, { actor: "timer" });
  return opened;
};
const issue = async (caseId: string, identifier: string) => {
  const data = LicenceIssued.fromPartial({ identifier, evidence: "some-licence", caseId, item: item.code });
  const event = { ...{ id: `licence/${identifier}@1`, stream: `licence/${identifier}`, version: 1, caseId } };
  const told = { ...event, at: "", actor: "", trace: "", type: "licence.issued", data } as PublishedEvent;
  await desk.service.consumers.find(({ name }) => name === "approval-delivery")!.handle(told);
};

interface Detail {
  silence?: { basis: { zh: string }; on: string; provisional: boolean };
}
const silenceOf = async (id: string) =>
  (await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body.silence;

test("art. 50: a grant by silence is told as what it is: no decision, the rule, the day; nobody has decided", async () => {
  const { caseId } = await lapsed();
  const text = await onlyTextOf(desk, caseId, "deemed_grant");
  says(text, "视为准予行政许可告知书", "第五十条第二款", "没有作出是否准予的决定", "起视为准予");
  says(text, "法定办理期限至2026年9月24日");
  for (const untrue of ["本机关决定", "第三十四条", "第三十八条", "决定书"])
    expect(text).not.toContain(untrue);
  expect((await papersOf(desk, caseId)).map(({ kind }) => kind)).toEqual(["acceptance", "deemed_grant"]);
});

test("art. 50: the officer sees beforehand that silence grants, by which rule and when; afterwards and elsewhere nothing", async () => {
  const { id } = await open(desk, { item: renewal });
  expect(await silenceOf(id)).toEqual({ basis: renewal.silence, on: "2026-09-24", provisional: false });
  await does(id, "decision", grant);
  expect(await silenceOf(id)).toBeUndefined();
  expect(await silenceOf((await open(desk)).id)).toBeUndefined();
});

test("art. 82: an acceptance whose dates rest on holidays not announced yet calls them provisional", async () => {
  const legal = { n: 120, unit: "workingDay", from: "accepted" };
  const { caseId } = await open(desk, { item: { legal } });
  says(await onlyTextOf(desk, caseId, "acceptance"), "（暂定，放假安排公布后重新计算）", "provisional");
  const firm = await open(desk);
  expect(await onlyTextOf(desk, firm.caseId, "acceptance")).not.toContain("暂定");
});

test("art. 38: what the item names itself stands on a refusal and on a non-acceptance, and on no grant", async () => {
  const refused = await open(desk, { item: { remedies: own } });
  await does(refused.id, "decision", { refuse: { reasons: [words("不符合条件")] } });
  says(await onlyTextOf(desk, refused.caseId, "refused"), own[0]!.zh, "六十日内");
  const declined = await open(desk, { item: { remedies: own, acceptance: "department" } });
  await does(declined.id, "declining", { ground: "not_needed", reasons: [words("无需许可")] });
  says(await onlyTextOf(desk, declined.caseId, "non_acceptance"), own[0]!.zh);
  const granted = await open(desk, { item: { remedies: own } });
  await does(granted.id, "decision", grant);
  expect(await onlyTextOf(desk, granted.caseId, "granted")).not.toContain(own[0]!.zh);
});

test("arts. 8, 69: a revocation names the decision by its number, its ground, reasons, remedies, and what is void with it", async () => {
  const { id, caseId } = await open(desk, { item: { remedies: own } });
  await does(id, "decision", grant);
  await issue(caseId, "L-7");
  await issueAll(desk, caseId);
  await does(id, "revocation", { ground: "fraud", reasons: [words("材料系伪造")] });
  const text = await onlyTextOf(desk, caseId, "revocation");
  const decision = (await papersOf(desk, caseId)).find(({ kind }) => kind === "granted")!;
  says(text, "收回行政许可决定书", "撤〔2026〕第", decision.number, "2026年9月18日准予", "L-7");
  says(text, "第六十九条第二款", "材料系伪造", "本机关决定撤销上述准予", own[0]!.zh, "六十日内");
  expect(text).not.toContain(applicant.number);
});

test("a grant that goes with a refused one is told with the rule of its bundle; one by silence is called so", async () => {
  const { id, caseId } = await lapsed();
  const recall = { type: "recall" as const, reason: words("同件事的另一项没有准予") };
  await desk.service.journal.submit(approvalKind, id, recall, { actor: "consumer:approval-workflow" });
  const text = await onlyTextOf(desk, caseId, "revocation");
  says(
    text,
    "一并申请的其他事项没有准予",
    recall.reason.zh,
    "本机关决定收回上述准予",
    "2026年10月27日视为准予",
  );
});
