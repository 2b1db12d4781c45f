// A child is born: one request, and everything comes of it. Played at the public doors of the whole platform, on a day of
// which the legal dates are known.
import { documentOf } from "@onething/all-in-one/demo/document";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, clockFrom, startCity } from "../harness.ts";
import { isCitizenNumber, isLicenceIdentifier, workingDay } from "./checks.ts";
import { families } from "./families.ts";
import { hasPromisedKeys } from "./promised.ts";
import { requirementsOf } from "./yaml.ts";

const today = "2026-11-24";
let city: City;
let births: Played[];
let birth: Played;
let demo: ReturnType<typeof documentOf>;

beforeAll(async () => {
  city = await startCity({ play: { now: clockFrom(`${today}T10:00:00+08:00`) } });
  births = await Promise.all(families(scriptOf(city, "birth")).map((script) => play(city, script)));
  birth = births[0]!;
  demo = documentOf(birth);
});
afterAll(() => city?.close());

const item = (code: string) => demo.items.find((each) => each.code === code)!;
const pageOf = (played: Played) => played.results.find((each) => each.item === "B3")!;

describe("the document of the demo", () => {
  test("has the keys that were promised", () => hasPromisedKeys(demo));

  test("counts what really happened", () => {
    const { grpcCalls, events, commits, elapsedMs } = demo.totals;
    for (const n of [grpcCalls, events, commits]) expect(n).toBeGreaterThan(demo.items.length);
    expect(elapsedMs).toBe(Date.parse(demo.case.finishedAt!) - Date.parse(demo.case.submittedAt!));
  });
});

describe("the items", () => {
  test("are those the answers ask for, each with its department, and all are granted", () => {
    expect(demo.case).toMatchObject({ bundle: "birth", outcome: "all_granted" });
    expect(demo.items.map(({ code, department, outcome }) => [code, department.code, outcome])).toEqual([
      ["B1", "maternity-hospital", "granted"],
      ["B2", "maternity-hospital", "granted"],
      ["B3", "public-security", "granted"],
      ["B4", "human-resources", "granted"],
      ["B5", "medical-insurance", "granted"],
      ["B6", "medical-insurance", "granted"],
      ["B7", "health", "granted"],
    ]);
  });

  test("left out are those the answers leave out, and the case says why", () => {
    expect(demo.leftOut.map((each) => each.code)).toEqual(["B0", "B9"]);
    expect(demo.leftOut.map((each) => each.why)).toEqual([
      "您没有要求补办生育登记。",
      "您没有要求现在申领育儿补贴，可以以后单独申领。",
    ]);
  });

  test("wait for exactly what they need and for what should come first", () => {
    expect(Object.fromEntries(demo.items.map(({ code, waitedFor }) => [code, waitedFor]))).toEqual({
      B1: [],
      B2: [],
      B3: ["B1"],
      B4: ["B3"],
      B5: ["B3"],
      B6: ["B1"],
      B7: ["B1"],
    });
  });

  test("of every birth start no earlier than what they waited for has ended, and then by themselves", () => {
    for (const { items } of births.map(documentOf)) {
      const at = (code: string) => Date.parse(items.find((each) => each.code === code)!.finishedAt!);
      for (const { code, waitedFor, startedAt } of items.filter((each) => each.waitedFor.length > 0)) {
        const free = Math.max(...waitedFor.map(at));
        expect(Date.parse(startedAt!) - free, `${code} after ${waitedFor}`).toBeGreaterThanOrEqual(0);
        expect(Date.parse(startedAt!) - free, `${code} by itself`).toBeLessThan(1000);
      }
    }
  });

  test.each(["B1 B2", "B3 B6 B7", "B4 B5"])("%s run beside each other", (codes) => {
    const together = codes.split(" ").map(item);
    const lastStart = Math.max(...together.map((each) => Date.parse(each.startedAt!)));
    const firstEnd = Math.min(...together.map((each) => Date.parse(each.finishedAt!)));
    expect(lastStart).toBeLessThan(firstEnd);
  });

  test("are due on working days of the city, provisional where the year is not announced yet", () => {
    const promised = { B1: 5, B2: 1, B3: 10, B4: 30, B5: 1, B6: 20, B7: 15 };
    for (const { items } of births.map(documentOf))
      expect(items.map(({ code, dueOn, dueProvisional }) => [code, dueOn, dueProvisional])).toEqual(
        Object.entries(promised).map(([code, n]) => [code, workingDay(today, n), code === "B4"]),
      );
    expect(item("B4").dueOn).toBe("2027-01-05");
  });

  test("granted by rule alone are granted without an officer", async () => {
    // The officer's script of B5 refuses: had anybody but the rules decided, it would not be granted.
    const script = city.city.others.scripts as { item: string; decision?: string }[];
    expect(script.find((each) => each.item === "B5")!.decision).toBe("refuse");
    const officer = await city.as("officer-medical-insurance");
    const { work } = await officer.get<{ work: { id: string; caseId: string; claimedBy: string }[] }>(
      "/api/v1/work?item=B5&status=delivered",
    );
    const own = work.find((each) => each.caseId === demo.case.id)!;
    expect(own).toMatchObject({ status: "delivered", claimedBy: "" });
    const detail = await officer.get<{ unmet: object[] }>(`/api/v1/work/${own.id}`);
    expect(detail.unmet).toEqual([]);
  });

  test("are never granted by rule where one condition is not proved: a person sees which and decides", async () => {
    const [script] = families(scriptOf(city, "birth"));
    const elsewhere = await play(city, { ...script!, form: { ...script!.form, insuredDivision: "430998" } });
    const refused = elsewhere.case.items.find((each) => each.code === "B5")!;
    expect(elsewhere.case.outcome).toBe("partly_granted");
    expect(refused).toMatchObject({ outcome: "refused" });
    const officer = await city.as("officer-medical-insurance");
    const { work } = await officer.get<{ work: { id: string; caseId: string }[] }>(
      "/api/v1/work?item=B5&status=refused",
    );
    const own = work.find((each) => each.caseId === elsewhere.case.id)!;
    const { unmet } = await officer.get<{ unmet: { id: string }[] }>(`/api/v1/work/${own.id}`);
    expect(unmet.map((each) => each.id)).toEqual(["registeredHere"]);
  });
});

describe("the proofs", () => {
  test("have one receipt for every requirement of every item, with rule, candidates and why", () => {
    for (const [i, { case: ended, receipts, script }] of births.entries()) {
      const wanted = ended.items.flatMap(({ code }) =>
        requirementsOf(code, script.answers).map((requirement) => `${code} ${requirement}`),
      );
      expect(receipts.map((each) => `${each.item} ${each.requirement}`).sort(), `family ${i + 1}`).toEqual(
        wanted.sort(),
      );
      for (const { requirement, rule, state, candidates, why, proof } of receipts) {
        expect([state, why.zh === "", why.en === ""], requirement).toEqual(["proved", false, false]);
        expect(proof?.reference, requirement).toBeTruthy();
        if (rule === "licence") expect(candidates.some((each) => each.matched && each.why.zh)).toBe(true);
      }
    }
  });

  test("come from where the law of the catalogue lets them come from", () => {
    const rules = Object.fromEntries(
      demo.receipts.map(({ item, requirement, rule }) => [`${item} ${requirement}`, rule]),
    );
    expect(rules).toMatchObject({
      "B1 motherIdentity": "licence",
      "B1 marriageCertificate": "licence",
      "B1 birthRecord": "register",
      "B1 informedNotice": "statement",
      "B3 birthCertificate": "sibling",
      "B4 childHousehold": "sibling",
      "B5 childHousehold": "sibling",
      "B6 maternityInsurance": "register",
      "B6 deliveryInvoices": "register",
    });
  });

  test("ask for one thing more where the parents are of different ethnicity", () => {
    const asks = (played: Played) =>
      played.receipts.filter((each) => each.requirement === "ethnicityRequest");
    expect(asks(births[3]!)).toMatchObject([{ item: "B3", rule: "statement", state: "proved" }]);
    for (const other of births.slice(0, 3)) expect(asks(other)).toEqual([]);
    expect(pageOf(births[3]!).fields).toMatchObject({ ethnicity: "土家族" });
  });

  test("spare the paper of the guide whose condition holds, and nobody brings anything", () => {
    // Fourteen printed; the ethnicity request and the photo of a child of seven are conditional.
    expect(births.map((played) => documentOf(played).totals.paperMaterials)).toEqual([12, 12, 12, 13]);
    for (const played of births) expect(documentOf(played).totals.askedMaterials).toBe(0);
  });

  test("fill in the form and the questions, and each value names its source", () => {
    const { form } = birth.preview;
    const typed = form.filter((field) => !field.known).map((field) => field.name);
    expect(typed.sort()).toEqual(Object.keys(birth.script.form).sort());
    const sources = Object.fromEntries(form.map(({ name, known }) => [name, known?.source.zh]));
    expect(sources).toMatchObject({
      birthTime: "示例市妇幼保健院病历系统",
      motherNumber: "示例市公安局",
      fatherName: "示例市公安局",
      marriageNumber: "示例市民政局",
    });
    const values = Object.fromEntries(form.map(({ name, known }) => [name, known?.value]));
    expect(values).toMatchObject({ fatherName: "周明远", weightGrams: "3320", householdNumber: "0900001" });
    const insured = birth.questions.find((question) => question.id === "motherInsured")!;
    expect(insured.known).toMatchObject({ value: "true", source: { zh: "示例市医保参保登记" } });
  });
});

describe("what comes out", () => {
  test("is a licence or registration of every item, with an identifier that checks", () => {
    expect(demo.licences).toHaveLength(4);
    expect(demo.registrations).toHaveLength(3);
    expect(demo.licences.map((each) => each.holder)).toEqual(Array(4).fill(birth.script.form.childName));
    for (const { case: file, licences } of births.map(documentOf))
      for (const { identifier, type, issuedAt } of licences) {
        expect(isLicenceIdentifier(identifier), identifier).toBe(true);
        expect(identifier).toContain(`.${type}.`);
        expect(Date.parse(issuedAt)).toBeGreaterThanOrEqual(Date.parse(file.submittedAt!));
      }
    const all = births.flatMap((played) => played.results.map((each) => each.identifier));
    expect(new Set(all).size).toBe(all.length);
  });

  test("is for each child a citizen number that is valid, new, and says when it was born and of which sex", () => {
    const numbers = births.map((played) => pageOf(played).fields.citizenNumber!);
    expect(numbers.map(isCitizenNumber)).toEqual([true, true, true, true]);
    const known = [...city.platform.sample.known.values()].map((person) => person.identityNumber);
    expect(new Set([...numbers, ...known]).size).toBe(numbers.length + known.length);
    const spoken = numbers.map((number) => [
      number.slice(6, 14),
      Number(number[16]) % 2 === 1 ? "male" : "female",
    ]);
    // Nine, sixteen, four (after midnight in the city, not yet in UTC) and thirty days ago.
    expect(spoken).toEqual([
      ["20261115", "female"],
      ["20261108", "male"],
      ["20261120", "female"],
      ["20261025", "male"],
    ]);
  });

  test("is bound to the child: its number finds it, and it holds what was issued to it", async () => {
    const registry = city.grpc(LicenceServiceDefinition, { sub: "story", role: "service" });
    for (const played of births) {
      const { citizenNumber, name } = pageOf(played).fields;
      const { personId } = await registry.identify({ identityNumber: citizenNumber!, name: name! });
      const evidence = [
        "household-page",
        "birth-certificate",
        "social-security-card",
        "resident-insurance-enrolment",
      ];
      const { licences } = await registry.match({
        queries: [{ personId, evidence, toPersonId: "" }],
        purpose: "核对",
        caseId: "",
        actor: "story",
        items: [],
      });
      const issued = played.results.filter((each) => ["B1", "B3", "B4", "B5"].includes(each.item));
      expect(licences.map((each) => each.identifier).sort()).toEqual(
        issued.map((each) => each.identifier).sort(),
      );
      expect(licences.map((each) => each.status)).toEqual(licences.map(() => "valid"));
    }
  });

  test("lies in the mother's wallet where it is hers", async () => {
    const mother = await city.as("mother");
    const { licences } = await mother.get<{ licences: { evidence: string; identifier: string }[] }>(
      "/api/v1/licences",
    );
    const payment = birth.results.find((each) => each.item === "B6")!;
    expect(licences.map((each) => each.identifier)).toContain(payment.identifier);
    expect(licences.map((each) => each.evidence)).toEqual(
      expect.arrayContaining(["identity-card", "household-page", "marriage-certificate"]),
    );
  });
});

describe("the other parent", () => {
  test("sees the case, and only his own", async () => {
    const father = await city.as("father");
    const { cases } = await father.get<{ cases: { id: string }[] }>("/api/v1/cases");
    expect(cases.map((each) => each.id)).toContain(demo.case.id);
    for (const other of births.slice(1)) {
      expect(cases.map((each) => each.id)).not.toContain(other.case.id);
      await expect(father.get(`/api/v1/cases/${other.case.id}`)).rejects.toMatchObject({ status: 404 });
    }
    expect(await father.get(`/api/v1/cases/${demo.case.id}`)).toMatchObject({ outcome: "all_granted" });
  });

  test("finds every look at his data in his own log, with case and purpose", async () => {
    const father = await city.as("father");
    const { accesses } = await father.get<{
      accesses: { caseId: string | null; purpose: string; evidence: string[]; actor: string }[];
    }>("/api/v1/access-log?limit=200");
    const own = accesses.filter((each) => each.caseId === demo.case.id);
    expect(own.some((each) => each.evidence.includes("identity-card"))).toBe(true);
    for (const { purpose, actor } of own) expect([purpose === "", actor === ""]).toEqual([false, false]);
    const strangers = births.slice(1).map((each) => each.case.id);
    expect(accesses.some((each) => strangers.includes(each.caseId ?? ""))).toBe(false);
  });
});

test("a person to whom the case is nothing sees none of it", async () => {
  const stranger = await city.as("stranger");
  for (const path of ["", "/receipts", "/results", "/preview"])
    await expect(stranger.get(`/api/v1/cases/${demo.case.id}${path}`)).rejects.toMatchObject({ status: 404 });
  const { cases } = await stranger.get<{ cases: object[] }>("/api/v1/cases");
  expect(cases).toEqual([]);
});
