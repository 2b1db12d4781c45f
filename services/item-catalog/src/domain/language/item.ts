// An item: what one department decides, what it requires, what it produces.
import { z } from "zod";
import { Code, Limit, Name, Pair, Rule, Text } from "./words.ts";

const named = z.strictObject({
  id: Name,
  when: Rule.optional(),
  /** What the item is shown of the evidence; default: only that it is proved. */
  fields: z.array(Name).default([]),
});
/** A requirement of the bundle by its id, or `{ id, when, fields }`. */
export const Requires = z.preprocess((value) => (typeof value === "string" ? { id: value } : value), named);

export const Condition = z.strictObject({ id: Name, rule: Rule, why: Text });

export const Produces = z.strictObject({
  ...Pair.shape,
  /** Fields of the evidence that the decision fills in; default: all. */
  fields: z.array(Name).optional(),
  /** The product takes the place of what the person holds of the same type. */
  replaces: z.boolean().default(false),
});

export const Fee = z.strictObject({
  name: Text,
  amount: z.string().regex(/^\d{1,12}(\.\d{1,2})?$/),
  basis: Text,
});

/** Special procedures whose time is not counted: the list of Licensing Law art. 45. */
export const procedures = [
  "hearing",
  "tender",
  "auction",
  "inspection",
  "testing",
  "quarantine",
  "appraisal",
  "expert_review",
] as const;

/** How the licensing law meets the item. */
const lawful = {
  /** Who finds that an application is complete: the platform, for everything is proved, or an officer (art. 32). */
  acceptance: z.enum(["automatic", "department"]).default("automatic"),
  /** A legality review gives its opinion before the decision. */
  legality: z.boolean().default(false),
  /** Who accepts does not decide alone. */
  twoOfficers: z.boolean().default(false),
  procedures: z.array(z.enum(procedures)).default([]),
  /** Handled jointly: 45 and 15 working days where the item names no limit (art. 42). */
  joint: z.boolean().default(false),
  /** Silence grants at the legal end, on this ground: a renewal (art. 50) or a local rule. Without it silence never does. */
  silence: Text.optional(),
  /** A notice not answered in so many working days counts as a withdrawal, by this local rule. Without it, never. */
  unanswered: z.strictObject({ days: z.int().min(1).max(365), basis: Text }).optional(),
  /** Its grant states a fact, or ends something for good: it stays where a bundle recalls what it has issued. */
  recall: z.literal("never").optional(),
  delivery: z.enum(["electronic", "paper"]).default("electronic"),
  /** Who decides: any officer, or the head and whom the head has delegated it to (首席事务代表). */
  authority: z.enum(["officer", "head"]).default("officer"),
};

const changeable = {
  name: Text,
  department: Code,
  handlingCode: z.string(),
  handling: z.enum(["department", "automatic", "offline"]).default("department"),
  legal: Limit.optional(),
  promised: Limit,
  result: Text,
  requires: z.array(Requires).default([]),
  form: z.array(Name).default([]),
  /** Questions whose answers the item is shown, besides those that its own rules read. */
  answers: z.array(Name).default([]),
  conditions: z.array(Condition).default([]),
  automaticResult: z.record(Name, Rule).default({}),
  fees: z.array(Fee).default([]),
  remedies: z.array(Text).default([]),
  /** Rules of law that a decision rests on, printed on it. */
  basis: z.array(Text).default([]),
};

const { handling, requires, form, answers, conditions, automaticResult, fees, remedies, basis, ...plain } =
  changeable;
/** Another shape of the same item: it changes what it names, and produces the same. */
export const Variant = z.strictObject({
  code: Code,
  when: Rule,
  ...z.object(plain).partial().shape,
  handling: handling.unwrap().optional(),
  requires: requires.unwrap().optional(),
  form: form.unwrap().optional(),
  answers: answers.unwrap().optional(),
  conditions: conditions.unwrap().optional(),
  automaticResult: automaticResult.unwrap().optional(),
  fees: fees.unwrap().optional(),
  remedies: remedies.unwrap().optional(),
  basis: basis.unwrap().optional(),
});

export const Item = z.strictObject({
  code: Code,
  ...changeable,
  ...lawful,
  produces: z.array(Produces).default([]),
  ends: z.array(Pair).default([]),
  skipWhenHeld: z.boolean().default(false),
  variants: z.array(Variant).default([]),
});

export type Condition = z.infer<typeof Condition>;
export type Produces = z.infer<typeof Produces>;
export type Variant = z.infer<typeof Variant>;
export type Item = z.infer<typeof Item>;
