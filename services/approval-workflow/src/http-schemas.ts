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
    status: z
      .string()
      .describe(
        "received · supplementing · accepted · paused · legality · granted · delivered · refused · not_needed · not_accepted · cancelled · revoked",
      ),
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
    acceptBy: z
      .string()
      .describe("补正告知的最后一天 · last day for a supplement notice, while not accepted"),
    acceptedAt: z.string().optional(),
    secondLook: z.string().describe("自动决定的复核 · of an automatic decision: drawn · upheld · questioned"),
    stopped: z
      .boolean()
      .describe("停止计时，日期为最早可能 · the clock stands still; the dates are the earliest possible"),
    deliverBy: z.string().describe("送达的最后一天 · last day to deliver, after a grant"),
    actions: z.array(z.string()).describe("您现在可以做的 · what you may do with it now"),
    ledger: z
      .object({ department: z.int(), applicant: z.int(), pause: z.int() })
      .describe("自收件起的工作日归属 · every working day since the receipt, by who held it")
      .optional(),
    light: z.string().describe("green · yellow · red · overdue；办结后为空 · empty once it is decided"),
    used: z.int().describe("已用承诺时限的百分比 · per cent of the promised time used"),
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
export const ConsultationView = z
  .object({
    id: z.string(),
    approvalId: z.string(),
    caseNumber: z.string(),
    item: z.string(),
    name: Text.optional(),
    asking: z.object({ code: z.string(), name: Text.optional() }).optional(),
    asked: z.string().describe("被征求意见的部门 · code of the department that is asked"),
    question: Text.optional(),
    answerBy: z.string(),
    askedAt: z.string().optional(),
    answeredAt: z.string().optional().describe("尚未答复时没有 · not there until it is answered"),
    agrees: z.boolean(),
    opinion: Text.optional(),
  })
  .openapi("Consultation");

export const AttachmentView = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    purpose: z.string().describe("用途 · what it is for"),
    forApplicant: z.boolean().describe("申请人可以看到 · the applicant may read it"),
    by: z.string().describe("添加的账号 · account that has attached it"),
    at: z.string().optional(),
  })
  .openapi("Attachment");

export const WorkDetailView = z
  .object({
    work: WorkView.optional(),
    form: Values,
    answers: Values,
    subjects: z.array(z.object({ role: z.string(), personId: z.string(), position: z.int() })),
    evidence: z.array(z.object({ receipt: Receipt.optional(), fields: Values })),
    unmet: z.array(z.object({ id: z.string(), why: Text.optional() })),
    formSchema: z.array(Field),
    notices: z.array(
      z.object({
        at: z.string().optional(),
        by: z.string(),
        gaps: z.array(
          z.object({
            id: z.string(),
            field: z.string(),
            requirement: z.string(),
            what: Text.optional(),
            remedy: Text.optional(),
          }),
        ),
        answeredAt: z.string().optional(),
        answers: z.array(z.object({ gap: z.string(), way: z.string(), words: z.string() })),
      }),
    ),
    legality: z
      .object({ askedBy: z.string(), givenBy: z.string(), lawful: z.boolean(), opinion: Text.optional() })
      .optional(),
    procedures: z.array(
      z.object({
        procedure: z.string(),
        reason: Text.optional(),
        untilOn: z.string(),
        beganAt: z.string().optional(),
        endedAt: z.string().optional(),
        result: Text.optional(),
      }),
    ),
    extension: z.object({ days: z.int(), reason: Text.optional(), approvedBy: Text.optional() }).optional(),
    consultations: z.array(ConsultationView),
    attachments: z.array(AttachmentView),
    silence: z
      .object({ basis: Text.optional(), on: z.string(), provisional: z.boolean() })
      .describe(
        "到这一天期限届满仍没有决定的，依据所列规定视为准予；没有此规定或者已经办结时不出现 · undecided when this day is over, it counts as granted by this rule; not there where no rule says so, and once it is decided",
      )
      .optional(),
    because: z.array(Text).describe("决定的理由 · why it was decided as it was"),
  })
  .openapi("WorkDetail");

export const WorkPage = z.object({ work: z.array(WorkView), nextCursor: z.string() }).openapi("WorkPage");

export const Words = z
  .object({ zh: z.string().default(""), en: z.string().default("") })
  .describe("写一种语言即可 · one language is enough");

/** What each verb of the desk sends. */
export const bodies = {
  nothing: z.strictObject({}).default({}).openapi("Nothing"),
  correction: z
    .strictObject({ values: Values.describe("表单字段的正确值 · form fields with their right values") })
    .openapi("Correction"),
  supplement: z
    .strictObject({
      gaps: z.array(
        z.strictObject({
          field: z.string().default(""),
          requirement: z.string().default(""),
          what: Words.describe("缺什么、错在哪里 · what is missing or wrong"),
          remedy: Words.describe("怎样补正 · what would do"),
        }),
      ),
    })
    .openapi("SupplementNotice"),
  decline: z
    .strictObject({
      ground: z.string().describe("not_needed · not_this_authority"),
      reasons: z.array(Words),
      rightBody: Words.optional().describe("有权办理的机关 · the body that has the power"),
    })
    .openapi("Declining"),
  pause: z.strictObject({ procedure: z.string(), reason: Words, days: z.int() }).openapi("SpecialProcedure"),
  resume: z.strictObject({ result: Words }).openapi("ProcedureResult"),
  extend: z.strictObject({ days: z.int(), reason: Words, approvedBy: Words }).openapi("Extending"),
  legality: z.strictObject({ lawful: z.boolean(), opinion: Words }).openapi("LegalityOpinion"),
  secondLook: z.strictObject({ upheld: z.boolean(), opinion: Words }).openapi("SecondLook"),
  delivery: z.strictObject({ how: z.string().describe("electronic · window · post") }).openapi("Delivery"),
  revocation: z
    .strictObject({
      ground: z.string().describe("by_authority · fraud · public_interest"),
      reasons: z.array(Words),
    })
    .openapi("Revocation"),
};
const decision = {
  grant: z.strictObject({ result: Values.default({}), opinion: z.string().default("") }).optional(),
  refuse: z.strictObject({ reasons: z.array(Words) }).optional(),
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

const ifVersion = z
  .int()
  .min(0)
  .default(0)
  .describe("所依据的版本，0 为不限 · the version it was decided on; 0: as it stands");
/** Rows are judged one by one: one without a decision is a bad row, not a bad request. */
export const DecisionsBody = z
  .strictObject({ decisions: z.array(z.strictObject({ id: z.string(), ifVersion, ...decision })) })
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
