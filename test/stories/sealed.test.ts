// Nothing about a person lies anywhere in clear: not in a table, an event, a file beside the data, or the log.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { isTelling, type Secrets, searchDatabase, searchText } from "./search.ts";
import { readLists } from "./yaml.ts";

let city: City;
let birth: Played;
let secrets: Secrets;

beforeAll(async () => {
  city = await startCity();
  birth = await play(city, scriptOf(city, "birth"));
  const death = await play(city, { ...scriptOf(city, "after-death"), window: "clerk1" });
  await stumble(city);
  await city.platform.drain();
  secrets = secretsOf([birth, death]);
});
afterAll(() => city?.close());

/** Mistakes and faults write logs too: wrong values typed, numbers in addresses, registers that talk of somebody else. */
async function stumble({ as, simulator, ...rest }: City): Promise<void> {
  const [mother, clerk] = await Promise.all([as("mother2"), as("clerk1")]);
  const wrong = [
    clerk.post("/api/v1/cases", {
      bundle: "birth",
      applicant: { identityNumber: "430999199403210021", name: "何雨桐" },
    }),
    clerk.post("/api/v1/cases", {
      bundle: "birth",
      applicant: { identityNumber: "430999199403210022", name: "苏晚晴" },
    }),
    mother.get("/api/v1/licences/430999199403210021"),
    mother.get(`/api/v1/${encodeURIComponent("苏晚晴")}?phone=19900000003`),
    mother.post("/api/v1/cases", { bundle: "birth", 苏晚晴: "430999199403210021" }),
  ];
  await Promise.allSettled(wrong);
  for (const kind of ["wrongPerson", "garbage", "down"] as const) {
    simulator.setFaults({ "medical-insurance": { kind, calls: 3 } });
    const script = scriptOf(rest, "birth");
    await play(rest, { ...script, by: `mother${kind === "down" ? 2 : 3}` }).catch(() => undefined);
  }
}

const entriesOf = (what: string, fields: object) =>
  Object.entries(fields).map(([name, value]) => [String(value), `${what}.${name}`] as const);

/** Everything said of the people: who they are, what they hold, what registers know, what was typed and what came out. */
function secretsOf(cases: Played[]): Secrets {
  const lists = readLists();
  const { people, licences, registers, demo } = lists as unknown as {
    people: { key: string }[];
    licences: { holder: string; evidence: string; fields: object }[];
    registers: { records: { evidence: string; fields: object; reference: string }[] }[];
    demo: { form: object }[];
  };
  const records = registers.flatMap((each) => each.records);
  const told = [
    ...people.flatMap(({ key, ...who }) => entriesOf(key, who)),
    ...licences.flatMap(({ holder, evidence, fields }) => entriesOf(`${holder} ${evidence}`, fields)),
    ...records.flatMap(({ evidence, fields }) => entriesOf(evidence, fields)),
    ...demo.flatMap(({ form }) => entriesOf("typed", form)),
    ...cases.flatMap(({ preview }) =>
      preview.form.map((each) => [each.known?.value ?? "", `form ${each.name}`] as const),
    ),
    ...cases.flatMap(({ results }) => results.flatMap(({ item, fields }) => entriesOf(item, fields))),
  ];
  // What the catalogue itself says (a department's name, a choice) tells nothing of anybody; days near today are due dates.
  // And a record's number in its register, like a licence's identifier, is how proofs are named.
  const { city: here, departments, evidence, items, bundles } = lists;
  const references = records.map((each) => each.reference);
  const open = JSON.stringify([here, departments, evidence, items, bundles, references]);
  const near = (value: string) =>
    /^\d{4}-\d\d-\d\d/.test(value) &&
    Math.abs(Date.parse(value.slice(0, 10)) - Date.now()) < 200 * 86_400_000;
  return new Map(
    told.filter(
      ([value]) => isTelling(value) && !open.includes(value) && !near(value) && !/^[@=]/.test(value),
    ),
  );
}

test("what is looked for is what matters, and is known at the public doors", () => {
  const page = birth.results.find((each) => each.item === "B3")!.fields;
  for (const value of [
    "林知夏",
    "430999199208150027",
    "19900000001",
    "1992-08-15",
    "6200430999000000017",
    "示例市清江区桂花街道望月路12号",
    "周语棠",
    "郭长青",
    "21475.18",
    "足月单活胎顺产",
    page.citizenNumber!,
  ])
    expect(secrets.has(value), value).toBe(true);
  expect(page.name).toBe("周语棠");
  expect(secrets.size).toBeGreaterThan(150);
});

test("no table of any schema holds any of it", async () => {
  const { findings, size } = await searchDatabase(city.admin, secrets);
  expect(findings).toEqual([]);
  // It did look at what the cases wrote.
  expect(size).toBeGreaterThan(500_000);
  const known = await searchDatabase(city.admin, new Map([[birth.case.id, "case id"]]));
  expect(new Set(known.findings.map((each) => each.where.split(".")[0]))).toEqual(
    new Set(["approval", "casewindow", "keyring", "licence", "verification"]),
  );
});

test("the log, at its most talkative, says none of it", () => {
  const lines = city.logged();
  expect(lines.split("\n").length).toBeGreaterThan(50);
  expect(lines).toContain('"level":"debug"');
  expect(searchText(secrets, "log", lines)).toEqual([]);
});

test("no file beside the data holds any of it", () => {
  const files = readdirSync(city.folder, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    expect(searchText(secrets, path, readFileSync(path, "latin1") + readFileSync(path, "utf8"))).toEqual([]);
  }
});

describe("whatever leaked would be found", () => {
  const name = "林知夏";
  const bytes = Buffer.from([0x0a, 0x09, ...Buffer.from(name), 0xe6]);
  test.each([
    ["as it is", "text", name],
    ["within a JSON document", "jsonb", JSON.stringify({ a: [{ b: name }] })],
    ["escaped", "text", "\\u6797\\u77e5\\u590f"],
    ["in an address", "text", `/x/${encodeURIComponent(name)}`],
    ["as bytes of a message", "bytea", bytes],
    ["as base64 in a document", "jsonb", JSON.stringify({ payload: bytes.toString("base64") })],
    [
      "as base64 in bytes",
      "bytea",
      Buffer.from(`s1.key.${Buffer.from(`{"name":"${name}"}`).toString("base64url")}`),
    ],
  ])("%s", async (_, type, value) => {
    await city.admin.query(`create table public.leak (it ${type})`);
    try {
      await city.admin.query("insert into public.leak values ($1)", [value]);
      const { findings } = await searchDatabase(city.admin, secrets, "public");
      expect(findings).toEqual([{ what: secrets.get(name), where: "public.leak" }]);
    } finally {
      await city.admin.query("drop table public.leak");
    }
  });
});
