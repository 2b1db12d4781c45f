// What the HTTP door answers, in zod: the contract's messages as JSON.
import { z } from "@onething/service/http";

const Text = z.object({ zh: z.string(), en: z.string() });
const Pair = z.object({ evidence: z.string(), role: z.string(), to: z.string() });
const Department = z.object({ code: z.string(), name: Text.optional(), uscc: z.string() });
const Limit = z.object({
  n: z.int(),
  unit: z.string().describe("workingDay · hour · day · month"),
  from: z.string(),
});
const Field = z.object({
  name: z.string(),
  label: Text.optional(),
  type: z.string(),
  required: z.boolean(),
  choices: z.array(z.string()),
  identifies: z.boolean(),
});
const Prefill = z.object({
  pair: Pair.optional(),
  field: z.string(),
  rungs: z.array(z.string()),
  ask: z.string(),
});
const Condition = z.object({ id: z.string(), rule: z.string(), why: Text.optional() });
const Evidence = z.object({
  code: z.string(),
  name: Text.optional(),
  kind: z.string().describe("licence · registration · record · statement"),
  typeCode: z.string(),
  verified: z.boolean(),
  fields: z.array(Field),
  register: z.string(),
  registerName: Text.optional(),
  validMonths: z.int(),
});
const Role = z.object({
  code: z.string(),
  name: Text.optional(),
  found: z.string().describe("applicant · evidence · given · minted"),
  min: z.int(),
  max: z.int(),
  foundIn: Pair.optional(),
  foundField: z.string(),
  ground: z.string().describe("consent · law"),
  consentBy: z.string(),
  law: Text.optional(),
  follows: z.boolean(),
});
const Material = z.object({
  name: Text.optional(),
  code: z.string(),
  items: z.array(z.string()),
  way: z.string().describe("form · evidence · statement · not_needed"),
  sparedBy: z.array(z.string()),
});
const Figures = z.object({ days: z.int(), trips: z.int(), materials: z.int(), steps: z.int() });

export const BundleView = z
  .object({
    code: z.string(),
    version: z.int(),
    name: Text.optional(),
    summary: Text.optional(),
    lead: Department.optional(),
    promised: Limit.optional(),
  })
  .openapi("Bundle");

const Question = z.object({
  id: z.string(),
  text: Text.optional(),
  why: Text.optional(),
  type: z.string().describe("boolean · choice · number · date · text"),
  choices: z.array(z.object({ value: z.string(), label: Text.optional() })),
  required: z.boolean(),
  prefill: Prefill.optional(),
});

export const GuideView = z
  .object({
    summary: BundleView.optional(),
    questions: z.array(Question),
    roles: z.array(Role),
    items: z.array(
      z.object({
        code: z.string(),
        name: Text.optional(),
        department: Department.optional(),
        promised: Limit.optional(),
        result: Text.optional(),
      }),
    ),
    materials: z.array(Material),
    guide: z
      .object({ conditions: z.array(Text), before: Figures.optional(), after: Figures.optional() })
      .optional(),
    evidence: z.array(Evidence),
  })
  .openapi("BundleGuide");

/** Not there: only that it is proved. */
const Shown = z.record(z.string(), z.object({ names: z.array(z.string()) }));

const PlannedItem = z.object({
  code: z.string(),
  handlingCode: z.string(),
  name: Text.optional(),
  department: Department.optional(),
  handling: z.string().describe("department · automatic · offline"),
  legal: Limit.optional(),
  promised: Limit.optional(),
  produces: z.array(
    z.object({ pair: Pair.optional(), kind: z.string(), fields: z.array(z.string()), replaces: z.boolean() }),
  ),
  ends: z.array(Pair),
  after: z.array(z.string()),
  conditions: z.array(Condition),
  formFields: z.array(z.string()),
  requirements: z.array(z.string()),
  result: z.array(Field),
  why: Text.optional(),
  skipWhenHeld: z.boolean(),
  remedies: z.array(Text),
  automaticResult: z.record(z.string(), z.string()),
  evidenceFields: Shown.describe(
    "按证明要求：本事项可见的字段 · by requirement: the fields the item is shown",
  ),
  answers: z.array(z.string()).describe("本事项可见的回答 · questions whose answers the item is shown"),
  formRoles: z.array(z.string()),
  acceptance: z.string().describe("automatic · department"),
  legality: z.boolean().describe("须经法制审核 · a legality review comes before the decision"),
  twoOfficers: z.boolean().describe("受理与决定须为两人 · who accepts does not decide alone"),
  procedures: z.array(z.string()).describe("可启动的特别程序 · special procedures that stop the clock"),
  joint: z.boolean(),
  silence: Text.optional().describe("逾期视为准予的依据 · the ground on which silence grants"),
  neverRecalled: z.boolean().describe("不因别的事项没有通过而收回 · its grant stays whatever is refused"),
  unanswered: z
    .object({ days: z.int(), basis: Text.optional() })
    .optional()
    .describe(
      "逾期未补正视为撤回的工作日数与依据 · working days after which an unanswered notice is a withdrawal",
    ),
  delivery: z.string().describe("electronic · paper"),
  authority: z.string().describe("officer · head"),
});

const Alternative = z.object({
  pair: Pair.optional(),
  rungs: z.array(z.string()).describe("licence · sibling · register · statement · original"),
  ask: z.string(),
  matches: z.array(z.object({ field: z.string(), role: z.string() })),
  statement: z.object({ id: z.string(), by: z.string(), text: Text.optional() }).optional(),
});

export const PlanView = z
  .object({
    bundle: z.string(),
    version: z.int(),
    digest: z.string(),
    name: Text.optional(),
    themeCode: z.string(),
    promised: Limit.optional(),
    refusalPolicy: z.string().describe("carry_on · hold · withdraw"),
    recall: z
      .object({ basis: Text.optional() })
      .optional()
      .describe(
        "有一项没有通过时，按此依据收回已经办好的 · when one item is refused, what was granted is recalled on this basis",
      ),
    answers: z.record(z.string(), z.string()),
    roles: z.array(Role),
    items: z.array(PlannedItem),
    leftOut: z.array(z.object({ code: z.string(), name: Text.optional(), why: Text.optional() })),
    requirements: z.array(
      z.object({
        id: z.string(),
        name: Text.optional(),
        items: z.array(z.string()),
        alternatives: z.array(Alternative),
        disclosure: z.object({ fields: Shown.describe("按事项 · by item") }).optional(),
      }),
    ),
    form: z.array(
      z.object({
        field: Field.optional(),
        role: z.string(),
        items: z.array(z.string()),
        prefill: Prefill.optional(),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), soft: z.boolean(), pair: Pair.optional() })),
    fees: z.array(
      z.object({ item: z.string(), name: Text.optional(), amount: z.string(), basis: Text.optional() }),
    ),
    materials: z.array(Material),
    standing: z.object({ role: z.string(), requirement: z.string() }).optional(),
    evidence: z.array(Evidence),
    eligibility: z.array(Condition),
    division: z.string(),
  })
  .openapi("Plan");
