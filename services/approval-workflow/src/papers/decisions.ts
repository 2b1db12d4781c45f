// The decision and its delivery.
import type {
  ApprovalDelivered,
  ApprovalGranted,
  ApprovalRefused,
  ApprovalRevoked,
} from "@onething/contracts/approval/v1/events";
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Field } from "@onething/contracts/common/v1/common";
import { paperName } from "@onething/documents/kinds";
import type { DeliveryMethod, RevocationGround } from "@onething/documents/paper";
import { dateText } from "@onething/documents/words";
import { civilDate, isCivilDate } from "@onething/kernel/civil-date";
import type { Text } from "@onething/kernel/errors";
import { maskNumber } from "@onething/kernel/identity";
import type { Approval } from "../domain/approval.ts";
import { account, cityTime } from "../domain/words.ts";
import { allRemediesOf, basisOf, otherProof, remediesOf } from "./general.ts";
import type { About, Common, Letter } from "./letter.ts";

type Values = { readonly [field: string]: string };

export const granted = (
  common: Common,
  { automatic, deliverBy }: ApprovalGranted,
  now: Approval,
  result: Values,
): Letter => ({
  kind: "granted",
  ...common,
  facts: [acceptedOn(now), ...(automatic ? [byRule] : []), ...now.because, ...provedBy(now)],
  basis: basisOf(now.item, 1),
  result: resultOf(now.item, result),
  deliverBy,
  remedies: remediesOf(now.item),
});

/** Nobody decided within the limit, and a rule of law makes a grant of that. */
export const deemedGrant = (
  common: Common,
  { deemed, deliverBy }: ApprovalGranted,
  now: Approval,
  result: Values,
): Letter => ({
  kind: "deemed_grant",
  ...common,
  acceptedOn: civilDate(now.acceptedAt),
  limitOn: now.legalDueOn,
  basis: deemed!,
  result: resultOf(now.item, result),
  deliverBy,
  remedies: remediesOf(now.item),
});

export const refused = (common: Common, { reasons }: ApprovalRefused, now: Approval): Letter => ({
  kind: "refused",
  ...common,
  // Behind the reasons: what was looked into on the way.
  facts: [acceptedOn(now), ...now.because.slice(reasons.length), ...provedBy(now)],
  reasons,
  basis: basisOf(now.item, 2),
  remedies: allRemediesOf(now.item),
});

function acceptedOn({ acceptedAt }: Approval): Text {
  const on = dateText(civilDate(acceptedAt));
  return { zh: `申请于${on.zh}受理。`, en: `The application was accepted on ${on.en}.` };
}

const byRule: Text = {
  zh: "本决定按事项的规则自动作出，规则的每一项条件都有数据证明。",
  en: "Decided by the item's rules; every condition is proved by data.",
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
  const office = common.department.name;
  return {
    kind: "delivery",
    ...common,
    delivered: [
      { name: paperName(grantIn(past).kind), copies: 1, ...(decisionNumber && { number: decisionNumber }) },
      ...issuedIn(past, now).map((each) => ({ ...each, copies: 1 })),
    ],
    recipient: { name: common.applicant.name, relation: { zh: "申请人本人", en: "The applicant" } },
    method: how as DeliveryMethod,
    place: placeOf(how, office),
    deliveredOn: common.date,
    deliveredBy: by.startsWith("rule:") ? `${office.zh}（系统自动送达）` : account(by),
  };
}

export function revocation(
  common: Common,
  { ground, reasons }: ApprovalRevoked,
  { past, now, decisionNumber }: About,
): Letter {
  const { kind, at } = grantIn(past);
  const issued = issuedIn(past, now);
  return {
    kind: "revocation",
    ...common,
    decision: {
      ...(decisionNumber && { number: decisionNumber }),
      date: civilDate(at),
      deemed: kind === "deemed_grant",
    },
    ground: ground as RevocationGround,
    reasons,
    ...(issued.length > 0 && { issued }),
    remedies: allRemediesOf(now.item),
  };
}

/** What brought the grant that a later paper is about. */
function grantIn(past: About["past"]) {
  for (const { type, data, at } of past)
    if (type === "approval.granted") return { kind: grantKind(data), at };
  throw new Error("there was no grant");
}

/** A grant that nobody decided is told on a paper of its own. */
export const grantKind = ({ deemed }: ApprovalGranted): "granted" | "deemed_grant" =>
  deemed ? "deemed_grant" : "granted";

const issuedIn = (past: About["past"], { evidence: types }: Approval) =>
  past.flatMap(({ type, data }) => {
    if (type !== "approval.product_issued") return [];
    const name = types.find(({ code }) => code === data.evidence)?.name ?? otherProof;
    return [{ name, number: data.identifier }];
  });

function placeOf(how: string, office: Text): Text {
  if (how === "window") return { zh: `${office.zh}的窗口`, en: `Window of ${office.en}` };
  if (how === "post") return { zh: "申请人的邮寄地址", en: "The applicant's postal address" };
  return { zh: "申请人的网上账户", en: "The applicant's account" };
}
