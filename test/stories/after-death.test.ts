// Somebody has died: a quite different life event in the same words, filed at a window.
import { documentOf } from "@onething/all-in-one/demo/document";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, clockFrom, startCity } from "../harness.ts";
import { isLicenceIdentifier, workingDay } from "./checks.ts";
import { secondFamily } from "./families.ts";
import { requirementsOf } from "./yaml.ts";

const today = "2026-09-21";
let city: City;
let played: Played;
let demo: ReturnType<typeof documentOf>;

beforeAll(async () => {
  city = await startCity({ play: { now: clockFrom(`${today}T10:00:00+08:00`) } });
  played = await play(city, { ...scriptOf(city, "after-death"), window: "clerk1" });
  demo = documentOf(played);
});
afterAll(() => city?.close());

const people = (key: string) => city.platform.sample.people.get(key)!;

/** What somebody holds now, as the next case would find it. */
async function held(key: string, evidence: string[]): Promise<string[]> {
  const registry = city.grpc(LicenceServiceDefinition, { sub: "story", role: "service" });
  const queries = [{ personId: people(key), evidence, toPersonId: "" }];
  const { licences } = await registry.match({
    queries,
    purpose: "核对",
    caseId: "",
    actor: "story",
    items: [],
  });
  return licences.map((each) => each.evidence).sort();
}

describe("the items", () => {
  test("are all of the guide but the proof that only a non-natural death needs", () => {
    expect(demo.case).toMatchObject({ bundle: "after-death", outcome: "all_granted" });
    const codes = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((n) => `D${n}`);
    expect(demo.items.map(({ code, outcome }) => [code, outcome])).toEqual(
      codes.map((code) => [code, "granted"]),
    );
    expect(demo.leftOut).toEqual([
      { code: "D2", name: "出具死亡证明(非正常死亡)", why: "正常死亡不需要公安机关出具证明。" },
    ]);
    expect(new Set(demo.items.map((each) => each.department.code)).size).toBe(10);
  });

  test("of the pension are those of the scheme that the register names", () => {
    const names = demo.items.map((each) => each.name);
    expect(names).toEqual(
      expect.arrayContaining(["企业职工养老保险待遇暂停", "企业退休职工(无工伤信息)遗属待遇"]),
    );
    const known = Object.fromEntries(played.questions.map(({ id, known }) => [id, known?.value]));
    expect(known).toMatchObject({
      pension: "employee",
      medicallyInsured: "true",
      drove: "true",
      housingFund: "true",
    });
  });

  test("follow the answers of another family: other variants, and nothing to cancel or withdraw", async () => {
    const { case: ended, results, questions } = await play(city, secondFamily(scriptOf(city, "after-death")));
    expect(ended.outcome).toBe("all_granted");
    expect(questions.find((each) => each.id === "pension")!.known?.value).toBe("resident");
    expect(ended.items.map((each) => each.name.zh)).toContain("城乡居民养老保险丧葬补助金申领");
    expect(ended.leftOut.map((each) => each.code)).toEqual(["D2", "D10", "D11"]);
    expect(results.find((each) => each.item === "D6")!.fields).toMatchObject({ funeralGrant: "1200.00" });
  });

  test("wait, hard and soft, for exactly what the catalogue says", () => {
    expect(
      Object.fromEntries(demo.items.map(({ code, waitedFor }) => [code, [...waitedFor].sort()])),
    ).toEqual({
      D1: [],
      D3: ["D1"],
      D4: ["D1"],
      D5: ["D1"],
      D6: ["D3", "D5"],
      D7: ["D12", "D5"],
      D8: ["D1"],
      D9: ["D12", "D8"],
      D10: ["D4"],
      D11: ["D12", "D4"],
      D12: [],
      D13: ["D12"],
      D14: [],
    });
  });

  test("start no earlier than everything they waited for has ended", () => {
    const end = (code: string) => Date.parse(demo.items.find((each) => each.code === code)!.finishedAt!);
    for (const { code, waitedFor, startedAt } of demo.items)
      for (const before of waitedFor)
        expect(Date.parse(startedAt!), `${code} ${before}`).toBeGreaterThanOrEqual(end(before));
  });

  test("are due on working days of the city, over two holidays and a Saturday that is worked", () => {
    const promised = {
      D1: 5,
      D3: 1,
      D4: 1,
      D5: 1,
      D6: 30,
      D7: 30,
      D8: 5,
      D9: 10,
      D10: 3,
      D11: 3,
      D12: 3,
      D13: 30,
      D14: 2,
    };
    expect(Object.fromEntries(demo.items.map(({ code, dueOn }) => [code, dueOn]))).toEqual(
      Object.fromEntries(Object.entries(promised).map(([code, n]) => [code, workingDay(today, n)])),
    );
    expect(demo.items.find((each) => each.code === "D6")!.dueOn).toBe("2026-11-09");
    expect(demo.items.some((each) => each.dueProvisional)).toBe(false);
  });
});

describe("the proofs", () => {
  test("have a receipt for every requirement of every item and every person", () => {
    const wanted = demo.items.flatMap(({ code }) =>
      requirementsOf(code, played.script.answers).map((requirement) => `${code} ${requirement}`),
    );
    expect([...new Set(played.receipts.map((each) => `${each.item} ${each.requirement}`))].sort()).toEqual(
      wanted.sort(),
    );
    expect(played.receipts.map((each) => each.state)).toEqual(played.receipts.map(() => "proved"));
  });

  test("of the applicant's word is a declaration that she made; everything else is found", () => {
    const rule = (requirement: string) => [
      ...new Set(played.receipts.filter((each) => each.requirement === requirement).map((each) => each.rule)),
    ];
    expect(rule("noOtherHeir")).toEqual(["statement"]);
    expect(rule("applicantKinship")).toEqual(["register"]);
    expect(rule("heirKinship")).toEqual(["register"]);
    expect(rule("deathCertificate")).toEqual(["sibling"]);
    expect(rule("insuranceEnded")).toEqual(["sibling"]);
    expect(rule("drivingLicence")).toEqual(["licence"]);
    expect(demo.totals).toMatchObject({ paperMaterials: 7, askedMaterials: 0 });
  });

  test("of a register is told by the name people know it by", () => {
    const names = city.city.catalogue.departments.map(({ name, register }) => (register ?? name).zh);
    const confirmed = played.receipts.filter(({ rule }) => rule === "register");
    expect(confirmed.filter(({ why }) => !names.some((name) => why.zh.includes(name)))).toEqual([]);
  });

  test("without the declaration that there is no other heir nothing is submitted", async () => {
    expect(played.preview.statements.map((each) => each.id)).toEqual(["noOtherHeir"]);
    const silent = play(city, { ...secondFamily(scriptOf(city, "after-death")), statements: [] });
    await expect(silent).rejects.toMatchObject({ status: 400, problem: { reason: "case.evidence_missing" } });
  });

  test("of the deceased are used by law, of the applicant with her consent", () => {
    const ground = (role: string) => [
      ...new Set(played.preview.uses.filter((u) => u.role === role).map((u) => u.ground)),
    ];
    expect([ground("deceased"), ground("applicant"), ground("heir")]).toEqual([
      ["law"],
      ["consent"],
      ["law"],
    ]);
    for (const use of played.preview.uses.filter((each) => each.ground === "law"))
      expect(use.law?.zh).toContain("条");
  });
});

describe("what the items take away", () => {
  const ended = ["household-page", "driving-licence"];

  test("the registry no longer knows as held, and the identity card it still does", async () => {
    expect(await held("deceased", [...ended, "identity-card", "household-cancellation"])).toEqual([
      "household-cancellation",
      "identity-card",
    ]);
  });

  test("is cancelled with its reason where the issuing department looks it up", async () => {
    const pinned = (requirement: string) =>
      played.receipts.find((each) => each.requirement === requirement)!.proof!.reference;
    const looks = [
      ["officer-public-security", pinned("deceasedHousehold")],
      ["officer-traffic-police", pinned("drivingLicence")],
    ] as const;
    for (const [officer, identifier] of looks) {
      const desk = await city.as(officer);
      const licence = await desk.get<{ status: string; cancelled: { reason: string } }>(
        `/api/v1/licences/${identifier}`,
      );
      expect(licence.status).toBe("cancelled");
      expect(licence.cancelled.reason).not.toBe("");
    }
  });

  test("is gone for the next case: it asks no more about it, and its cancellation proves the rest", async () => {
    const script = {
      ...scriptOf(city, "after-death"),
      by: "heir2",
      people: [
        { role: "deceased", person: "deceased" },
        { role: "heir", person: "heir1" },
      ],
    };
    const again = await play(city, {
      ...script,
      answers: { ...script.answers, drove: "false" },
      // The page that knew it is gone.
      form: { ...script.form, deceasedAddress: "示例市清江区柳林街道和平巷5号" },
    });
    expect(again.questions.find((each) => each.id === "drove")!.known?.value).toBe("false");
    expect(again.case.items.find((each) => each.code === "D1")).toMatchObject({
      outcome: "not_needed",
      startedAt: null,
    });
    const household = again.receipts.find((each) => each.requirement === "deceasedHousehold")!;
    const cancellation = played.results.find((each) => each.item === "D4")!;
    expect(household).toMatchObject({
      rule: "licence",
      state: "proved",
      proof: { reference: cancellation.identifier },
    });
  });

  test("of other people is untouched", async () => {
    expect(await held("heir1", ["household-page"])).toEqual(["household-page"]);
    expect(await held("heir2", ["household-page", "identity-card"])).toEqual([
      "household-page",
      "identity-card",
    ]);
  });
});

describe("what comes out", () => {
  test("is one product of every item, licences with identifiers that check", () => {
    expect(played.results.map((each) => each.item).sort()).toEqual(
      demo.items.map((each) => each.code).sort(),
    );
    expect(demo.licences).toHaveLength(3);
    for (const { identifier } of demo.licences)
      expect(isLicenceIdentifier(identifier), identifier).toBe(true);
  });

  test('"nothing found" is a result too', () => {
    expect(played.results.find((each) => each.item === "D12")!.fields).toMatchObject({ found: "false" });
  });
});

describe("who sees it", () => {
  const reads = async (username: string) => {
    const door = await city.as(username);
    return door.get<{ outcome: string }>(`/api/v1/cases/${demo.case.id}`);
  };
  const lists = async (username: string) => {
    const door = await city.as(username);
    const { cases } = await door.get<{ cases: { id: string }[] }>("/api/v1/cases");
    return cases.some((each) => each.id === demo.case.id);
  };

  test("a case that a window took in is seen by its clerk and by every other window", async () => {
    expect(played.case.channel).toBe("window");
    for (const clerk of ["clerk1", "clerk2"]) {
      expect(await reads(clerk)).toMatchObject({ outcome: "all_granted" });
      expect(await lists(clerk)).toBe(true);
    }
  });

  test("the applicant finds it as her own, the other heir follows it", async () => {
    for (const heir of ["heir1", "heir2"]) {
      expect(await reads(heir)).toMatchObject({ outcome: "all_granted" });
      expect(await lists(heir)).toBe(true);
    }
  });

  test("citizens whom it does not concern do not, nor does an officer see it as a case", async () => {
    for (const other of ["stranger", "heir3", "mother"]) {
      await expect(reads(other)).rejects.toMatchObject({ status: 404 });
      expect(await lists(other)).toBe(false);
    }
    await expect(reads("officer-civil-affairs")).rejects.toMatchObject({ status: 403 });
  });

  test("the other heir finds in his log that his kinship was looked up", async () => {
    const heir = await city.as("heir2");
    const { accesses } = await heir.get<{ accesses: { caseId: string | null }[] }>(
      "/api/v1/access-log?limit=200",
    );
    expect(accesses.some((each) => each.caseId === demo.case.id)).toBe(true);
  });
});
