// How the questions of a draft and its preview look at the HTTP door.
import { z } from "@onething/service/http";
import type { CaseState } from "./domain/case.ts";
import { ifRefused } from "./domain/policy.ts";
import { Text, text } from "./text-view.ts";
import type { AskedQuestion } from "./verbs/ask-questions.ts";
import { type Preview, planOf } from "./verbs/preview.ts";
import { IssuedPolicy, issuedPolicy, ReceiptView, receiptView } from "./view.ts";

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
    issuedPolicy: IssuedPolicy,
    ifRefused: Text.openapi({
      description:
        "有一项没有通过时会怎样，已经办好的又会怎样 · What will happen if one item is refused, also to what is done by then",
    }),
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
    issuedPolicy: issuedPolicy(plan),
    ifRefused: ifRefused(plan),
    expectedOn: found.expected.on,
    expectedProvisional: found.expected.provisional,
  };
}
