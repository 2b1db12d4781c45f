// What an officer reads of a case: the form fields and the evidence that the item needs, and nothing else. Whose evidence it
// is sees in their access log what was looked at, for what and for whom; what was looked at is recorded before it is read.
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
afterAll(() => city.close());

/** What the catalogue says that an item needs. */
async function needs(code: string) {
  const catalog = city.grpc(CatalogServiceDefinition, { sub: "test", role: "service" });
  const { plan } = await catalog.plan({ bundle: "birth", answers });
  const item = plan!.items.find((each) => each.code === code)!;
  const evidence = (requirement: string) =>
    plan!.requirements.find(({ id }) => id === requirement)!.alternatives.map(({ pair }) => pair!.evidence);
  const fieldsOf = (requirement: string) =>
    plan!.evidence
      .filter(({ code: type }) => evidence(requirement).includes(type))
      .flatMap(({ fields }) => fields.map(({ name }) => name));
  return { form: item.formFields, requirements: item.requirements, fieldsOf };
}

test.each([
  ["B2", "officer-maternity-hospital", "maternity-hospital"],
  ["B3", "officer-public-security", "public-security"],
  ["B6", "officer-medical-insurance", "medical-insurance"],
  ["B7", "officer-health", "health"],
])(
  "of %s an officer reads the fields and the evidence of the item, at both doors alike",
  async (code, account, department) => {
    const officer = await city.as(account);
    const work = await workOf(officer, at, code);
    const wanted = await needs(code);
    const desk = await officer.get<DetailBody>(`/api/v1/work/${work.id}`);
    expect(Object.keys(desk.form).sort()).toEqual([...wanted.form].sort());
    expect([...new Set(desk.evidence.map(({ receipt }) => receipt.requirement))].sort()).toEqual(
      [...wanted.requirements].sort(),
    );
    for (const { receipt, fields } of desk.evidence) {
      expect(receipt.state).toBe("proved");
      expect(wanted.fieldsOf(receipt.requirement)).toEqual(expect.arrayContaining(Object.keys(fields)));
    }
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
  for (const look of hers) {
    expect(look.actor).toBe("citizen:mother");
    expect(look.purpose).toContain("新生儿出生一件事");
  }
  const his = (await looks(await city.as("father"))).filter((look) => look.caseId === caseId);
  expect(new Set(his.flatMap(({ evidence }) => evidence))).toEqual(new Set(["identity-card"]));
  expect(his.length).toBeGreaterThan(0);
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
  const [last] = await looks(mother);
  expect(last).toMatchObject({
    actor: "officer:officer-public-security",
    evidence: ["identity-card"],
    caseId: null,
  });
  const actors = new Set((await looks(mother)).map(({ actor }) => actor));
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
