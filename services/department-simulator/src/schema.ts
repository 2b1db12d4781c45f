// The simulator's own lists in the city's data: `registers`, `scripts`, and the `people` they point at.

import type { Text } from "@onething/kernel/errors";
import { invalid } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";
import { z } from "zod";
import { stepsSchema } from "./steps.ts";

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });
// YAML reads 3200 as a number and true as a boolean; the contracts carry text.
const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.record(z.string(), value);

const recordSchema = z.strictObject({
  evidence: z.string().min(1),
  /** An identity number, or `@key` of the city's people. */
  person: z.string().min(1),
  /** For evidence between two people: the other one. */
  to: z.string().min(1).optional(),
  /** Text, `@key` for a person's identity number, or `= rule` evaluated once at start (dates near today). */
  fields: values.default({}),
  reference: value,
});

const registerSchema = z.strictObject({
  code: z.string().min(1),
  department: z.string().min(1),
  evidence: z.array(z.string().min(1)).min(1),
  records: z.array(recordSchema).default([]),
});

const delaySchema = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([low, high]) => low <= high, "delayMs is [least, most]");

const scriptSchema = z.strictObject({
  item: z.string().min(1),
  department: z.string().min(1),
  delayMs: delaySchema.default([100, 500]),
  /** What its officers do, in this order. */
  steps: stepsSchema,
  decision: z.enum(["grant", "refuse"]).default("grant"),
  /** Field of the item's result -> CEL rule. */
  result: values.default({}),
  opinion: z.string().default(""),
  /** What it says when it refuses. */
  reasons: z.array(text).default([]),
});

const personSchema = z.looseObject({
  key: z.string().min(1),
  identityNumber: z.string().refine(isCitizenNumber, "not a valid identity number"),
});

const citySchema = z.looseObject({
  registers: z.array(registerSchema).default([]),
  scripts: z.array(scriptSchema).default([]),
  people: z.array(personSchema).default([]),
});

export type RegisterRecord = z.output<typeof recordSchema>;
export type Register = z.output<typeof registerSchema>;
export type Script = z.output<typeof scriptSchema>;
export type Delay = z.output<typeof delaySchema>;

export interface City {
  registers: Register[];
  scripts: Script[];
  /** Every identity number that is somebody's already. */
  identityNumbers: string[];
}

interface Problem {
  field: string;
  text: Text;
}

const refusal = (problems: Problem[]): Error => {
  const list = (language: "zh" | "en") =>
    problems.map(({ field, text }) => `${field}: ${text[language]}`).join("; ");
  return invalid(
    "simulator.bad_data",
    `模拟部门的数据有误：${list("zh")}`,
    `The simulator's data is wrong: ${list("en")}`,
    { fields: problems },
  );
};

const unknownPerson: Text = {
  zh: "既不是有效的身份号码，也不是已知的 @人员",
  en: "neither a valid identity number nor a known @person",
};
const listedTwice: Text = { zh: "重复列出", en: "listed twice" };
const secondRecord: Text = { zh: "同一问题有两条记录", en: "a second record for the same question" };

/** Reads the lists out of the city's parsed data, with every `@key` made a number. Throws `invalid` naming each fault. */
export const readCity = (data: unknown): City => {
  const parsed = citySchema.safeParse(data);
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.map((issue) => ({
        field: issue.path.join("."),
        text: { zh: `不符合格式（${issue.message}）`, en: issue.message },
      })),
    );
  }
  const { registers, scripts, people } = parsed.data;
  const numbers = new Map(people.map((person) => [`@${person.key}`, person.identityNumber]));
  const problems: Problem[] = [];
  const numberOf = (reference: string, field: string): string => {
    const number = numbers.get(reference) ?? reference;
    if (!isCitizenNumber(number)) problems.push({ field, text: unknownPerson });
    return number;
  };
  const resolved = registers.map((register) => ({
    ...register,
    records: register.records.map((record, at): RegisterRecord => {
      const path = `registers.${register.code}.records.${at}`;
      if (!register.evidence.includes(record.evidence)) {
        problems.push({
          field: `${path}.evidence`,
          text: {
            zh: `这个登记系统不存 ${record.evidence}`,
            en: `the register does not keep ${record.evidence}`,
          },
        });
      }
      return {
        ...record,
        person: numberOf(record.person, `${path}.person`),
        to: record.to === undefined ? undefined : numberOf(record.to, `${path}.to`),
        fields: Object.fromEntries(
          Object.entries(record.fields).map(([name, value]) => [
            name,
            value.startsWith("@") ? numberOf(value, `${path}.fields.${name}`) : value,
          ]),
        ),
      };
    }),
  }));
  problems.push(...repeated(resolved, scripts));
  if (problems.length > 0) throw refusal(problems);
  return { registers: resolved, scripts, identityNumbers: people.map((person) => person.identityNumber) };
};

/** A register that held two records for one question would have to pick one silently; so it may not. */
export const recordKey = (evidence: string, person: string, to = ""): string => `${evidence} ${person} ${to}`;

const repeated = (registers: Register[], scripts: Script[]): Problem[] => {
  const seen = new Set<string>();
  const twice = (key: string): boolean => seen.size === seen.add(key).size;
  const problems: Problem[] = [];
  for (const register of registers) {
    const path = `registers.${register.code}`;
    if (twice(`register ${register.code}`)) problems.push({ field: path, text: listedTwice });
    for (const [at, record] of register.records.entries()) {
      const key = `${register.code} ${recordKey(record.evidence, record.person, record.to)}`;
      if (twice(key)) problems.push({ field: `${path}.records.${at}`, text: secondRecord });
    }
  }
  for (const script of scripts) {
    if (twice(`script ${script.item}`)) problems.push({ field: `scripts.${script.item}`, text: listedTwice });
  }
  return problems;
};
