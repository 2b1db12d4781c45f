// How the city watches its departments' work: when an item counts as late, who is told, what is looked at again.
import { type LightName, lights, narrowed, tellees, usualSupervision } from "@onething/kernel/supervision";
import { z } from "zod";
import { Code, Share } from "./words.ts";

const level = z.enum(tellees).optional();
const levels = Object.fromEntries(lights.map((light) => [light, level]));

const watch = {
  supervised: z.boolean().optional(),
  yellow: Share.optional(),
  red: Share.optional(),
  tell: z.strictObject(levels as Record<LightName, typeof level>).optional(),
  warnDays: z.int().min(1).max(30).optional(),
  secondLook: Share.optional(),
};

const codes = z.array(Code).min(1).optional();

export const Supervision = z
  .strictObject({
    ...watch,
    rules: z.array(z.strictObject({ items: codes, departments: codes, ...watch })).default([]),
  })
  .transform(({ rules, ...city }) => ({ ...narrowed(usualSupervision, city), rules }));

export type Supervision = z.infer<typeof Supervision>;
