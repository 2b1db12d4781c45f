// What an officer does with a piece of work, step by step. Which step comes next is read off the work itself, so a simulator that
// was stopped on the way goes on where it was.

import type { Gap } from "@onething/contracts/approval/v1/events";
import type { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import { z } from "zod";

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const days = z.int().min(1);
const gap = z.strictObject({
  /** A form field or a requirement of the item; neither: something else, said in words. */
  field: z.string().min(1).optional(),
  requirement: z.string().min(1).optional(),
  what: words,
  remedy: words,
});
/** Account of the officer in the department's own system; without it, the system itself. */
const by = { by: z.string().min(1).optional() };

const stepSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("accept"), ...by }),
  z.strictObject({ do: z.literal("supplement"), gaps: z.array(gap).min(1), ...by }),
  z.strictObject({ do: z.literal("pause"), procedure: z.string().min(1), reason: words, days, ...by }),
  z.strictObject({ do: z.literal("resume"), result: words, ...by }),
  z.strictObject({ do: z.literal("extend"), days, reason: words, approvedBy: words, ...by }),
  z.strictObject({ do: z.literal("refer"), ...by }),
  z.strictObject({ do: z.literal("legality"), lawful: z.boolean().default(true), opinion: words, ...by }),
  z.strictObject({ do: z.literal("decide"), ...by }),
  z.strictObject({ do: z.literal("deliver"), how: z.enum(["window", "post", "electronic"]), ...by }),
]);

export type Step = z.output<typeof stepSchema>;

/** Without any, one stroke decides; that accepts, too. */
export const stepsSchema = z
  .array(stepSchema)
  .min(1)
  .default([{ do: "decide" }]);

interface Place {
  /** Statuses in which it can be done. */
  at: readonly string[];
  /** It is done, or too late; `nth` of its kind in the script, from 0. */
  passed(detail: WorkDetail, work: Work, nth: number): boolean;
}

const places: Record<Step["do"], Place> = {
  accept: { at: ["received"], passed: (_, work) => work.acceptedAt !== undefined },
  supplement: {
    at: ["received"],
    passed: ({ notices }, work, nth) => notices.length > nth || work.acceptedAt !== undefined,
  },
  pause: { at: ["accepted"], passed: ({ procedures }, _, nth) => procedures.length > nth },
  resume: {
    at: ["paused"],
    passed: ({ procedures }, _, nth) => procedures.filter(({ endedAt }) => endedAt).length > nth,
  },
  extend: { at: ["accepted"], passed: ({ extension }) => extension !== undefined },
  refer: { at: ["accepted"], passed: ({ legality }) => legality !== undefined },
  legality: { at: ["legality"], passed: ({ legality }) => Boolean(legality?.givenBy) },
  decide: { at: ["received", "accepted"], passed: (_, work) => work.decidedAt !== undefined },
  deliver: { at: ["granted"], passed: (_, work) => work.status === "delivered" },
};

/** Where the script stands with this work; undefined: at its end, or it is somebody else's turn. */
export function nextStep(
  steps: readonly Step[],
  detail: WorkDetail,
): { step: Step; index: number } | undefined {
  const { work } = detail;
  if (!work) return undefined;
  const decided = work.decidedAt !== undefined;
  const index = steps.findIndex((step, i) => {
    if (decided && step.do !== "deliver") return false;
    const nth = steps.slice(0, i).filter((each) => each.do === step.do).length;
    return !places[step.do].passed(detail, work, nth);
  });
  const step = steps[index];
  return step && places[step.do].at.includes(work.status) ? { step, index } : undefined;
}

/** Statuses in which some step of a script can be done. */
export const statusesOf = (steps: readonly Step[]): ReadonlySet<string> =>
  new Set(steps.flatMap((step) => places[step.do].at));

export const gapsOf = (step: Extract<Step, { do: "supplement" }>): Omit<Gap, "id">[] =>
  step.gaps.map(({ field = "", requirement = "", what, remedy }) => ({ field, requirement, what, remedy }));
