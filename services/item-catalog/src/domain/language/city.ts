// The city itself, who decides in it, and what can prove something there.
import { z } from "zod";
import { Code, Division, Field, Text } from "./words.ts";

export const City = z.strictObject({
  code: Code,
  division: Division,
  name: Text,
  zone: z.string().min(1).default("Asia/Shanghai"),
});

export const Department = z.strictObject({
  code: Code,
  name: Text,
  uscc: z.string(),
  /** What people call its register, where that has a name of its own. */
  register: Text.optional(),
  /** Begins the numbers of its papers: 示卫许. */
  mark: z
    .string()
    .regex(/^[^\s〔〕]{1,20}$/)
    .optional(),
  /** Whom the papers name for questions. */
  contact: z.strictObject({ office: Text, phone: z.string().trim().min(1).max(40) }).optional(),
  /** Where reconsideration of its decisions is asked for, and where a lawsuit is brought. */
  remedies: z.strictObject({ reconsideration: Text, court: Text }).optional(),
});

export const evidenceKinds = ["licence", "registration", "record", "statement"] as const;

export const Evidence = z.strictObject({
  code: Code,
  name: Text,
  kind: z.enum(evidenceKinds),
  typeCode: z.string().optional(),
  verified: z.boolean().default(false),
  /** Department whose register answers about it. */
  register: Code.optional(),
  validMonths: z.number().int().nonnegative().default(0),
  fields: z.array(Field).default([]),
});

export type City = z.infer<typeof City>;
export type Department = z.infer<typeof Department>;
export type Evidence = z.infer<typeof Evidence>;
