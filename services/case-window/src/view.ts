// How a case, its receipts and its results look at the HTTP door.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { z } from "@onething/service/http";
import { type CaseState, type ItemState, isHeld, isWaiting } from "./domain/case.ts";
import type { End } from "./domain/expected.ts";
import type { Ledger } from "./domain/ledger.ts";
import { type TimelineEntry, whoHasIt } from "./domain/timeline.ts";
import { procedureName } from "./domain/words.ts";
import { LedgerView, ledgerView } from "./ledger-view.ts";
import { NoticeView, noticeView } from "./notice-view.ts";
import { Text, text } from "./text-view.ts";
import { planOf } from "./verbs/preview.ts";
import type { CaseResult } from "./verbs/read-results.ts";

/** What becomes of what was granted already when one item is refused. */
export const IssuedPolicy = z.enum(["stays", "recalled"]);
export const issuedPolicy = ({ recall }: Plan): z.infer<typeof IssuedPolicy> =>
  recall ? "recalled" : "stays";

const PairView = z.object({ evidence: z.string(), role: z.string(), to: z.string() });
const Instant = z.string().openapi({ format: "date-time" });

export const ItemView = z
  .object({
    code: z.string(),
    handlingCode: z.string(),
    name: Text,
    department: z.object({ code: z.string(), name: Text }),
    status: z.enum(["planned", "waiting", "with_department", "supplementing", "issuing", "ended"]),
    outcome: z
      .enum(["granted", "refused", "not_accepted", "not_possible", "not_needed", "withdrawn"])
      .nullable(),
    held: z.boolean().openapi({
      description: "等申请人决定继续还是撤回 · Waits for the applicant to say go on, or withdraw",
    }),
    waitedFor: z.array(z.string()),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    dueOn: z.string().nullable(),
    dueProvisional: z.boolean(),
    now: Text.openapi({ description: "谁在办、接下来怎样 · Who has it and what happens next" }),
    stopped: z
      .object({ procedure: z.string(), name: Text, untilOn: z.string(), why: Text })
      .nullable()
      .openapi({
        description:
          "特别程序进行中，期限不计（行政许可法第四十五条）· A special procedure runs; its time is not counted (Licensing Law art. 45)",
      }),
    delivered: z.object({ at: Instant, how: z.string() }).nullable(),
    revoked: z
      .object({ at: Instant, reasons: z.array(Text), remedies: z.array(Text) })
      .nullable()
      .openapi({ description: "批准后被撤销 · Granted, and taken back since" }),
    notice: NoticeView.nullable().openapi({
      description: "等待补正的通知 · The notice that waits for an answer",
    }),
    reasons: z.array(Text),
    remedies: z.array(Text),
    becauseOf: z.array(z.string()),
    products: z.array(z.object({ identifier: z.string(), kind: z.string(), pair: PairView })),
  })
  .openapi("CaseItem");

export const EntryView = z
  .object({ at: Instant, item: z.string(), zh: z.string(), en: z.string() })
  .openapi("TimelineEntry");

export const CaseView = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    bundle: z.string(),
    name: Text.nullable(),
    status: z.enum(["draft", "running", "closed"]),
    outcome: z.enum(["all_granted", "partly_granted", "none_granted", "withdrawn"]).nullable(),
    held: z
      .object({ at: Instant, becauseOf: z.array(z.string()) })
      .nullable()
      .openapi({ description: "有事项没有通过，其余先停下 · Stopped, because these were refused" }),
    revokedItems: z.array(z.string()).openapi({
      description:
        "办好后又被撤销的事项；办结结果不改写 · Items granted and taken back since; the outcome is not rewritten",
    }),
    channel: z.string(),
    draftedAt: Instant,
    submittedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    expectedOn: z.string().nullable().openapi({
      description:
        "预计办结日期，随各事项的期限变化 · When it is likely to end, as its items' dates stand now",
    }),
    expectedProvisional: z.boolean(),
    refusalPolicy: z.string().nullable(),
    issuedPolicy: IssuedPolicy.nullable(),
    items: z.array(ItemView),
    leftOut: z.array(z.object({ code: z.string(), name: Text, why: Text })),
    timeline: z.array(EntryView),
    ledger: LedgerView.nullable().openapi({
      description:
        "时间账：各方用了几个工作日；提交前和列表里没有 · Whose working days it took; not there before the submission and in lists",
    }),
  })
  .openapi("Case");

/** What is read of a case besides its state; `today` is a date of the city. */
export interface Reading {
  today: string;
  expected: End;
  timeline: TimelineEntry[];
  ledger?: Ledger | undefined;
}

export const caseView = (
  state: CaseState,
  { today, expected, timeline, ledger }: Reading,
): z.infer<typeof CaseView> => ({
  id: state.id,
  number: state.number ?? null,
  bundle: state.bundle,
  name: state.plan?.name ?? null,
  status: state.status,
  outcome: state.outcome ?? null,
  held: isHeld(state) ? (state.held ?? null) : null,
  revokedItems: Object.values(state.items).flatMap((item) => (item.revoked ? [item.code] : [])),
  channel: state.channel,
  draftedAt: state.draftedAt,
  submittedAt: state.submittedAt ?? null,
  finishedAt: state.finishedAt ?? null,
  expectedOn: expected.on || null,
  expectedProvisional: expected.provisional,
  refusalPolicy: state.plan?.refusalPolicy ?? null,
  issuedPolicy: state.plan ? issuedPolicy(state.plan) : null,
  items: (state.plan?.items ?? []).map((item) => {
    const now = state.items[item.code];
    return {
      code: item.code,
      handlingCode: item.handlingCode,
      name: text(item.name),
      department: { code: item.department?.code ?? "", name: text(item.department?.name) },
      ...progressOf(state, now, today),
    };
  }),
  leftOut: (state.plan?.leftOut ?? []).map((each) => ({
    code: each.code,
    name: text(each.name),
    why: text(each.why),
  })),
  timeline,
  ledger: ledger ? ledgerView(state, ledger) : null,
});

const progressOf = (state: CaseState, item: ItemState | undefined, today: string) => ({
  status: item?.status ?? ("planned" as const),
  outcome: item?.outcome ?? null,
  held: item !== undefined && isWaiting(item) && isHeld(state),
  waitedFor: item?.waitedFor ?? [],
  startedAt: item?.startedAt ?? null,
  finishedAt: item?.endedAt ?? null,
  dueOn: item?.dueOn ?? null,
  dueProvisional: item?.dueProvisional ?? false,
  now: item ? whoHasIt(state, item, today) : { zh: "提交后开始", en: "Starts once submitted" },
  stopped: item?.stopped
    ? { ...item.stopped, name: procedureName(item.stopped.procedure), why: text(item.stopped.why) }
    : null,
  delivered: item?.delivered ?? null,
  revoked: item?.revoked ?? null,
  notice: noticeView(state, item),
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
