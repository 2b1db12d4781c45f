// A department takes a grant back (Licensing Law art. 69): what it has issued goes with it, and the case, the holder and the
// books say so. The same ends a grant that could never be issued.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { file, play, scriptOf } from "@onething/all-in-one/demo/play";
import { verifyData } from "@onething/all-in-one/verify";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type City, startCity } from "../harness.ts";

interface Licence {
  evidence: string;
  status: string;
  caseId: string;
  revoked: { ground: string; reasons: { zh: string; en: string }[]; by: string } | null;
}
interface CaseBody {
  status: string;
  revokedItems: string[];
  items: { code: string; outcome: string | null }[];
}

const forged = { zh: "申请材料虚假", en: "The application was forged" };

async function revoke(city: City, officer: string, caseId: string, item: string) {
  const desk = await city.as(officer);
  const [work] = await city.admin.query<{ id: string }>(
    "select id from approval.approval where case_id = $1 and item = $2",
    [caseId, item],
  );
  await desk.post(`/api/v1/work/${work!.id}/revocation`, { ground: "fraud", reasons: [forged] });
  await city.platform.drain();
}

const violations = async (city: City) =>
  (await verifyData({ data: city.folder, databaseUrl: city.config.databaseUrl })).violations;

describe("a grant that was issued and delivered", () => {
  let city: City;
  let caseId: string;
  beforeAll(async () => {
    city = await startCity();
    caseId = (await play(city, scriptOf(city, "birth"))).case.id;
    await city.platform.drain();
  });
  afterAll(() => city?.close());

  test("art. 44: was delivered by rule as everything that is electronic is", async () => {
    const rows = await city.admin.query<{ item: string; status: string }>(
      "select item, status from approval.approval where case_id = $1 order by item",
      [caseId],
    );
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["delivered"]));
  });

  test("art. 69: takes its licence with it; the holder's wallet and access log say why, and the case says so", async () => {
    await revoke(city, "officer-medical-insurance", caseId, "B6");
    const holder = await city.as(scriptOf(city, "birth").by);
    const { licences } = await holder.get<{ licences: Licence[] }>("/api/v1/licences");
    const ours = licences.filter((each) => each.caseId === caseId && each.status === "revoked");
    expect(ours).toMatchObject([{ revoked: { ground: "fraud", reasons: [forged] } }]);
    const { accesses } = await holder.get<{ accesses: { purpose: string }[] }>("/api/v1/access-log");
    expect(accesses.some(({ purpose }) => purpose.includes("The decision was revoked"))).toBe(true);
    const body = await holder.get<CaseBody>(`/api/v1/cases/${caseId}`);
    expect(body).toMatchObject({ status: "closed", revokedItems: ["B6"] });
    expect(body.items.find(({ code }) => code === "B6")).toMatchObject({ outcome: "granted" });
  });

  test("leaves books without a contradiction", async () => {
    expect(await violations(city)).toEqual([]);
  });
});

describe("a grant with another living person's number", () => {
  let city: City;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "onething-taken-"));
    await cp("deploy/sample-city", folder, { recursive: true });
    const played = join(folder, "simulator.yaml");
    const text = await readFile(played, "utf8");
    const wrong = text.replace('citizenNumber("430999", form.birthTime, form.childSex)', "form.motherNumber");
    expect(wrong).not.toBe(text);
    await writeFile(played, wrong);
    city = await startCity({ catalogue: folder });
  });
  afterAll(async () => {
    await city?.close();
    await rm(folder, { recursive: true });
  });

  test("waits for people; taken back, nothing is stuck any more, nothing was issued, and the case ends", async () => {
    const { id, door } = await file(city, scriptOf(city, "birth"));
    const stuck = () =>
      city.admin.query<{ error: string }>("select error from licence.stuck_event where case_id = $1", [id]);
    await vi.waitFor(async () => expect(await stuck()).not.toEqual([]), { timeout: 30_000, interval: 100 });
    expect((await stuck())[0]!.error).toContain("another person");
    await revoke(city, "officer-public-security", id, "B3");
    await vi.waitFor(
      async () => expect((await door.get<CaseBody>(`/api/v1/cases/${id}`)).status).toBe("closed"),
      { timeout: 30_000, interval: 100 },
    );
    await city.platform.drain();
    expect(await stuck()).toEqual([]);
    const issued = await city.admin.query(
      "select from licence.licence where state ->> 'caseId' = $1 and state ->> 'item' = 'B3'",
      [id],
    );
    expect(issued).toEqual([]);
    expect(await violations(city)).toEqual([]);
  });
});
