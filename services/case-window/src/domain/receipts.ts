// What receipts mean for a case: which items they bind, which they hold back, and what a later word replaces.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";

/** The plan without the items that nobody works on: held already, or handled outside the platform. */
export const inWork = (plan: Plan, notNeeded: readonly string[]): Plan => ({
  ...plan,
  items: plan.items.filter((item) => item.handling !== "offline" && !notNeeded.includes(item.code)),
});

/** Items that bind `code`: those that produce what it needs and is not held, and those that should come first. */
export function bindingEdges(plan: Plan, receipts: readonly Receipt[], code: string): string[] {
  const inCase = new Set(plan.items.map((item) => item.code));
  if (!inCase.has(code)) return [];
  const hard = receipts.filter((receipt) => receipt.item === code).flatMap((receipt) => receipt.waitsFor);
  const soft = plan.items.find((item) => item.code === code)?.after ?? [];
  return [...new Set([...hard, ...soft])].filter((each) => inCase.has(each)).sort();
}

/** What must be brought before the case can go, each once for all items; an item nobody works on asks for nothing. */
export const missingOf = (
  plan: Plan,
  receipts: readonly Receipt[],
  notNeeded: readonly string[],
): Receipt[] => {
  const working = new Set(inWork(plan, notNeeded).items.map((item) => item.code));
  const missing = receipts.filter((receipt) => receipt.state === "missing" && working.has(receipt.item));
  return [...new Map(missing.map((each) => [`${each.requirement}|${each.personId}`, each])).values()];
};

/** Receipts about the applicant's right to file, if the bundle asks for a proof of it. */
export const standingReceipts = (plan: Plan, receipts: readonly Receipt[]): Receipt[] => {
  const proof = plan.standing?.requirement;
  return proof ? receipts.filter((receipt) => receipt.requirement === proof) : [];
};

/** What an item must have proved before it starts: its own evidence, and that the applicant may file at all. */
export function receiptsFor(plan: Plan, receipts: readonly Receipt[], code: string): Receipt[] {
  const standing = standingReceipts(plan, receipts).filter(
    (receipt) => receipt.item !== code && (receipt.state === "unavailable" || receipt.state === "missing"),
  );
  return [...receipts.filter((receipt) => receipt.item === code), ...standing];
}

const requirementOf = (receipt: Receipt): string => `${receipt.item}|${receipt.requirement}`;

/** A register that was silent at the look-up may have answered before the commit: its later word counts. */
export function answeredMeanwhile(found: readonly Receipt[], heard: readonly Receipt[]): Receipt[] {
  const silent = new Set(found.filter((receipt) => receipt.state === "unavailable").map(requirementOf));
  return replaceReceipts(
    found,
    heard.filter((receipt) => silent.has(requirementOf(receipt))),
  );
}

/** Newer receipts take the place of all older ones of the same requirement: another role may be the one that proves it. */
export function replaceReceipts(older: readonly Receipt[], newer: readonly Receipt[]): Receipt[] {
  const known = new Set(older.map(requirementOf));
  return mergeReceipts(
    older,
    newer.filter((receipt) => known.has(requirementOf(receipt))),
  );
}

/** As `replaceReceipts`, and what is new joins. */
export function mergeReceipts(older: readonly Receipt[], newer: readonly Receipt[]): Receipt[] {
  const renewed = new Set(newer.map(requirementOf));
  return [...older.filter((receipt) => !renewed.has(requirementOf(receipt))), ...newer];
}
