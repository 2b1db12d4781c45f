// A register that is down, late, confused or answers about somebody else, and a person who does not agree to a look-up: the
// case is taken in all the same, says what it waits for, and goes on by itself.
import type { CaseBody, PreviewBody, QuestionBody } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import type { Fault } from "@onething/department-simulator/service";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CityInOne, startInOne } from "../harness.ts";
import {
  answered,
  answers,
  closed,
  draft,
  form,
  itemOf,
  outcomesOf,
  readable,
  refused,
  submission,
  until,
} from "./filing.ts";

const hospital = "maternity-hospital";
const insurance = "medical-insurance";
/** What the hospital would have filled in. */
const birth = {
  childSex: "female",
  birthTime: "2026-11-15T02:24:00.000Z",
  institution: "示例市妇幼保健院",
  weightGrams: "3320",
  lengthCm: "50",
  gestationWeeks: "39",
  birthOrder: "1",
};

let city: CityInOne;
let mother: Door;
beforeAll(async () => {
  city = await startInOne();
  mother = await city.as("mother");
});
afterEach(() => city.simulator.setFaults({ [hospital]: undefined, [insurance]: undefined }));
afterAll(() => city.close());

const faults = (set: Record<string, Fault | undefined>) => city.simulator.setFaults(set);
interface ReceiptBody {
  item: string;
  requirement: string;
  rule: string;
  state: string;
  why: { zh: string; en: string };
  fix: { zh: string; en: string } | null;
}
const receiptsOf = async (door: Door, at: string) =>
  (await door.get<{ receipts: ReceiptBody[] }>(`${at}/receipts`)).receipts;

test.each<[string, Fault, RegExp, RegExp]>([
  ["down", { kind: "down" }, /暂时没有应答/, /does not answer/],
  ["late", { kind: "late", ms: 60_000 }, /没有在限定时间内应答/, /did not answer in time/],
  ["garbage", { kind: "garbage" }, /不合数据规范/, /not in the agreed form/],
  ["about the wrong person", { kind: "wrongPerson" }, /答的是另一个人/, /about somebody else/],
])(
  "a register that answers %s at submission: filed, waiting in words, and on by itself",
  async (_, fault, zh, en) => {
    const at = await answered(mother);
    const typed = await submission(mother, at);
    faults({ [insurance]: fault });
    await mother.post(`${at}/submit`, typed);

    const silent = (await receiptsOf(mother, at)).filter((receipt) => receipt.state === "unavailable");
    expect(silent.map((each) => `${each.item} ${each.requirement}`)).toEqual(["B6 maternityInsurance"]);
    readable(silent[0]!.why, zh, en);
    readable(silent[0]!.fix!, /系统会自动再次查询/, /asked again automatically/);
    const others = await until(
      () => mother.get<CaseBody>(at),
      (seen) => seen.items.every((item) => item.code === "B6" || item.outcome),
    );
    expect(others.status).toBe("running");
    expect(itemOf(others, "B6")).toMatchObject({ status: "waiting", outcome: null, startedAt: null });
    readable(itemOf(others, "B6").now, zh, en);

    faults({ [insurance]: undefined });
    const ended = await closed(mother, at);
    expect(ended.outcome).toBe("all_granted");
    expect(ended.timeline.map((entry) => entry.zh)).toContain("部门系统已经答复，继续办理");
  },
);

test("with a register down, questions and preview still come: nothing is guessed, the rest is there", async () => {
  faults({ [hospital]: { kind: "down" }, [insurance]: { kind: "down" } });
  const at = await draft(mother);
  const { questions } = await mother.get<{ questions: QuestionBody[] }>(`${at}/questions`);
  expect(questions).toHaveLength(7);
  expect(questions.find((each) => each.id === "motherInsured")?.known).toBeNull();
  await mother.post(`${at}/answers`, { answers });
  const preview = await mother.get<PreviewBody & { receipts: ReceiptBody[] }>(`${at}/preview`);
  const known = (name: string) => preview.form.find((field) => field.name === name)?.known;
  expect(known("birthTime")).toBeNull();
  expect(known("motherName")?.value).toBe("林知夏");
  expect(preview.missing).toEqual([]);
  const silent = preview.receipts.filter((each) => each.state === "unavailable");
  expect(new Set(silent.map((each) => each.requirement))).toEqual(
    new Set(["birthRecord", "maternityInsurance", "deliveryInvoices", "costList", "diagnosis"]),
  );
});

test("what the silent register would have filled in may be typed, and the case waits for its proof", async () => {
  faults({ [hospital]: { kind: "down" } });
  const at = await answered(mother);
  const typed = await submission(mother, at);
  const untyped = mother.post(`${at}/submit`, typed);
  const problem = await refused(untyped, 400, "form.invalid", /需要补充或更正/, /need attention/);
  expect(problem.fields?.map(({ field }) => field)).toEqual(Object.keys(birth).map((name) => `form.${name}`));
  await mother.post(`${at}/submit`, { ...typed, form: { ...typed.form, ...birth } });
  const waiting = await mother.get<CaseBody>(at);
  for (const code of ["B1", "B2", "B7"])
    expect(itemOf(waiting, code)).toMatchObject({ status: "waiting", startedAt: null });
  await until(
    () => askedAgain(waiting.id),
    (times) => times >= 2,
  );
  await city.platform.drain();
  const told = (await mother.get<CaseBody>(at)).timeline.map((entry) => entry.zh);
  expect(told).toEqual([`已提交，办件编号 ${waiting.number}`]);
  faults({ [hospital]: undefined });
  expect((await closed(mother, at)).outcome).toBe("all_granted");
});

test("filed while the hospital was silent, by somebody it does not know: nothing is granted, and each item says why", async () => {
  faults({ [hospital]: { kind: "down" } });
  const door = await city.as("heir2");
  const father = { role: "father", identityNumber: "430999199003070015", name: "周明远" };
  const at = await answered(door, { ...answers, motherInsured: "false" }, { people: [father] });
  const { statements, consents } = await submission(door, at);
  const { bankName: _, bankAccount: __, ...rest } = form;
  const typed = {
    ...birth,
    ...rest,
    childEthnicity: "汉族",
    marriageNumber: "J430999-2020-000001",
    householdNumber: "430999000015",
    headName: "郭思宁",
    insuredDivision: "430999",
  };
  const originals = { originalsSeen: [] as string[] };
  const missing = door.post(`${at}/submit`, { form: typed, statements, consents, ...originals });
  // He holds no marriage certificate and the platform says so before anything else.
  await refused(missing, 400, "case.evidence_missing", /窗口/, /service window/);

  const clerk = await city.as("clerk1");
  const applicant = { identityNumber: "430999197908260017", name: "郭思宁" };
  const window = await answered(
    clerk,
    { ...answers, motherInsured: "false" },
    { people: [father], applicant },
  );
  await clerk.post(`${window}/submit`, {
    form: typed,
    statements,
    consents: (await submission(clerk, window)).consents,
    originalsSeen: ["marriageCertificate", "parentHousehold", "motherIdentity"],
  });
  faults({ [hospital]: undefined });
  const ended = await closed(clerk, window);
  expect(ended.outcome).toBe("none_granted");
  expect(new Set(Object.values(outcomesOf(ended)))).toEqual(new Set(["not_possible"]));
  readable(itemOf(ended, "B1").reasons[0]!, /没有查到“新生儿出生医学记录”/, /Medical record of the birth/);
  readable(itemOf(ended, "B3").reasons[0]!, /需要它的结果/, /needs its result/);
});

/** How often the registers were asked again for a case. */
async function askedAgain(caseId: string): Promise<number> {
  const verification = city.platform.services.find(({ name }) => name === "verification")!;
  const events = await verification.journal.history({ name: "evidence" }, caseId);
  return events.filter(({ type }) => type === "evidence.resolved").length;
}

const without = (consents: string[], use: string) => {
  expect(consents).toContain(use);
  return consents.filter((each) => each !== use);
};

test("who does not agree to a look-up is told to bring the original; the clerk records it, and the case goes on", async () => {
  const at = await answered(mother);
  const typed = await submission(mother, at);
  const consents = without(typed.consents, "identity-card:mother");
  const submit = mother.post(`${at}/submit`, { ...typed, consents });
  const problem = await refused(
    submit,
    400,
    "case.evidence_missing",
    /到综合窗口出示原件/,
    /show the originals at the service window/,
  );
  expect(new Set(problem.fields?.map(({ field }) => field))).toEqual(
    new Set(["requirements.motherIdentity"]),
  );
  for (const field of problem.fields ?? []) readable(field, /同意查询|原件/, /Agree to|original/);

  const clerk = await city.as("clerk1");
  const applicant = { identityNumber: "430999199208150027", name: "林知夏" };
  const window = await answered(clerk, answers, { applicant });
  const atWindow = await submission(clerk, window);
  // What the card would have filled in is read off the original and typed.
  const form = {
    ...atWindow.form,
    motherName: "林知夏",
    childEthnicity: "汉族",
    motherNumber: "430999199208150027",
    deliveryAddress: "示例市清江区桂花街道望月路12号",
  };
  await clerk.post(`${window}/submit`, { ...atWindow, form, consents, originalsSeen: ["motherIdentity"] });
  const ended = await closed(clerk, window);
  expect(ended.outcome).toBe("all_granted");
  const identity = (await receiptsOf(clerk, window)).filter((each) => each.requirement === "motherIdentity");
  expect(new Set(identity.map((each) => `${each.rule} ${each.state}`))).toEqual(new Set(["original proved"]));
  readable(identity[0]!.why, /窗口已核对/, /seen at the window/);
});

test("without agreeing to what proves guardianship there is no standing, and the words say what to agree to", async () => {
  const at = await answered(mother);
  const typed = await submission(mother, at);
  const submit = mother.post(`${at}/submit`, {
    ...typed,
    consents: without(typed.consents, "birth-record:child"),
  });
  await refused(submit, 403, "case.no_standing", /未同意查询“新生儿出生医学记录”/, /not agreed to look up/);
});
