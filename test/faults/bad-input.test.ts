// What is typed wrongly: refused at the door with the field, the reason and what to do, in both languages.
import type { Door } from "@onething/all-in-one/demo/door";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { answered, answers, draft, form, readable, refused, submission } from "./filing.ts";

let city: City;
let mother: Door;
let clerk: Door;
beforeAll(async () => {
  city = await startCity();
  [mother, clerk] = await Promise.all([city.as("mother"), city.as("clerk1")]);
});
afterAll(() => city.close());

const fieldsOf = (problem: { fields?: { field: string }[] }) =>
  (problem.fields ?? []).map(({ field }) => field);

test("a bundle that is not in the catalogue is not found, and the guide is named", async () => {
  const open = mother.post("/api/v1/cases", { bundle: "wedding" });
  await refused(open, 404, "catalog.unknown_bundle", /请从事项目录中选择/, /catalogue|list/);
  await refused(
    mother.get("/api/v1/bundles/wedding"),
    404,
    "catalog.unknown_bundle",
    /请从事项目录中选择/,
    /catalogue|list/,
  );
});

describe("answers", () => {
  const wrong = (given: object) =>
    draft(mother).then((at) => mother.post(`${at}/answers`, { answers: given }));

  test.each([
    ["of no choice", { ...answers, registerWith: "nobody" }, "answers.registerWith"],
    ["of another type", { ...answers, motherInsured: "perhaps" }, "answers.motherInsured"],
    ["to no question", { ...answers, shoeSize: "43" }, "answers.shoeSize"],
    ["missing", { bornWithin: "sixMonths" }, "answers.registerWith"],
  ])("%s are named one by one", async (_, given, field) => {
    const problem = await refused(wrong(given), 400, "catalog.wrong_answers", /回答/, /answer/i);
    expect(fieldsOf(problem)).toContain(field);
    for (const each of problem.fields ?? []) readable(each, /./, /./);
  });

  test("that the bundle is not for say where to go instead", async () => {
    await refused(
      wrong({ ...answers, bornWithin: "longer" }),
      400,
      "catalog.not_eligible",
      /派出所/,
      /police station/,
    );
  });

  test("must come before preview and submission", async () => {
    const at = await draft(mother);
    await refused(
      mother.get(`${at}/preview`),
      409,
      "case.no_answers",
      /请先回答/,
      /Answer the questions first/,
    );
    const submit = mother.post(`${at}/submit`, { form });
    await refused(submit, 409, "case.no_answers", /请先回答/, /Answer the questions first/);
  });
});

describe("people", () => {
  test("an applicant at the window with an invalid identity number is refused at that field", async () => {
    for (const identityNumber of ["430999199208150028", "43099919920815002", "", "43099919921315002X"]) {
      const open = clerk.post("/api/v1/cases", {
        bundle: "birth",
        applicant: { identityNumber, name: "林知夏" },
      });
      const problem = await refused(
        open,
        400,
        "case.applicant_missing",
        /请填写申请人/,
        /Give the applicant/,
      );
      expect(fieldsOf(problem)).toEqual(["applicant.identityNumber"]);
    }
  });

  test("an applicant without a name is asked for the name, and one who is not there for both", async () => {
    const open = (applicant?: object) => clerk.post("/api/v1/cases", { bundle: "birth", applicant });
    const told = (call: Promise<unknown>) =>
      refused(call, 400, "case.applicant_missing", /请填写申请人/, /Give the applicant/);
    const unnamed = await told(open({ identityNumber: "430999199208150027", name: " " }));
    expect(fieldsOf(unnamed)).toEqual(["applicant.name"]);
    expect(fieldsOf(await told(open()))).toEqual(["applicant.identityNumber", "applicant.name"]);
  });

  test("a named person with an invalid number, without a name or in no role is refused field by field", async () => {
    const people = [
      { role: "heir", identityNumber: "430999197908260018", name: "郭思宁" },
      { role: "heir", identityNumber: "430999197908260017", name: " " },
      { role: "uncle", identityNumber: "430999197908260017", name: "郭思宁" },
    ];
    const heir = await city.as("heir1");
    const open = heir.post("/api/v1/cases", { bundle: "after-death", people });
    const problem = await refused(open, 400, "people.invalid", /请按提示修改/, /not right/);
    expect(fieldsOf(problem)).toEqual(["people.0.identityNumber", "people.1.name", "people.2.role"]);
    for (const each of problem.fields ?? [])
      readable(each, /核对|填写|没有这个角色/, /check it|give the name|no such role/);
  });

  test("people whom the bundle needs and nobody has named are asked for by role", async () => {
    const heir = await city.as("heir1");
    const at = await draft(heir, { bundle: "after-death" });
    const death = {
      manner: "natural",
      cremated: "true",
      pension: "employee",
      medicallyInsured: "true",
      drove: "true",
      housingFund: "true",
      willCheck: "true",
      deposits: "true",
      shares: "true",
    };
    const answer = heir.post(`${at}/answers`, { answers: death });
    const problem = await refused(answer, 400, "people.missing", /还缺少/, /missing/);
    expect(fieldsOf(problem)).toContain("people.deceased");
    for (const each of problem.fields ?? []) readable(each, /请提供/, /Please give/);
  });

  test("a citizen files in their own name and names no other applicant", async () => {
    const applicant = { identityNumber: "430999199003070015", name: "周明远" };
    const open = mother.post("/api/v1/cases", { bundle: "birth", applicant });
    await refused(open, 400, "case.applicant_given", /不用填写申请人/, /Leave the applicant out/);
  });
});

describe("the form", () => {
  test("says which fields are missing, wrong or not of this form", async () => {
    const at = await answered(mother);
    const { consents, statements } = await submission(mother, at);
    const typed = {
      ...form,
      childName: "",
      cardBank: "bitcoin",
      motherNumber: "430999199208150028",
      colour: "red",
    };
    const submit = mother.post(`${at}/submit`, { form: typed, consents, statements });
    const problem = await refused(submit, 400, "form.invalid", /需要补充或更正/, /need attention/);
    expect(fieldsOf(problem).sort()).toEqual([
      "form.cardBank",
      "form.childName",
      "form.colour",
      "form.motherNumber",
    ]);
    for (const each of problem.fields ?? []) readable(each, /./, /./);
  });

  test("without the statements it needs says which to sign", async () => {
    const at = await answered(mother);
    const { consents } = await submission(mother, at);
    const submit = mother.post(`${at}/submit`, { form, consents, statements: [] });
    const problem = await refused(submit, 400, "case.evidence_missing", /窗口/, /service window/);
    expect(fieldsOf(problem)).toEqual(["requirements.informedNotice"]);
    readable(problem.fields![0]!, /请签署声明/, /Sign the statement/);
  });

  test("originals are recorded at a window only", async () => {
    const at = await answered(mother);
    const submit = mother.post(`${at}/submit`, { form, originalsSeen: ["motherIdentity"] });
    await refused(submit, 403, "case.originals_at_window", /只有窗口/, /Only a window/);
  });
});
