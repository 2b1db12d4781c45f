// What the desk sends and sees, in zod: the contract's messages as JSON.
import { words, z } from "@onething/service/http";

const Text = z.object({ zh: z.string(), en: z.string() });
const Values = z.record(z.string(), z.string());
const Field = z.object({
  name: z.string(),
  label: Text.optional(),
  type: z.string(),
  required: z.boolean(),
  choices: z.array(z.string()),
  identifies: z.boolean(),
});

export const WorkView = z
  .object({
    id: z.string(),
    caseId: z.string(),
    caseNumber: z.string(),
    bundle: z.string(),
    item: z.string(),
    name: Text.optional(),
    department: z.object({ code: z.string(), name: Text.optional(), uscc: z.string() }).optional(),
    status: z.string().describe("open · claimed · granted · refused · cancelled"),
    claimedBy: z.string().describe("认领的账号 · account that has claimed it"),
    openedAt: z.string().optional(),
    dueOn: z.string().describe("承诺办结日期 · promised end, a date of the city"),
    dueProvisional: z
      .boolean()
      .describe("所涉年份的放假安排尚未公布 · the calendar of a year it touches is not announced"),
    legalDueOn: z.string().describe("法定办结日期 · legal end"),
    decidedAt: z.string().optional(),
    result: z.array(Field).describe("准予时要填写的结果 · schema of a grant's result"),
    version: z.int(),
  })
  .openapi("Work");

const Pair = z.object({ evidence: z.string(), role: z.string(), to: z.string() });
const Receipt = z.object({
  requirement: z.string(),
  pair: Pair.optional(),
  personId: z.string(),
  position: z.int(),
  rule: z.string(),
  state: z.string(),
  why: Text.optional(),
});
export const WorkDetailView = z
  .object({
    work: WorkView.optional(),
    form: Values,
    answers: Values,
    subjects: z.array(z.object({ role: z.string(), personId: z.string(), position: z.int() })),
    evidence: z.array(z.object({ receipt: Receipt.optional(), fields: Values })),
    unmet: z.array(z.object({ id: z.string(), why: Text.optional() })),
  })
  .openapi("WorkDetail");

export const WorkPage = z.object({ work: z.array(WorkView), nextCursor: z.string() }).openapi("WorkPage");

const Reason = z
  .object({ zh: z.string().default(""), en: z.string().default("") })
  .describe("写一种语言即可 · one language is enough");
const decision = {
  grant: z.strictObject({ result: Values.default({}), opinion: z.string().default("") }).optional(),
  refuse: z.strictObject({ reasons: z.array(Reason) }).optional(),
};
interface Given {
  grant?: unknown;
  refuse?: unknown;
}
const onlyOne = ({ grant, refuse }: Given) => (grant === undefined) !== (refuse === undefined);
const onlyOneWords = words(
  "请在 grant（准予）与 refuse（不予许可）中填写且只填写一项",
  "must hold either grant or refuse, and only one of them",
);

export const DecisionBody = z.strictObject(decision).refine(onlyOne, onlyOneWords).openapi("Decision");
export type DecisionBody = z.infer<typeof DecisionBody>;

/** Rows are judged one by one: one without a decision is a bad row, not a bad request. */
export const DecisionsBody = z
  .strictObject({ decisions: z.array(z.strictObject({ id: z.string(), ...decision })) })
  .openapi("Decisions");

export const DecisionsView = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        work: WorkView.optional(),
        problem: z
          .object({
            code: z.string(),
            reason: z.string(),
            zh: z.string(),
            en: z.string(),
            fields: z.array(z.object({ field: z.string(), zh: z.string(), en: z.string() })),
          })
          .optional(),
      }),
    ),
  })
  .openapi("DecisionResults");
