// The words that every part of the catalogue's language is made of. Schemas are strict: an unknown key is a mistake.
import { isCivilDate } from "@onething/kernel/civil-date";
import { z } from "zod";

export const Text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

const said = (zh: string, en: string) => ({ error: en, params: { zh, en } });
const shape = (pattern: RegExp, zh: string, en: string) =>
  z.string().refine((value) => pattern.test(value), said(zh, en));

/** Names a thing in data: an item, a bundle, a department, an evidence type. */
export const Code = shape(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "编码只能由字母、数字、点、下划线和连字符组成",
  "must be a code of letters, digits, '.', '_' and '-'",
);

/** Names a thing inside rules: a role, a question, a requirement, a field. */
export const Name = shape(
  /^[a-z][A-Za-z0-9]{0,63}$/,
  "名称须以小写字母开头，只含字母和数字，才能写进规则",
  "must start with a small letter and have letters and digits only, so that rules can name it",
);

/** A rule in the Common Expression Language; proved at publication. */
export const Rule = z.string().min(1).max(1000);

export const Division = shape(/^\d{6}$/, "应为六位区划代码", "must be a division code of six digits");

/** The first digits of division codes: a province, a prefecture, a county. */
export const Area = shape(
  /^\d{2,6}$/,
  "应为区划代码的前二至六位",
  "must be the first two to six digits of a division code",
);

export const Day = z
  .string()
  .refine(isCivilDate, said("应为 2026-11-24 形式的日期", "must be a date such as 2026-11-24"));

const share = /^(\d{1,3}(?:\.\d{1,2})?) ?%$/;
/** `50 %`, as people write it; 0.5 as it is counted with. */
export const Share = z
  .unknown()
  .refine(
    (value) => Number(share.exec(String(value))?.[1] ?? 101) <= 100,
    said("应为 50 % 形式的比例，不超过 100 %", "must be a share such as 50 %, of 100 % at most"),
  )
  .transform((value) => Number.parseFloat(String(value)) / 100);

const units = ["workingDay", "hour", "day", "month"] as const;
export const Limit = z.strictObject({
  n: z.number().int().positive().max(1000),
  unit: z.enum(units),
  from: z.string().min(1).default("accepted"),
});

/** The types of a field's value; values always travel as text. */
export const fieldTypes = [
  "text",
  "date",
  "instant",
  "number",
  "money",
  "boolean",
  "citizenNumber",
  "person",
  "choice",
] as const;

export const fieldShape = {
  name: Name,
  label: Text,
  type: z.enum(fieldTypes),
  required: z.boolean().default(false),
  choices: z.array(z.string().min(1)).default([]),
  /** What people call the choices; those without words are called by their code. */
  words: z.record(z.string().min(1), Text).default({}),
};
export const Field = z.strictObject({ ...fieldShape, identifies: z.boolean().default(false) });

/** Evidence of a person, or between two people. */
export const Pair = z.strictObject({ evidence: Code, of: Name, to: Name.optional() });

export const rungs = ["licence", "sibling", "register", "statement", "original"] as const;
export const Rung = z.enum(rungs);

/** Where a value may be known already. */
export const Prefill = z.strictObject({
  ...Pair.shape,
  field: Name.optional(),
  ask: Name.optional(),
  rungs: z.array(Rung).optional(),
  when: Rule.optional(),
});

/** One thing, or a list of them. */
export const oneOrMany = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(schema));

/** A word, or the longer form that says more; what is wrong is told of the one that stands there. */
export const wordOr = <W extends z.ZodType, L extends z.ZodType>(word: W, longer: L) =>
  z.unknown().transform((value, context): z.output<W> | z.output<L> => {
    const read = (typeof value === "string" ? word : longer).safeParse(value);
    if (read.success) return read.data as z.output<W> | z.output<L>;
    context.issues.push(
      ...read.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue),
    );
    return z.NEVER;
  });

export type Text = z.infer<typeof Text>;
export type Limit = z.infer<typeof Limit>;
export type Field = z.infer<typeof Field>;
export type Pair = z.infer<typeof Pair>;
export type Rung = z.infer<typeof Rung>;
export type Prefill = z.infer<typeof Prefill>;
