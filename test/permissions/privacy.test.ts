// What an officer reads of a case: the form fields, the answers and the fields of the evidence that the item lists, and nothing
// else. Whose data it is sees in their access log what was looked at, for what and by whom; a look is recorded before it is
// answered.
import type { Door } from "@onething/all-in-one/demo/door";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DetailBody, workOf } from "../faults/desk.ts";
import { answers, filed, refused } from "../faults/filing.ts";
import { type City, startCity } from "../harness.ts";

let city: City;
let mother: Door;
let at: string;
beforeAll(async () => {
  // B1 is decided by play, so that B6 starts; the others stay on their desks.
  city = await startCity({ play: { leave: ["B2", "B3", "B6", "B7"] } });
  mother = await city.as("mother");
  at = await filed(mother);
});
afterAll(() => city?.close());

/** What the catalogue says that an item needs. */
async function needs(code: string) {
  const catalog = city.grpc(CatalogServiceDefinition, { sub: "test", role: "service" });
  const { plan } = await catalog.plan({ bundle: "birth", answers });
  const item = plan!.items.find((each) => each.code === code)!;
  return { form: item.formFields, requirements: item.requirements, answers: item.answers };
}

/** What each item is shown of the evidence, here as somebody who knows the work would say it. */
const shown: Record<string, Record<string, string[]>> = {
  B2: { birthRecord: ["birthTime", "gestationWeeks", "sex", "weightGrams"] },
  B3: {
    birthCertificate: "birthTime childName fatherName fatherNumber motherName motherNumber number sex".split(
      " ",
    ),
    parentHousehold: "address division headName householdKind householdNumber relationToHead".split(" "),
    motherIdentity: ["citizenNumber", "ethnicity", "name"],
    fatherIdentity: ["citizenNumber", "ethnicity", "name"],
    marriageCertificate: ["number", "spouseName"],
  },
  B6: {
    motherIdentity: ["citizenNumber", "name"],
    maternityInsurance: ["division", "maternity", "scheme", "status"],
    deliveryInvoices: ["invoiceCount", "total"],
    costList: ["lineCount", "total"],
    diagnosis: ["admittedOn", "dischargedOn", "text"],
  },
  B7: { birthRecord: ["birthDate"] },
};

test.each([
  ["B2", "officer-maternity-hospital", "maternity-hospital"],
  ["B3", "officer-public-security", "public-security"],
  ["B6", "officer-medical-insurance", "medical-insurance"],
  ["B7", "officer-health", "health"],
])(
  "of %s an officer reads the form, the answers and just the fields of the evidence that it lists, at both doors alike",
  async (code, account, department) => {
    const officer = await city.as(account);
    const work = await workOf(officer, at, code);
    const wanted = await needs(code);
    const desk = await officer.get<DetailBody>(`/api/v1/work/${work.id}`);
    expect(Object.keys(desk.form).sort()).toEqual([...wanted.form].sort());
    expect([...new Set(desk.evidence.map(({ receipt }) => receipt.requirement))].sort()).toEqual(
      [...wanted.requirements].sort(),
    );
    expect(desk.evidence.every(({ receipt }) => receipt.state === "proved")).toBe(true);
    expect(
      Object.fromEntries(
        desk.evidence.map(({ receipt, fields }) => [receipt.requirement, Object.keys(fields).sort()]),
      ),
    ).toEqual(shown[code]);
    expect(Object.keys(desk.answers).sort()).toEqual([...wanted.answers].sort());
    expect(JSON.stringify(desk)).not.toMatch(/"s1\./);

    const { detail } = await city.department(department).getWork({ id: work.id });
    expect(detail!.form).toEqual(desk.form);
    expect(detail!.evidence.map(({ fields }) => fields)).toEqual(desk.evidence.map(({ fields }) => fields));
  },
);

test("lists of work name no person and no field of a form", async () => {
  const officer = await city.as("officer-public-security");
  await workOf(officer, at, "B3");
  const list = JSON.stringify(await officer.get("/api/v1/work?limit=500"));
  expect(list).not.toMatch(/林知夏|周明远|周语棠|4309991|19900000|望月路/);
});

test("the department of one item reads neither the form nor the evidence of another", async () => {
  const health = await city.as("officer-health");
  const guidance = await health.get<DetailBody>(`/api/v1/work/${(await workOf(health, at, "B7")).id}`);
  // What only the payment needs: the bank account, the invoices, the insurance.
  expect(JSON.stringify(guidance)).not.toMatch(/6200430999000000017|9740\.50|YB-0900101|J430999/);
  // The record of the birth holds the mother's number, which the guidance does not need.
  expect(JSON.stringify([guidance.form, guidance.evidence])).not.toMatch(/430999\d{11}[\dX]/);
  expect(guidance.answers).toEqual({});
  const insurance = await city.as("officer-medical-insurance");
  const payment = await insurance.get<DetailBody>(`/api/v1/work/${(await workOf(insurance, at, "B6")).id}`);
  expect(JSON.stringify(payment)).toContain("6200430999000000017");
  expect(JSON.stringify(payment)).not.toMatch(/周语棠|FM-0900101|J430999/);
});

interface Look {
  at: string;
  actor: string;
  purpose: string;
  caseId: string | null;
  evidence: string[];
}
const looks = async (door: Door) =>
  (await door.get<{ accesses: Look[] }>("/api/v1/access-log?limit=200")).accesses;

test("each holder finds the case's look-ups of their own evidence in their log: who, what, for what", async () => {
  const caseId = at.split("/").at(-1);
  const hers = (await looks(mother)).filter((look) => look.caseId === caseId);
  const seen = new Set(hers.flatMap(({ evidence }) => evidence));
  for (const evidence of ["identity-card", "marriage-certificate", "household-page"])
    expect(seen).toContain(evidence);
  for (const look of hers.filter(({ actor }) => actor === "citizen:mother"))
    expect(look.purpose).toContain("新生儿出生一件事");
  const his = (await looks(await city.as("father"))).filter((look) => look.caseId === caseId);
  expect(new Set(his.flatMap(({ evidence }) => evidence))).toEqual(new Set(["identity-card"]));
  expect(his.length).toBeGreaterThan(0);
  expect(await looks(await city.as("stranger"))).toEqual([]);
});

test("each holder finds the departments that have opened the work in their log: which, why, when, what of theirs", async () => {
  const own = await filed(mother);
  const caseId = own.split("/").at(-1);
  const officer = await city.as("officer-public-security");
  const work = await workOf(officer, own, "B3");
  const before = new Date().toISOString();
  await officer.get(`/api/v1/work/${work.id}`);
  await officer.get(`/api/v1/work/${work.id}`);
  const after = new Date().toISOString();
  await city.platform.drain();
  const byOfficer = async (name: string) =>
    (await looks(await city.as(name))).filter(
      (look) => look.caseId === caseId && look.actor === "officer:officer-public-security",
    );
  const [look, ...more] = await byOfficer("mother");
  // Within an hour, a second reading is the same look; two are seen by a clock that passes the hour.
  expect(more.length).toBeLessThanOrEqual(1);
  expect(look!.purpose).toMatch(/公安局.*办理“出生登记”/);
  expect(look!.at >= before && look!.at <= after).toBe(true);
  expect(look!.evidence.toSorted()).toEqual(["household-page", "identity-card", "marriage-certificate"]);
  const [his] = await byOfficer("father");
  expect([his!.purpose, his!.evidence]).toEqual([look!.purpose, ["identity-card"]]);
  // The guidance holds nothing of the father's.
  const health = await city.as("officer-health");
  await health.get(`/api/v1/work/${(await workOf(health, own, "B7")).id}`);
  await city.platform.drain();
  const actors = async (name: string) =>
    new Set(
      (await looks(await city.as(name))).filter((each) => each.caseId === caseId).map(({ actor }) => actor),
    );
  expect(await actors("mother")).toContain("officer:officer-health");
  expect(await actors("father")).not.toContain("officer:officer-health");
  expect(await looks(await city.as("stranger"))).toEqual([]);
});

test("an officer's reading is logged with the officer's name and the work; a refused one is not, and opens no key", async () => {
  const officer = await city.as("officer-medical-insurance");
  const work = await workOf(officer, at, "B6");
  const opened = (actor: string) =>
    city.admin.query<{ actor: string; purpose: string }>(
      "select actor, purpose from keyring.keyring_access where actor = $1 and purpose like '%B6%'",
      [actor],
    );
  await officer.get(`/api/v1/work/${work.id}`);
  expect(city.logged()).toContain(`"actor":"officer:officer-medical-insurance","approval":"${work.id}"`);
  const other = await city.as("officer-health");
  await refused(other.get(`/api/v1/work/${work.id}`), 404, "approval.not_found", /不属于/, /not your/);
  expect(await opened("officer:officer-health")).toEqual([]);
  expect(city.logged()).not.toContain(`"actor":"officer:officer-health","approval":"${work.id}"`);
});

test("a licence is read by its holder and its issuer, each look is in the holder's log, a refused one shows nothing", async () => {
  const { licences } = await mother.get<{ licences: { identifier: string; evidence: string }[] }>(
    "/api/v1/licences",
  );
  const card = licences.find(({ evidence }) => evidence === "identity-card")!.identifier;
  const police = await city.as("officer-public-security");
  await police.get(`/api/v1/licences/${card}`);
  for (const name of ["father", "clerk1", "officer-health", "operator"]) {
    const call = (await city.as(name)).get(`/api/v1/licences/${card}`);
    await refused(call, 404, "licence.not_found", /没有找到该证照/, /no such licence/);
  }
  const outsideCases = (await looks(mother)).filter(({ caseId }) => caseId === null);
  expect(outsideCases[0]).toMatchObject({
    actor: "officer:officer-public-security",
    evidence: ["identity-card"],
    caseId: null,
  });
  const actors = new Set(outsideCases.map(({ actor }) => actor));
  for (const actor of ["citizen:father", "clerk:clerk1", "officer:officer-health", "operator:operator"])
    expect(actors).not.toContain(actor);
});

test("what is withdrawn is not read any more", async () => {
  const own = await filed(mother);
  const police = await city.as("officer-maternity-hospital");
  const work = await workOf(police, own, "B2");
  await mother.post(`${own}/withdraw`, {});
  await city.platform.drain();
  const detail = await police.get<DetailBody>(`/api/v1/work/${work.id}`);
  expect([
    detail.work.status,
    detail.form,
    detail.evidence.map(({ fields }) => fields).flatMap(Object.keys),
  ]).toEqual(["cancelled", {}, []]);
  const system = city.grpc(ApprovalServiceDefinition, {
    sub: "s",
    role: "department",
    department: "maternity-hospital",
  });
  expect((await system.getWork({ id: work.id })).detail?.form).toEqual({});
});
