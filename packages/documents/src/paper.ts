// What a paper holds. Checked before anything is drawn: a paper with a gap is never printed.
import { isCivilDate } from "@onething/kernel/civil-date";
import { type FieldProblem, invalid } from "@onething/kernel/errors";
import { z } from "zod";

const longest = 4000;
const words = z.string().trim().min(1).max(longest);
const short = z.string().trim().min(1).max(200);
const text = z.strictObject({ zh: words, en: words });
const date = z.string().refine(isCivilDate, { error: "date" });
const count = z.int().min(1).max(9999);
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1).max(200);
/** What may be a word in both languages, or the same in both: a number, an amount, a name. */
const value = z.union([text, words]);

const contact = z.strictObject({ office: text, phone: short });
const remedies = z.strictObject({
  /** Where reconsideration is asked for. */
  reconsideration: text,
  /** Where a lawsuit is brought. */
  court: text,
  /** What the item itself names besides: it is often the shorter way, and comes first. */
  own: list(text).optional(),
});

const common = {
  number: short,
  department: z.strictObject({ name: text }),
  caseNumber: short,
  applicant: z.strictObject({
    kind: z.enum(["citizen", "organisation"]).default("citizen"),
    name: short,
    /** Of a citizen it is printed masked, however it comes. */
    number: short,
  }),
  item: z.strictObject({ name: text, code: short }),
  appliedOn: date,
  /** Of the paper: what stands under the seal. */
  date,
  check: z.strictObject({ code: short, url: z.url({ protocol: /^https?$/ }).max(300) }),
  contact: contact.optional(),
};

const paperHandedIn = z.strictObject({
  name: text,
  copies: count,
  form: z.enum(["original", "copy", "electronic"]),
  /** An original that was given back once it had been seen. */
  returned: z.boolean().default(false),
});

/** What was granted: numbers, amounts, validity. */
const result = list(z.strictObject({ label: text, value }));

const procedures = [
  "hearing",
  "tender",
  "auction",
  "inspection",
  "testing",
  "quarantine",
  "appraisal",
  "expert_review",
] as const;
const grounds = ["by_authority", "fraud", "public_interest", "sibling_refused"] as const;
const methods = ["direct", "window", "post", "electronic", "entrusted", "left", "public"] as const;

export type Procedure = (typeof procedures)[number];
export type RevocationGround = (typeof grounds)[number];
export type DeliveryMethod = (typeof methods)[number];

const schema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("receipt"),
    ...common,
    papers: list(paperHandedIn),
    /** By when the applicant hears whether the application is accepted. */
    answerBy: date,
  }),
  z.strictObject({
    kind: z.literal("acceptance"),
    ...common,
    contact,
    acceptedOn: date,
    /** Nothing was said in time, so that it counts as accepted from the day of receipt. */
    deemed: z.boolean().default(false),
    promisedOn: date,
    dueOn: date,
    /** One of the two rests on holidays that are not announced yet. */
    provisional: z.boolean().default(false),
    queryWay: text,
  }),
  z.strictObject({
    kind: z.literal("supplement"),
    ...common,
    gaps: list(z.strictObject({ what: text, problem: text, remedy: text })),
    /** Where a rule sets a time; the licensing law sets none. */
    respondBy: date.optional(),
    consequence: text,
  }),
  z.strictObject({
    kind: z.literal("non_acceptance"),
    ...common,
    ground: z.discriminatedUnion("is", [
      z.strictObject({ is: z.literal("not_needed") }),
      z.strictObject({
        is: z.literal("not_this_authority"),
        rightBody: z.strictObject({ name: text, address: text.optional() }),
      }),
    ]),
    reason: text,
    remedies,
  }),
  z.strictObject({
    kind: z.literal("special_procedure"),
    ...common,
    procedure: z.enum(procedures),
    reason: text,
    startsOn: date,
    workingDays: count,
    endsOn: date,
  }),
  z.strictObject({
    kind: z.literal("extension"),
    ...common,
    acceptedOn: date,
    dueOn: date,
    workingDays: count,
    newDueOn: date,
    /** It rests on holidays that are not announced yet. */
    provisional: z.boolean().default(false),
    reason: text,
    approvedBy: text,
    /** Handled jointly: article 42(2) instead of 42(1). */
    joint: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("granted"),
    ...common,
    facts: list(text),
    basis: list(text),
    result,
    deliverBy: date,
    remedies,
  }),
  z.strictObject({
    kind: z.literal("deemed_grant"),
    ...common,
    acceptedOn: date,
    /** The last day of the legal limit: with its end it counts as granted. */
    limitOn: date,
    /** The rule by which silence grants. */
    basis: text,
    result,
    deliverBy: date,
    remedies,
  }),
  z.strictObject({
    kind: z.literal("refused"),
    ...common,
    facts: list(text),
    reasons: list(text),
    basis: list(text),
    remedies,
  }),
  z.strictObject({
    kind: z.literal("delivery"),
    ...common,
    delivered: list(z.strictObject({ name: text, number: short.optional(), copies: count })),
    recipient: z.strictObject({ name: short, relation: text }),
    method: z.enum(methods),
    place: text,
    deliveredOn: date,
    deliveredBy: short,
    tracking: short.optional(),
  }),
  z.strictObject({
    kind: z.literal("revocation"),
    ...common,
    /** The grant that is taken back: its number where it is known, and its day. */
    decision: z.strictObject({ number: short.optional(), date, deemed: z.boolean().default(false) }),
    ground: z.enum(grounds),
    reasons: list(text),
    /** What was issued by it, and is void with it. */
    issued: list(z.strictObject({ name: text, number: short })).optional(),
    remedies,
  }),
]);

/** As it is handed in; what has a default may be left out. */
export type Paper = z.input<typeof schema>;
/** As it has been checked. */
export type CheckedPaper = z.output<typeof schema>;
export type PaperOf<K extends Paper["kind"]> = Extract<CheckedPaper, { kind: K }>;
export type Remedies = z.output<typeof remedies>;

export function checkPaper(paper: Paper): CheckedPaper {
  const { success, data, error } = schema.safeParse(paper);
  if (success) return data;
  const fields = error.issues.flatMap((issue) => problemsOf(paper, issue));
  const named = fields.map(({ field }) => field);
  throw invalid(
    "document.incomplete",
    `文书内容不完整或有误：${named.join("、")}`,
    `The paper is incomplete or wrong: ${named.join(", ")}`,
    { fields },
  );
}

function problemsOf(paper: unknown, issue: z.core.$ZodIssue): FieldProblem[] {
  const field = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      field: field === "" ? key : `${field}.${key}`,
      text: { zh: "文书中没有这一项", en: "The paper has no such field" },
    }));
  const given = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    paper,
  );
  const missing = given === undefined || given === null || (typeof given === "string" && !given.trim());
  return [
    {
      field: field === "" ? "paper" : field,
      text:
        missing || (Array.isArray(given) && given.length === 0)
          ? { zh: "缺少", en: "is missing" }
          : { zh: "内容有误", en: "is not right" },
    },
  ];
}
