// Every paper comes of its event, and says what the event, the approval and the catalogue say. Read back from the PDF.

import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { LicenceIssued } from "@onething/contracts/licence/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { citizenNumber, maskNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { approvalId } from "../domain/approval.ts";
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
const newcomer = citizenNumber("43099920260918001");
const grant = { grant: { result: { number: newcomer, name: "王小明" } } };

/** A city that says everything, and one that says nothing. */
const letterhead = {
  mark: "示公许",
  office: words("户政科"),
  phone: "19900009003",
  reconsideration: words("示例市人民政府"),
  court: words("示例市清江区人民法院"),
};
const careful: Partial<PlannedItem> = {
  ...{ acceptance: "department", formFields: ["name"], requirements: ["lease"], procedures: ["hearing"] },
  ...{ letterhead, basis: [words("《户口登记条例》第七条")] },
};

const textOfKind = (caseId: string, kind: string) => onlyTextOf(desk, caseId, kind);
const says = (text: string, ...parts: string[]) => {
  for (const part of parts) expect(text).toContain(bare(part));
};

test("art. 32: a receipt names what was handed in and by when there is an answer, and brings no acceptance yet", async () => {
  const proofs = [
    { requirement: "lease", evidence: "some-licence", fields: { no: "7" } },
    { requirement: "other", evidence: "some-licence", fields: { no: "8" } },
  ];
  const { caseId } = await open(desk, { item: careful, proofs });
  const text = await textOfKind(caseId, "receipt");
  expect((await papersOf(desk, caseId)).map(({ kind }) => kind)).toEqual(["receipt"]);
  says(text, "收件凭证", "示公许收〔2026〕第", "林知夏", "430999********0027", "申请表（网上填写）");
  says(
    text,
    "共2种3份",
    "2026年9月24日前告知",
    `N-${caseId.slice(0, 8)}`,
    "https://onething.example/api/v1/check/",
  );
  expect(text).not.toContain(applicant.number);
});

test("art. 32: an acceptance tells when, and until when it is promised and must be decided", async () => {
  const legal = { n: 20, unit: "workingDay", from: "accepted" };
  const { id, caseId } = await open(desk, { item: { ...careful, legal } });
  await does(id, "accept");
  const text = await textOfKind(caseId, "acceptance");
  says(
    text,
    "受理通知书",
    "自2026年9月18日起予以受理",
    "于2026年9月24日前办结",
    "法定办理期限至2026年10月22日",
  );
  says(text, "户政科", "19900009003", "2026年9月17日提出");
});

test("art. 32: what is accepted by the platform at once has an acceptance and no receipt", async () => {
  const { caseId } = await open(desk);
  await issueAll(desk, caseId);
  expect((await papersOf(desk, caseId)).map(({ kind }) => kind)).toEqual(["acceptance"]);
});

test("art. 32: silence of five days is an acceptance from the receipt on, and the paper says why", async () => {
  const { id, caseId } = await open(desk, { item: careful });
  desk.clock.now = new Date("2026-10-10T02:00:00.000Z");
  const { journal } = desk.service;
  await journal.submit(approvalKind, id, { type: "lapse" }, { actor: "timer" });
  const text = await textOfKind(caseId, "acceptance");
  says(text, "未在五个工作日内告知", "自收到申请材料之日（2026年9月18日）起即为受理");
});

test("art. 32: a supplement notice names every gap at once: what, what is wrong, what would do", async () => {
  const formSchema = [{ name: "name", label: words("姓名"), type: "text", required: true }];
  const proofs = [{ requirement: "lease", evidence: "some-licence", fields: {}, state: "missing" }];
  const { id, caseId } = await open(desk, { item: careful, formSchema, proofs });
  const gaps = [
    { field: "name", what: words("姓名用字不规范"), remedy: words("改用规范汉字") },
    { requirement: "lease", what: words("租约已经到期"), remedy: words("提交有效的租约") },
    { what: words("缺少说明"), remedy: words("写一份说明") },
  ];
  await does(id, "supplement", { gaps });
  const text = await textOfKind(caseId, "supplement");
  says(text, "一次性补正告知书", "共3项", "姓名", "姓名用字不规范", "改用规范汉字");
  says(text, "租约已经到期", "提交有效的租约", "缺少说明", "写一份说明", "不计入办理期限");
});

test("a supplement notice says until when, and what happens then, where a local rule sets a day", async () => {
  const basis = { zh: "示例办法第九条", en: "Sample rules, art. 9" };
  const { id, caseId } = await open(desk, { item: { ...careful, unanswered: { days: 5, basis } } });
  await does(id, "supplement", { gaps: [{ what: words("缺什么"), remedy: words("怎么补") }] });
  const text = await textOfKind(caseId, "supplement");
  expect(text).toMatch(/请于\d+年\d+月\d+日前补正/);
  expect(text).toContain("示例办法第九条");
});

test.each([
  [{ ground: "not_needed", reasons: [words("无需许可")] }, ["不需要取得行政许可", "无需许可"]],
  [
    {
      ground: "not_this_authority",
      reasons: [words("不属本局"), words("属县局")],
      rightBody: words("县公安局"),
    },
    ["不属于本机关职权范围", "不属本局；属县局", "请向县公安局提出申请"],
  ],
])("art. 32: a non-acceptance has its ground, reasons and remedies, case %#", async (body, parts) => {
  const { id, caseId } = await open(desk, { item: careful });
  await does(id, "declining", body);
  const text = await textOfKind(caseId, "non_acceptance");
  says(text, "不予受理通知书", "示公许不受〔2026〕第", ...parts);
  says(text, "六十日内", "向示例市人民政府申请行政复议", "向示例市清江区人民法院提起行政诉讼");
});

test("arts. 45, 42: a special procedure and an extension tell how long and why, with the old end and the new", async () => {
  const { id, caseId } = await open(desk, { item: careful });
  await does(id, "accept");
  await does(id, "pause", { procedure: "hearing", reason: words("涉及他人利益"), days: 5 });
  await does(id, "resume", { result: words("已听证") });
  await does(id, "extension", { days: 10, reason: words("需要核实"), approvedBy: words("局长") });
  says(await textOfKind(caseId, "special_procedure"), "听证", "涉及他人利益", "5个工作日", "2026年9月18日");
  const text = await textOfKind(caseId, "extension");
  says(text, "2026年9月24日", "10个工作日", "2026年10月15日", "需要核实", "局长", "行政许可法》第四十二条");
});

test("art. 38: a grant states facts, basis, result and remedies; numbers of people stay masked", async () => {
  const proofs = [{ requirement: "lease", evidence: "some-licence", fields: { no: "7" } }];
  const { id, caseId } = await open(desk, { item: careful, proofs });
  await does(id, "decision", grant);
  const text = await textOfKind(caseId, "granted");
  says(text, "准予行政许可决定书", "示公许准〔2026〕第", "申请于2026年9月18日受理", "《户口登记条例》第七条");
  says(text, maskNumber(newcomer), "王小明", "向示例市人民政府申请行政复议");
  expect(text).not.toContain(newcomer);
  // A decision accepts with the same stroke what was not accepted yet, and that is told too.
  expect((await papersOf(desk, caseId)).map(({ kind }) => kind)).toEqual([
    "receipt",
    "acceptance",
    "granted",
  ]);
});

test("art. 38: a grant by rule says which conditions the data proved", async () => {
  const conditions = [{ id: "c", rule: 'form.name != ""', why: words("已登记户口") }];
  const automatic = {
    ...{ handling: "automatic", conditions },
    automaticResult: { number: `"${newcomer}"`, name: '"王"' },
  };
  const { caseId } = await open(desk, { item: automatic, form: { name: "x" } });
  says(await textOfKind(caseId, "granted"), "按事项的规则自动作出", "已登记户口");
});

test("art. 38: a refusal states its reasons and remedies, in general words where the city names nothing", async () => {
  const { id, caseId } = await open(desk);
  await does(id, "decision", { refuse: { reasons: [words("不符合条件")] } });
  const text = await textOfKind(caseId, "refused");
  says(text, "不予行政许可决定书", "公安局许不准〔2026〕第", "不符合条件", "第三十四条", "第三十八条第二款");
  says(text, "向本机关所属的本级人民政府申请行政复议", "向有管辖权的人民法院提起行政诉讼", "联系电话：12345");
});

test("art. 44: a delivery names the decision by its number, and everything that was issued", async () => {
  const { id, caseId } = await open(desk, { item: careful });
  await does(id, "decision", grant);
  const data = LicenceIssued.fromPartial({
    identifier: "L-9",
    evidence: "some-licence",
    caseId,
    item: item.code,
  });
  const issued = {
    ...{ id: "licence/L-9@1", stream: "licence/L-9", version: 1, caseId, at: "" },
    actor: "",
    trace: "",
  };
  const registry = desk.service.consumers.find(({ name }) => name === "approval-delivery")!;
  await registry.handle({ ...issued, type: "licence.issued", data } as PublishedEvent);
  expect(id).toBe(approvalId(caseId, item.code));
  const text = await textOfKind(caseId, "delivery");
  const decision = (await papersOf(desk, caseId)).find(({ kind }) => kind === "granted")!;
  says(
    text,
    "送达回证",
    decision.number,
    "L-9",
    "电子送达",
    "申请人本人",
    "申请人的网上账户",
    "系统自动送达",
  );
});
