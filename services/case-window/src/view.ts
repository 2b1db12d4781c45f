// How a case looks at the HTTP door.
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { z } from "@onething/service/http";
import type { CaseState, ItemState } from "./domain/case.ts";
import { type TimelineEntry, whoHasIt } from "./domain/timeline.ts";
import type { AskedQuestion } from "./verbs/ask-questions.ts";
import { type Preview, planOf } from "./verbs/preview.ts";
import type { CaseResult } from "./verbs/read-results.ts";

export const Text = z.object({ zh: z.string(), en: z.string() }).openapi("Text");
const text = (value: { zh: string; en: string } | undefined) => value ?? { zh: "", en: "" };

const PairView = z.object({ evidence: z.string(), role: z.string(), to: z.string() });
const Instant = z.string().openapi({ format: "date-time" });

export const ItemView = z
  .object({
    code: z.string(),
    handlingCode: z.string(),
    name: Text,
    department: z.object({ code: z.string(), name: Text }),
    status: z.enum(["planned", "waiting", "with_department", "issuing", "ended"]),
    outcome: z.enum(["granted", "refused", "not_possible", "not_needed", "withdrawn"]).nullable(),
    waitedFor: z.array(z.string()),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    dueOn: z.string().nullable(),
    dueProvisional: z.boolean(),
    now: Text.openapi({ description: "谁在办、接下来怎样 · Who has it and what happens next" }),
    reasons: z.array(Text),
    remedies: z.array(Text),
    becauseOf: z.array(z.string()),
    products: z.array(z.object({ identifier: z.string(), kind: z.string(), pair: PairView })),
  })
  .openapi("CaseItem");

export const CaseView = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    bundle: z.string(),
    name: Text.nullable(),
    status: z.enum(["draft", "running", "closed"]),
    outcome: z.enum(["all_granted", "partly_granted", "none_granted", "withdrawn"]).nullable(),
    channel: z.string(),
    draftedAt: Instant,
    submittedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    expectedOn: z.string().nullable(),
    expectedProvisional: z.boolean(),
    refusalPolicy: z.string().nullable(),
    items: z.array(ItemView),
    leftOut: z.array(z.object({ code: z.string(), name: Text, why: Text })),
    timeline: z.array(z.object({ at: Instant, item: z.string(), zh: z.string(), en: z.string() })),
  })
  .openapi("Case");

export const caseView = (state: CaseState, timeline: TimelineEntry[]): z.infer<typeof CaseView> => ({
  id: state.id,
  number: state.number ?? null,
  bundle: state.bundle,
  name: state.plan?.name ?? null,
  status: state.status,
  outcome: state.outcome ?? null,
  channel: state.channel,
  draftedAt: state.draftedAt,
  submittedAt: state.submittedAt ?? null,
  finishedAt: state.finishedAt ?? null,
  expectedOn: state.expectedOn ?? null,
  expectedProvisional: state.expectedProvisional ?? false,
  refusalPolicy: state.plan?.refusalPolicy ?? null,
  items: (state.plan?.items ?? []).map((item) => {
    const now = state.items[item.code];
    return {
      code: item.code,
      handlingCode: item.handlingCode,
      name: text(item.name),
      department: { code: item.department?.code ?? "", name: text(item.department?.name) },
      ...progressOf(state, now),
    };
  }),
  leftOut: (state.plan?.leftOut ?? []).map((each) => ({
    code: each.code,
    name: text(each.name),
    why: text(each.why),
  })),
  timeline,
});

const progressOf = (state: CaseState, item: ItemState | undefined) => ({
  status: item?.status ?? ("planned" as const),
  outcome: item?.outcome ?? null,
  waitedFor: item?.waitedFor ?? [],
  startedAt: item?.startedAt ?? null,
  finishedAt: item?.endedAt ?? null,
  dueOn: item?.dueOn ?? null,
  dueProvisional: item?.dueProvisional ?? false,
  now: item ? whoHasIt(state, item) : { zh: "提交后开始", en: "Starts once submitted" },
  reasons: item?.reasons ?? [],
  remedies: item?.remedies ?? [],
  becauseOf: item?.becauseOf ?? [],
  products: (item?.products ?? []).map(({ identifier, kind, pair }) => ({ identifier, kind, pair })),
});

export const ReceiptView = z
  .object({
    item: z.string(),
    requirement: z.string(),
    pair: PairView.nullable(),
    position: z.number().int(),
    rule: z.string(),
    state: z.string(),
    candidates: z.array(z.object({ source: z.string(), matched: z.boolean(), why: Text })),
    why: Text,
    fix: Text.nullable(),
    proof: z
      .object({
        kind: z.string(),
        reference: z.string(),
        version: z.string(),
        source: Text,
        at: Instant.nullable(),
      })
      .nullable(),
    waitsFor: z.array(z.string()),
  })
  .openapi("Receipt");

/** Without the sealed fields: a receipt says why something is believed, not what it says. */
export const receiptView = (receipt: Receipt): z.infer<typeof ReceiptView> => ({
  item: receipt.item,
  requirement: receipt.requirement,
  pair: receipt.pair ?? null,
  position: receipt.position,
  rule: receipt.rule,
  state: receipt.state,
  candidates: receipt.candidates.map(({ source, matched, why }) => ({ source, matched, why: text(why) })),
  why: text(receipt.why),
  fix: receipt.fix ?? null,
  proof: receipt.proof
    ? {
        kind: receipt.proof.kind,
        reference: receipt.proof.reference,
        version: receipt.proof.version,
        source: text(receipt.proof.source),
        at: receipt.proof.at ?? null,
      }
    : null,
  waitsFor: receipt.waitsFor,
});

const KnownValue = z.object({ value: z.string(), source: Text }).nullable();

export const QuestionView = z
  .object({
    id: z.string(),
    text: Text,
    why: Text,
    type: z.string(),
    choices: z.array(z.object({ value: z.string(), label: Text })),
    required: z.boolean(),
    known: KnownValue,
  })
  .openapi("Question");

export const questionView = ({ question, known }: AskedQuestion): z.infer<typeof QuestionView> => ({
  id: question.id,
  text: text(question.text),
  why: text(question.why),
  type: question.type,
  choices: question.choices.map(({ value, label }) => ({ value, label: text(label) })),
  required: question.required,
  known: known ? { value: known.value, source: text(known.source) } : null,
});

export const PreviewView = z
  .object({
    items: z.array(
      z.object({
        code: z.string(),
        name: Text,
        department: z.object({ code: z.string(), name: Text }),
        why: Text,
        waitsFor: z.array(z.string()),
      }),
    ),
    leftOut: z.array(z.object({ code: z.string(), name: Text, why: Text })),
    form: z.array(
      z.object({
        name: z.string(),
        label: Text,
        type: z.string(),
        required: z.boolean(),
        choices: z.array(z.string()),
        role: z.string(),
        items: z.array(z.string()),
        known: KnownValue,
      }),
    ),
    uses: z.array(
      z.object({
        id: z.string(),
        role: z.string(),
        roleName: Text,
        evidenceName: Text,
        by: z.string(),
        source: Text.nullable(),
        items: z.array(z.string()),
        ground: z.enum(["consent", "law"]),
        law: Text.nullable(),
        text: Text,
      }),
    ),
    statements: z.array(z.object({ id: z.string(), by: z.string(), text: Text })),
    receipts: z.array(ReceiptView),
    missing: z.array(z.object({ requirement: z.string(), why: Text, fix: Text })),
    materials: z.array(
      z.object({ name: Text, code: z.string(), way: z.string(), items: z.array(z.string()) }),
    ),
    fees: z.array(z.object({ item: z.string(), name: Text, amount: z.string(), basis: Text })),
    refusalPolicy: z.string(),
    expectedOn: z.string(),
    expectedProvisional: z.boolean(),
  })
  .openapi("Preview");

export function previewView(state: CaseState, found: Preview): z.infer<typeof PreviewView> {
  const plan = planOf(state);
  const nameAndDepartment = (item: (typeof plan.items)[number]) => ({
    code: item.code,
    name: text(item.name),
    department: { code: item.department?.code ?? "", name: text(item.department?.name) },
  });
  return {
    items: plan.items.map((item) => ({
      ...nameAndDepartment(item),
      why: text(item.why),
      waitsFor: found.waitsFor.get(item.code) ?? [],
    })),
    leftOut: plan.leftOut.map((each) => ({ code: each.code, name: text(each.name), why: text(each.why) })),
    form: plan.form.map(({ field, role, items }) => {
      const known = found.form.get(field!.name);
      return {
        name: field!.name,
        label: text(field!.label),
        type: field!.type,
        required: field!.required,
        choices: field!.choices,
        role,
        items,
        known: known ? { value: known.value, source: text(known.source) } : null,
      };
    }),
    uses: found.uses.map((use) => ({ ...use, source: use.source ?? null, law: use.law ?? null })),
    statements: found.statements.map((each) => ({ id: each.id, by: each.by, text: text(each.text) })),
    receipts: found.receipts.map(receiptView),
    missing: found.receipts
      .filter((receipt) => receipt.state === "missing")
      .map((receipt) => ({
        requirement: receipt.requirement,
        why: text(receipt.why),
        fix: text(receipt.fix),
      })),
    materials: plan.materials.map(({ name, code, way, items }) => ({ name: text(name), code, way, items })),
    fees: plan.fees.map(({ item, name, amount, basis }) => ({
      item,
      name: text(name),
      amount,
      basis: text(basis),
    })),
    refusalPolicy: plan.refusalPolicy,
    expectedOn: found.expected.on,
    expectedProvisional: found.expected.provisional,
  };
}

export const ResultView = z
  .object({
    item: z.string(),
    identifier: z.string(),
    kind: z.string(),
    type: z.string(),
    typeName: Text,
    holder: z.object({ role: z.string(), roleName: Text, name: z.string() }),
    issuer: z.object({ code: z.string(), name: Text }),
    issuedAt: Instant,
    validUntil: z.string().nullable(),
    status: z.string(),
    fields: z.record(z.string(), z.string()),
  })
  .openapi("CaseResult");

export const resultView = (
  state: CaseState,
  { item, role, licence }: CaseResult,
): z.infer<typeof ResultView> => ({
  item,
  identifier: licence.identifier,
  kind: licence.kind,
  type: licence.typeCode || licence.evidence,
  typeName: text(licence.typeName),
  holder: {
    role,
    roleName: text(planOf(state).roles.find((each) => each.code === role)?.name),
    name: licence.holderName,
  },
  issuer: { code: licence.issuer?.code ?? "", name: text(licence.issuer?.name) },
  issuedAt: licence.issuedAt ?? "",
  validUntil: licence.validUntil || null,
  status: licence.status,
  fields: licence.fields,
});
