// What a granted item means for the registry: which licences come into being, and which end.
import type { ApprovalGranted } from "@onething/contracts/approval/v1/events";
import type { EvidenceType, Product } from "@onething/contracts/catalog/v1/catalog";
import type { Field, Pair } from "@onething/contracts/common/v1/common";
import { invalid } from "@onething/kernel/errors";
import { pick } from "@onething/kernel/fields";
import { holdersOf } from "@onething/kernel/pairs";
import { type Fields, identityIn } from "./fields.ts";

/** One licence to be issued. */
export interface Order {
  /** The type with the fields that this product carries. */
  of: EvidenceType;
  pair: Pair;
  position: number;
  holderId: string;
  toHolderId: string;
  fields: Fields;
  /** It is the new version of what the holder has of this type. */
  replaces: boolean;
  /** What its fields say about the holder himself. */
  identity: { number: string; name: string };
}

export interface Held {
  holderId: string;
  evidence: string;
  toHolderId: string;
}

/** One licence for each product and each person of its role; between two roles, for each two people. */
export function ordersOf(granted: ApprovalGranted, result: Fields): Order[] {
  return (granted.item?.produces ?? []).flatMap((product) => {
    const pair = pairOf(product);
    const of = typeOf(granted, product, pair);
    const fields = pick(result, product.fields);
    const identity = identityIn(of.fields, fields);
    const people = holdersOf(pair, granted.subjects);
    if (people.length > 1 && (identity.number || identity.name))
      throw invalid(
        "licence.holder_ambiguous",
        `结果只写明一个人的身份，而“${pair.role}”有 ${people.length} 人`,
        `The result identifies one person, but "${pair.role}" is ${people.length} people`,
      );
    const { replaces } = product;
    return people.map((person) => ({ ...person, of, pair, fields, identity, replaces }));
  });
}

/** What the grant takes away. */
export const endsOf = (granted: ApprovalGranted): Held[] =>
  (granted.item?.ends ?? []).flatMap((pair) =>
    holdersOf(pair, granted.subjects).map(({ holderId, toHolderId }) => ({
      holderId,
      evidence: pair.evidence,
      toHolderId,
    })),
  );

function pairOf(product: Product): Pair {
  if (product.pair) return product.pair;
  throw invalid("licence.product_unnamed", "产出没有写明是什么", "A product does not say what it is");
}

function typeOf(granted: ApprovalGranted, product: Product, pair: Pair): EvidenceType {
  const type = granted.evidence.find((candidate) => candidate.code === pair.evidence);
  if (!type)
    throw invalid(
      "licence.type_unknown",
      `决定中缺少证照类型“${pair.evidence}”的说明`,
      `The decision does not carry the licence type "${pair.evidence}"`,
    );
  const named = (fields: readonly Field[] | undefined, name: string) =>
    fields?.find((field) => field.name === name);
  const fields = product.fields.flatMap((name) => {
    const ours = named(type.fields, name);
    const decided = named(granted.item?.result, name);
    const field = ours ?? decided;
    return field ? [{ ...field, identifies: Boolean(ours?.identifies || decided?.identifies) }] : [];
  });
  return { ...type, kind: product.kind || type.kind, fields };
}
