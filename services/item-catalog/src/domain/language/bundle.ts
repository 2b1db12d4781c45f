// A bundle: who takes part, what is asked, what must be proved once for all items, one form, and the items it chooses.
import { z } from "zod";
import { Condition } from "./item.ts";
import {
  Code,
  fieldShape,
  Limit,
  Name,
  oneOrMany,
  Pair,
  Prefill,
  Rule,
  Rung,
  Text,
  wordOr,
} from "./words.ts";

const Ground = z.union([z.strictObject({ consentBy: Name }), z.strictObject({ law: Text })]);

export const Role = z.strictObject({
  code: Name,
  name: Text,
  found: z.enum(["applicant", "evidence", "given", "minted"]),
  foundIn: z.strictObject({ ...Pair.shape, field: Name }).optional(),
  min: z.number().int().nonnegative().default(1),
  max: z.number().int().positive().default(1),
  ground: Ground,
  follows: z.boolean().default(false),
});

export const Question = z.strictObject({
  id: Name,
  text: Text,
  why: Text,
  type: z.enum(["boolean", "choice", "number", "date", "text"]),
  choices: z.array(z.strictObject({ value: z.string().min(1), label: Text })).default([]),
  required: z.boolean().default(false),
  /** The answer where none is given; a question that is not required must have one. */
  default: z.string().optional(),
  prefill: Prefill.omit({ when: true }).optional(),
});

export const Alternative = z.strictObject({
  ...Pair.shape,
  rungs: z.array(Rung).min(1),
  ask: Name.optional(),
  matches: z.array(z.strictObject({ field: Name, role: Name })).default([]),
  statement: z.strictObject({ id: Name.optional(), by: Name, text: Text }).optional(),
  when: Rule.optional(),
});

export const Requirement = z.strictObject({ id: Name, name: Text, anyOf: z.array(Alternative).min(1) });

export const FormField = z.strictObject({
  ...fieldShape,
  role: Name,
  when: Rule.optional(),
  prefill: oneOrMany(Prefill).optional(),
});

/** An item as the bundle uses it. */
export const Choice = z.strictObject({
  item: Code,
  when: Rule.optional(),
  /** Soft edges: these come first, where they are in the case. */
  after: z.array(Code).default([]),
  why: Text,
  /** Said where `when` does not hold. */
  otherwise: Text.optional(),
});

export const Material = z.strictObject({
  name: Text,
  code: z.string().default(""),
  items: z.array(Code).min(1),
  when: Rule.optional(),
  way: z.enum(["form", "evidence", "statement", "not_needed"]),
  sparedBy: z.array(Name).default([]),
});

const count = z.number().int().nonnegative();
const Figures = z.strictObject({ days: count, trips: count, materials: count, steps: count });

const siblings = z.enum(["carry_on", "hold", "withdraw"]);
/** What becomes of the others when one item is refused; the case window plays it out. A word alone is about what is not done. */
const RefusalPolicy = wordOr(
  siblings,
  z
    .strictObject({
      siblings,
      /** What was granted already: it stays, or it is recalled, on this basis. */
      issued: z.enum(["stays", "recalled"]).default("stays"),
      basis: Text.optional(),
    })
    .transform((policy) => (policy.issued === "stays" && !policy.basis ? policy.siblings : policy)),
);

export const Bundle = z.strictObject({
  code: Code,
  themeCode: z.string().default(""),
  name: Text,
  summary: Text,
  lead: Code,
  promised: Limit,
  refusalPolicy: RefusalPolicy,
  guide: z
    .strictObject({ conditions: z.array(Text).default([]), before: Figures, after: Figures })
    .optional(),
  roles: z.array(Role).min(1),
  standing: z.strictObject({ role: Name, requirement: Name.optional() }),
  questions: z.array(Question).default([]),
  eligibility: z.array(Condition).default([]),
  requirements: z.array(Requirement).default([]),
  form: z.array(FormField).default([]),
  items: z.array(Choice).min(1),
  materials: z.array(Material).default([]),
});

export type Role = z.infer<typeof Role>;
export type Question = z.infer<typeof Question>;
export type Alternative = z.infer<typeof Alternative>;
export type Requirement = z.infer<typeof Requirement>;
export type FormField = z.infer<typeof FormField>;
export type Choice = z.infer<typeof Choice>;
export type Material = z.infer<typeof Material>;
export type Bundle = z.infer<typeof Bundle>;
