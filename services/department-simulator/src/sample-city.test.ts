// The sample city's own data: synthetic throughout, and in the words of its own catalogue.
import { readdirSync, readFileSync } from "node:fs";
import { WorkDetail } from "@onething/contracts/approval/v1/work";
import { isCivilDate } from "@onething/kernel/civil-date";
import { isCitizenNumber } from "@onething/kernel/identity";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { openMemory } from "./memory.ts";
import { createNumbers } from "./numbers.ts";
import { openBook } from "./register.ts";
import { readCity } from "./schema.ts";
import { createScripts } from "./scripts.ts";

interface Field {
  name: string;
  type: string;
  required?: boolean;
  choices?: string[];
}
interface Evidence {
  code: string;
  register?: string;
  fields?: Field[];
}
interface Bundle {
  code: string;
  form: Field[];
  questions: { id: string; choices?: { value: string }[] }[];
  requirements: { id: string; anyOf: { evidence: string }[] }[];
  roles: { code: string; found: string }[];
}
interface Item {
  code: string;
  department: string;
  handling?: string;
  requires: (string | { id: string; fields?: string[] })[];
  form?: string[];
  answers?: string[];
  produces: { evidence: string }[];
}
interface Data {
  people: { key: string; name: string; identityNumber: string; phone: string }[];
  accounts: { username: string; role: string; person?: string; department?: string }[];
  departments: { code: string }[];
  licences: {
    evidence: string;
    holder: string;
    issuer: string;
    issuedOn: string;
    fields: Record<string, unknown>;
  }[];
  evidence: Evidence[];
  bundles: Bundle[];
  items: Item[];
  demo: {
    bundle: string;
    by: string;
    answers: Record<string, string>;
    people: { role: string; person: string }[];
    form: Record<string, string>;
  }[];
}

const folder = new URL("../../../deploy/sample-city/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
const texts = files.map((file) => readFileSync(new URL(file, folder), "utf8"));
const lists: Record<string, unknown> = {};
for (const document of texts.map((text): Record<string, unknown> => parse(text))) {
  for (const [name, list] of Object.entries(document)) {
    const before = lists[name];
    lists[name] = Array.isArray(before) && Array.isArray(list) ? [...before, ...list] : list;
  }
}
const data = lists as unknown as Data;
const city = readCity(lists);
const people = new Map(data.people.map((person) => [person.key, person]));
const fieldsOf = (evidence: string): Field[] =>
  data.evidence.find(({ code }) => code === evidence)?.fields ?? [
    { name: `no ${evidence}`, type: "?", required: true },
  ];

const patterns: Record<string, RegExp> = {
  text: /./,
  number: /^-?\d+(\.\d+)?$/,
  money: /^\d+\.\d\d$/,
  boolean: /^(true|false)$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};
const fits = (field: Field, value: string): boolean => {
  if (field.type === "date") return isCivilDate(value);
  if (field.type === "citizenNumber") return isCitizenNumber(value);
  if (field.type === "choice") return field.choices?.includes(value) ?? false;
  if (field.type === "person") return people.has(value.slice(1)) && value.startsWith("@");
  return patterns[field.type]?.test(value) ?? false;
};
/** What is wrong with the values, by the schema; empty if nothing. */
const misfits = (evidence: string, values: Record<string, unknown>): string[] => {
  const fields = fieldsOf(evidence);
  const unknown = Object.keys(values).filter((name) => !fields.some((field) => field.name === name));
  const wrong = fields.filter((field) =>
    values[field.name] === undefined ? field.required : !fits(field, String(values[field.name])),
  );
  return [...unknown, ...wrong.map((field) => field.name)].map((name) => `${evidence}.${name}`);
};

test("every number in the folder is valid and nobody's: division 430999, phones 1990000xxxx", () => {
  const numbers = texts.flatMap((text) => text.match(/(?<![0-9A-Z])\d{17}[0-9X](?![0-9A-Z])/g) ?? []);
  const citizens = numbers.filter((number) => !number.startsWith("1"));
  expect(citizens.length).toBeGreaterThan(20);
  expect(citizens.filter((number) => !isCitizenNumber(number) || !number.startsWith("430999"))).toEqual([]);
  expect(new Set(data.people.map((person) => person.identityNumber)).size).toBe(data.people.length);
  expect(data.people.filter((person) => !/^1990000\d{4}$/.test(person.phone))).toEqual([]);
  const phones = texts.flatMap((text) => text.match(/(?<![0-9A-Z])1[3-9]\d{9}(?![0-9A-Z])/g) ?? []);
  expect(phones.filter((phone) => !phone.startsWith("1990000"))).toEqual([]);
});

test("accounts and licences name people and departments there are", () => {
  const departments = new Set(data.departments.map(({ code }) => code));
  const unknown = [
    ...data.accounts.filter(({ person }) => person !== undefined && !people.has(person)),
    ...data.accounts.filter(({ department }) => department !== undefined && !departments.has(department)),
    ...data.licences.filter(({ holder, issuer }) => !people.has(holder) || !departments.has(issuer)),
    ...city.registers.filter(({ department }) => !departments.has(department)),
  ];
  expect(unknown).toEqual([]);
  const officers = data.accounts.filter(({ role }) => role === "officer");
  expect(new Set(officers.map(({ department }) => department))).toEqual(departments);
});

test("every licence fits the schema of its evidence and tells its holder's own name and number", () => {
  expect(data.licences.flatMap(({ evidence, fields }) => misfits(evidence, fields))).toEqual([]);
  expect(data.licences.filter(({ issuedOn }) => !isCivilDate(issuedOn))).toEqual([]);
  for (const { holder, fields } of data.licences) {
    const person = people.get(holder);
    if (fields.citizenNumber !== undefined) expect(fields.citizenNumber).toBe(person?.identityNumber);
    if (fields.name !== undefined) expect(fields.name).toBe(person?.name);
    if (fields.spouse !== undefined)
      expect(people.get(String(fields.spouse).slice(1))?.name).toBe(fields.spouseName);
  }
});

test("every register keeps just the evidence that names it, and its records fit the schema", async () => {
  for (const register of city.registers) {
    const named = data.evidence
      .filter((evidence) => evidence.register === register.code)
      .map(({ code }) => code);
    expect(new Set(register.evidence)).toEqual(new Set(named));
    const now = () => new Date();
    const book = openBook(register, { since: now(), now, fault: () => undefined });
    for (const { evidence, person, to = "" } of register.records) {
      const fields = fieldsOf(evidence).map((field) => field.name);
      const ask = {
        evidence,
        identityNumber: person,
        toIdentityNumber: to,
        fields,
        purpose: "",
        caseId: "",
        requestId: "",
      };
      const answer = await book.ask(ask, new AbortController().signal);
      expect(answer.found).toBe(true);
      expect(misfits(evidence, answer.fields)).toEqual([]);
    }
  }
  const kept = city.registers.map(({ code }) => code);
  expect(data.evidence.filter(({ register }) => register !== undefined && !kept.includes(register))).toEqual(
    [],
  );
});

const samples: Record<string, string> = {
  text: "甲、乙",
  number: "3",
  money: "100.00",
  boolean: "true",
  date: "2026-02-03",
  instant: "2026-02-03T16:30:00.000Z",
  citizenNumber: "430999199208150027",
  person: "@mother",
};
const sampled = (fields: Field[]): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field.name, field.choices?.[0] ?? samples[field.type] ?? ""]));

test("every item that a department decides has a script of that department, with reasons for a refusal", () => {
  const decided = data.items.filter(({ handling }) => handling !== "offline");
  const expected = decided.map(({ code, department }) => [code, department]).sort();
  expect(city.scripts.map(({ item, department }) => [item, department]).sort()).toEqual(expected);
  expect(city.scripts.filter(({ reasons }) => reasons.length === 0)).toEqual([]);
});

test("every script's result fits what its item ends with, from what its officer is shown", () => {
  const options = {
    seed: "",
    numbers: createNumbers(city.identityNumbers, openMemory(undefined, new Date())),
    now: () => new Date(),
  };
  const scripts = createScripts(city.scripts, options);
  for (const item of data.items) {
    const bundle = data.bundles.find(({ requirements }) =>
      item.requires.every((of) =>
        requirements.some(({ id }) => id === (typeof of === "string" ? of : of.id)),
      ),
    );
    const script = city.scripts.find((each) => each.item === item.code);
    if (script?.decision !== "grant") continue;
    const evidence = item.requires.map((of) => {
      const { id: requirement, fields = [] } = typeof of === "string" ? { id: of } : of;
      const code = bundle?.requirements.find(({ id }) => id === requirement)?.anyOf[0]?.evidence ?? "";
      const shown = fieldsOf(code).filter(({ name }) => fields.includes(name));
      return { receipt: { requirement, pair: { evidence: code } }, fields: sampled(shown) };
    });
    const form = sampled(bundle?.form.filter(({ name }) => item.form?.includes(name)) ?? []);
    const answers = Object.fromEntries((item.answers ?? []).map((id) => [id, "true"]));
    const detail = WorkDetail.fromPartial({
      work: { id: item.code, item: item.code },
      form,
      evidence,
      answers,
    });
    const { decision } = scripts.decide(detail);
    const result = decision?.$case === "grant" ? decision.value.result : {};
    expect(item.produces.flatMap((product) => misfits(product.evidence, result))).toEqual([]);
  }
});

test("the demo names accounts, people, questions, choices and fields there are", () => {
  for (const { bundle: code, by, answers, people: named, form } of data.demo) {
    const bundle = data.bundles.find((each) => each.code === code);
    expect(data.accounts.some(({ username }) => username === by)).toBe(true);
    for (const [id, answer] of Object.entries(answers)) {
      const question = bundle?.questions.find((each) => each.id === id);
      const choices = question?.choices?.map(({ value }) => value) ?? ["true", "false"];
      expect([code, id, question !== undefined && choices.includes(answer)]).toEqual([code, id, true]);
    }
    for (const { role, person } of named) {
      expect(bundle?.roles.find((each) => each.code === role)?.found).toBe("given");
      expect(people.has(person)).toBe(true);
    }
    const fields = bundle?.form.map(({ name }) => name) ?? [];
    expect(Object.keys(form).filter((field) => !fields.includes(field))).toEqual([]);
  }
  expect(new Set(data.demo.map(({ bundle }) => bundle))).toEqual(
    new Set(data.bundles.map(({ code }) => code)),
  );
});
