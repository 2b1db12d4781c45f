// The decision and its delivery.
import type {
  ApprovalDelivered,
  ApprovalGranted,
  ApprovalRefused,
} from "@onething/contracts/approval/v1/events";
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Field } from "@onething/contracts/common/v1/common";
import { paperName } from "@onething/documents/kinds";
import type { DeliveryMethod } from "@onething/documents/paper";
import { dateText } from "@onething/documents/words";
import { civilDate, isCivilDate } from "@onething/kernel/civil-date";
import type { Text } from "@onething/kernel/errors";
import { maskNumber } from "@onething/kernel/identity";
import type { Approval } from "../domain/approval.ts";
import { account, cityTime } from "../domain/words.ts";
import { basisOf, otherProof, remediesOf } from "./general.ts";
import type { About, Common, Letter } from "./letter.ts";

type Values = { readonly [field: string]: string };

export const granted = (
  common: Common,
  { deemed, automatic, deliverBy }: ApprovalGranted,
  now: Approval,
  result: Values,
): Letter => ({
  kind: "granted",
  ...common,
  facts: [
    acceptedOn(now),
    ...(deemed ? [bySilence] : automatic ? [byRule] : []),
    // Of a grant by silence the first of its reasons is the rule of law that it rests on.
    ...(deemed ? now.because.slice(1) : now.because),
    ...provedBy(now),
  ],
  basis: deemed ? [deemed] : basisOf(now.item, 1),
  result: resultOf(now.item, result),
  deliverBy,
  remedies: remediesOf(now.item),
});

export const refused = (common: Common, { reasons }: ApprovalRefused, now: Approval): Letter => ({
  kind: "refused",
  ...common,
  facts: [acceptedOn(now), ...provedBy(now)],
  reasons,
  basis: basisOf(now.item, 2),
  remedies: remediesOf(now.item),
});

function acceptedOn({ acceptedAt }: Approval): Text {
  const on = dateText(civilDate(acceptedAt));
  return { zh: `申请于${on.zh}受理。`, en: `The application was accepted on ${on.en}.` };
}

const byRule: Text = {
  zh: "本决定按事项的规则自动作出，规则的每一项条件都有数据证明。",
  en: "Decided by the item's rules; every condition is proved by data.",
};
const bySilence: Text = {
  zh: "本机关在期限届满前未作出决定，依照下列规定视为准予。",
  en: "We did not decide before the limit ended; by the rule below this counts as a grant.",
};

/** Every proof that was examined, and where it comes from; each once, of however many people. */
function provedBy({ receipts, evidence }: Approval): Text[] {
  const called = receipts.flatMap(({ proof, pair }) => {
    if (!proof) return [];
    const name = evidence.find(({ code }) => code === pair?.evidence)?.name ?? otherProof;
    const { zh, en } = proof.source ?? { zh: "", en: "" };
    return [{ zh: `${name.zh}${zh && `（${zh}）`}`, en: `${name.en}${en && ` (${en})`}` }];
  });
  if (called.length === 0) return [];
  const each = (language: "zh" | "en") => [...new Set(called.map((proof) => proof[language]))];
  return [
    { zh: `查验了下列证明：${each("zh").join("、")}。`, en: `Proofs examined: ${each("en").join(", ")}.` },
  ];
}

const done = { label: { zh: "办理结果", en: "Result" }, value: { zh: "准予", en: "Granted" } };

/** What the registry calls people is nobody's business on paper. */
function resultOf({ result: schema, choiceWords }: PlannedItem, values: Values) {
  const rows = schema.flatMap((field) => {
    const value = values[field.name];
    if (!value || field.type === "person") return [];
    const called = choiceWords[`${field.name}.${value}`] ?? written(field, value);
    return [{ label: field.label ?? { zh: field.name, en: field.name }, value: called }];
  });
  return rows.length > 0 ? rows : [done];
}

function written({ type }: Field, value: string): string | Text {
  if (type === "citizenNumber") return maskNumber(value);
  if (type === "boolean") return value === "true" ? { zh: "是", en: "Yes" } : { zh: "否", en: "No" };
  if (type === "date" && isCivilDate(value)) return dateText(value);
  if (type === "instant" && !Number.isNaN(Date.parse(value))) return cityTime(value);
  return value;
}

export function delivery(
  common: Common,
  { how, by }: ApprovalDelivered,
  { past, now, decisionNumber }: About,
): Letter {
  const issued = past.flatMap(({ type, data }) => (type === "approval.product_issued" ? [data] : []));
  const nameOf = (code: string) => now.evidence.find((type) => type.code === code)?.name ?? otherProof;
  const office = common.department.name;
  return {
    kind: "delivery",
    ...common,
    delivered: [
      { name: paperName("granted"), copies: 1, ...(decisionNumber && { number: decisionNumber }) },
      ...issued.map(({ evidence, identifier: number }) => ({ name: nameOf(evidence), number, copies: 1 })),
    ],
    recipient: { name: common.applicant.name, relation: { zh: "申请人本人", en: "The applicant" } },
    method: how as DeliveryMethod,
    place: placeOf(how, office),
    deliveredOn: common.date,
    deliveredBy: by.startsWith("rule:") ? `${office.zh}（系统自动送达）` : account(by),
  };
}

function placeOf(how: string, office: Text): Text {
  if (how === "window") return { zh: `${office.zh}的窗口`, en: `Window of ${office.en}` };
  if (how === "post") return { zh: "申请人的邮寄地址", en: "The applicant's postal address" };
  return { zh: "申请人的网上账户", en: "The applicant's account" };
}
