// A product of a case becomes the proof of items that waited for it: each gets the fields that it is shown, sealed by
// themselves. Asked of the plan, not of who waits now: that may change before the command is decided.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import type { LicenceIssued } from "@onething/contracts/licence/v1/events";
import type { ProductShare } from "@onething/contracts/window/v1/events";
import { pick } from "@onething/kernel/fields";
import type { Deps } from "../deps.ts";
import { samePair } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";

export async function shareProduct(
  { journal, keyring }: Pick<Deps, "journal" | "keyring">,
  { caseId, pair, sealedForCase, identifier }: LicenceIssued,
  actor: string,
): Promise<ProductShare[]> {
  const plan = (await journal.load(caseKind, caseId))?.state.plan;
  const wanted = plan ? shownTo(plan, pair) : [];
  if (wanted.length === 0) return [];
  const audit = { actor, purpose: `share ${identifier} with the items that need it, case ${caseId}` };
  const [fields = {}] = await keyring.open([sealedForCase], audit);
  const sealer = await keyring.sealer(`case/${caseId}`);
  return wanted.map(({ names, ...to }) => ({ ...to, sealedFields: sealer.seal(pick(fields, names)) }));
}

const shownTo = (plan: Plan, pair: LicenceIssued["pair"]) =>
  plan.requirements
    .filter(({ alternatives }) =>
      alternatives.some((way) => way.rungs.includes("sibling") && samePair(way.pair, pair)),
    )
    .flatMap(({ id, disclosure }) =>
      Object.entries(disclosure?.fields ?? {}).map(([item, { names }]) => ({ item, requirement: id, names })),
    );
