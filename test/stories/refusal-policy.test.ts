// One refusal, and what the bundle says of the others: recalled with it by a rule, or held until the applicant's word. Over all
// services, through the public doors.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseBody, CaseItemBody, PreviewBody, ResultBody } from "@onething/all-in-one/demo/bodies";
import type { Door } from "@onething/all-in-one/demo/door";
import { verifyData } from "@onething/all-in-one/verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { certificate, refusing, workOf } from "../faults/desk.ts";
import { answered, answers, closed, outcomesOf, submission, until } from "../faults/filing.ts";
import { type City, startCity } from "../harness.ts";
import { sampleCity } from "./yaml.ts";

type Text = { zh: string; en: string };
interface Body extends CaseBody {
  revokedItems: string[];
  held: { becauseOf: string[] } | null;
  items: (CaseItemBody & { held: boolean; revoked: { reasons: Text[] } | null })[];
}

/** The sample city with two bundles of its birth: one recalls what was issued, except the certificate; one holds. */
const folder = mkdtempSync(join(tmpdir(), "onething-policy-"));
const basis = { zh: "示例市联办规则第八条", en: "Sample City Rules of Joint Handling art. 8" };
let city: City;
beforeAll(async () => {
  cpSync(sampleCity, folder, { recursive: true });
  const file = join(folder, "birth.yaml");
  const { bundles, items, ...others } = parse(readFileSync(file, "utf8"));
  const [birth] = bundles;
  const recalling = { ...birth, refusalPolicy: { siblings: "withdraw", issued: "recalled", basis } };
  const holding = { ...birth, code: "birth-on-hold", refusalPolicy: "hold" };
  const keeping = items.map((item: { code: string }) =>
    item.code === "B1" ? { ...item, recall: "never" } : item,
  );
  writeFileSync(file, stringify({ bundles: [recalling, holding], items: keeping, ...others }));
  city = await startCity({ catalogue: folder, play: { leave: ["B1", "B3", "B7"] } });
});
afterAll(async () => {
  await city?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function filed(door: Door, bundle: string) {
  const at = await answered(door, answers, { bundle });
  const told = await door.get<PreviewBody & { issuedPolicy: string; ifRefused: Text }>(`${at}/preview`);
  await door.post(`${at}/submit`, await submission(door, at));
  return { at, told };
}
async function decide(officer: string, at: string, item: string, decision: object | "grant") {
  const desk = await city.as(officer);
  const work = await workOf(desk, at, item);
  const body = decision === "grant" ? { grant: { result: await certificate(desk, work) } } : decision;
  await desk.post(`/api/v1/work/${work.id}/decision`, body);
}
const reaches = (door: Door, at: string, wanted: Record<string, string>) =>
  until(
    () => door.get<Body>(at),
    (seen) => Object.entries(wanted).every(([code, outcome]) => outcomesOf(seen)[code] === outcome),
  );

describe("a bundle that recalls what was issued", () => {
  test("says so before filing; after a refusal every grant but the certificate is revoked by that rule, with its licence", async () => {
    const mother = await city.as("mother2");
    const { at, told } = await filed(mother, "birth");
    expect(told.issuedPolicy).toBe("recalled");
    expect(told.ifRefused.zh).toMatch(
      /一并撤回.*也会收回.*示例市联办规则第八条.*“出生医学证明首次签发”不收回/,
    );
    expect(told.ifRefused.en).toMatch(/is recalled, and its licences are revoked \(Sample City Rules/);

    await decide("officer-maternity-hospital", at, "B1", "grant");
    await reaches(mother, at, { B1: "granted", B2: "granted", B6: "granted" });
    await decide("officer-public-security", at, "B3", refusing);
    const ended = (await closed(mother, at)) as Body;
    expect(ended).toMatchObject({ outcome: "partly_granted", revokedItems: ["B2", "B6"] });
    expect(outcomesOf(ended)).toEqual({
      ...{ B1: "granted", B2: "granted", B3: "refused", B4: "not_possible", B5: "not_possible" },
      ...{ B6: "granted", B7: "withdrawn" },
    });
    const reasons = ended.items.find(({ code }) => code === "B2")!.revoked!.reasons;
    expect(reasons).toContainEqual({
      zh: "“出生登记”没有通过，按这件事的规定收回（依据：示例市联办规则第八条）",
      en: '"Birth registration" was refused, and by the rule of the bundle this grant is recalled (Sample City Rules of Joint Handling art. 8)',
    });
    expect(ended.timeline.some(({ zh }) => zh.startsWith("要求收回“"))).toBe(true);

    await city.platform.drain();
    const { results } = await mother.get<{ results: ResultBody[] }>(`${at}/results`);
    const statuses = new Map(results.map(({ item, status }) => [item, status]));
    expect(Object.fromEntries(statuses)).toMatchObject({ B2: "revoked", B6: "revoked" });
    expect(statuses.get("B1")).not.toBe("revoked");
    const marks = await city.admin.query<{ by: string; ground: string }>(
      "select state ->> 'by' as by, state ->> 'ground' as ground from licence.revocation",
    );
    expect(marks).toEqual(Array(2).fill({ by: "rule:refusal_policy", ground: "sibling_refused" }));
  });
});

describe("a bundle that holds", () => {
  test("stops what has not started until the mother says go on; what is on a desk then can still be withdrawn", async () => {
    const mother = await city.as("mother");
    const { at, told } = await filed(mother, "birth-on-hold");
    expect(told.issuedPolicy).toBe("stays");
    expect(told.ifRefused.zh).toMatch(/先停下，由您决定继续办理还是撤回。已经办好的仍然有效$/);

    await decide("officer-maternity-hospital", at, "B1", refusing);
    const held = await reaches(mother, at, { B1: "refused", B2: "granted", B3: "not_possible" });
    expect(held.held).toMatchObject({ becauseOf: ["B1"] });
    const waiting = held.items.filter((item) => item.held).map(({ code }) => code);
    expect(waiting).toEqual(["B6", "B7"]);

    await mother.post(`${at}/continue`, {});
    const going = await reaches(mother, at, { B6: "granted" });
    expect(going.held).toBeNull();
    await workOf(await city.as("officer-health"), at, "B7");
    await mother.post(`${at}/withdraw`, {});
    const ended = (await closed(mother, at)) as Body;
    expect(ended).toMatchObject({ outcome: "partly_granted", revokedItems: [] });
    expect(outcomesOf(ended)).toMatchObject({ B2: "granted", B6: "granted", B7: "withdrawn" });
  });
});

test("nothing is left over: verify finds no contradiction", async () => {
  await city.platform.drain();
  const { violations } = await verifyData({ data: city.folder, databaseUrl: city.config.databaseUrl });
  expect(violations).toEqual([]);
});
