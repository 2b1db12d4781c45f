// What of whose data will be used, on which ground: shown before submission, agreed to or resting on a law.
import type {
  Alternative,
  EvidenceType,
  Plan,
  Requirement,
  Role,
} from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Text } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";

export interface Use {
  id: string;
  role: string;
  roleName: Text;
  evidence: string;
  evidenceName: Text;
  /** licence | register */
  by: string;
  source: Text | undefined;
  items: string[];
  ground: "consent" | "law";
  law: Text | undefined;
  /** The words agreed to; their hash is kept with the consent. */
  text: Text;
}

export const useOf = (pair: Pair): string => [pair.evidence, pair.role, pair.to].filter(Boolean).join(":");

/** Everything that is looked up for these receipts, each once; also in vain, for it is looked up again at submission. */
export function usesOf(plan: Plan, receipts: readonly Receipt[]): Use[] {
  const uses = new Map<string, Use>();
  for (const receipt of receipts) {
    const by = lookedUpBy(plan, receipt);
    if (!receipt.pair || !by) continue;
    const id = useOf(receipt.pair);
    const use = uses.get(id) ?? newUse(plan, receipt, receipt.pair, by);
    if (receipt.item && !use.items.includes(receipt.item)) use.items.push(receipt.item);
    uses.set(id, use);
  }
  return [...uses.values()];
}

const lookUps = ["licence", "register"];

function lookedUpBy(plan: Plan, { rule, state, requirement, pair }: Receipt): string | undefined {
  if (lookUps.includes(rule)) return rule;
  if (state !== "missing" || !pair) return undefined;
  return plan.requirements
    .filter((each) => each.id === requirement)
    .flatMap((each) => each.alternatives)
    .filter((each) => each.pair && useOf(each.pair) === useOf(pair))
    .flatMap((each) => each.rungs)
    .find((rung) => lookUps.includes(rung));
}

function newUse(plan: Plan, receipt: Receipt, pair: Pair, by: string): Use {
  const role = roleOf(plan, pair);
  const type = plan.evidence.find((each) => each.code === pair.evidence);
  const names = wordsOf(role, type, plan.name!);
  return {
    id: useOf(pair),
    role: pair.role,
    roleName: role?.name ?? { zh: pair.role, en: pair.role },
    evidence: pair.evidence,
    evidenceName: type?.name ?? { zh: pair.evidence, en: pair.evidence },
    by,
    source: receipt.proof?.source,
    items: [],
    ground: role?.ground === "law" ? "law" : "consent",
    law: role?.ground === "law" ? role.law : undefined,
    text: names,
  };
}

const wordsOf = (role: Role | undefined, type: EvidenceType | undefined, bundle: Text): Text => ({
  zh: `同意在办理“${bundle.zh}”时使用${role?.name?.zh ?? ""}的“${type?.name?.zh ?? ""}”，只提供给需要它的事项`,
  en: `Agree that the ${type?.name?.en ?? ""} of the ${role?.name?.en ?? ""} is used for "${bundle.en}", only by the items that need it`,
});

const roleOf = (plan: Plan, pair: Pair): Role | undefined =>
  plan.roles.find((role) => role.code === pair.role);

/**
 * Takes out of the requirements every look-up that rests on consent and was not agreed to. A requirement left without any
 * is answered by its id instead: verification looks nothing up for it, and its receipt says that it was refused.
 */
export function withConsent(
  plan: Plan,
  agreed: readonly string[],
): { requirements: Requirement[]; refused: string[] } {
  const refused: string[] = [];
  const requirements = plan.requirements.map((requirement) => {
    const alternatives = requirement.alternatives.map((alternative) => allowed(plan, alternative, agreed));
    const cut = alternatives.some((each, i) => each !== requirement.alternatives[i]);
    if (!cut || alternatives.some(looksUp)) return { ...requirement, alternatives };
    refused.push(requirement.id);
    return requirement;
  });
  return { requirements, refused };
}

/** Whether evidence may fill in the form: not where its use was asked for and not agreed to. */
export function mayFill(plan: Plan, pair: Pair, agreed: readonly string[]): boolean {
  if (roleOf(plan, pair)?.ground === "law" || agreed.includes(useOf(pair))) return true;
  const asked = plan.requirements.flatMap((requirement) => requirement.alternatives).filter(looksUp);
  return !asked.some((alternative) => alternative.pair && useOf(alternative.pair) === useOf(pair));
}

function allowed(plan: Plan, alternative: Alternative, agreed: readonly string[]): Alternative {
  const pair = alternative.pair!;
  if (!looksUp(alternative) || roleOf(plan, pair)?.ground === "law" || agreed.includes(useOf(pair)))
    return alternative;
  return {
    ...alternative,
    rungs: alternative.rungs.filter((rung) => rung !== "licence" && rung !== "register"),
  };
}

const looksUp = (alternative: Alternative): boolean =>
  alternative.rungs.some((rung) => lookUps.includes(rung));
