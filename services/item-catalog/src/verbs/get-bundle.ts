// A bundle's guide: what is asked, who takes part, which items and materials there are.
import { GetBundleResponse } from "@onething/contracts/catalog/v1/catalog";
import * as contract from "../domain/contract.ts";
import { byCode } from "../domain/proofs/context.ts";
import type { Snapshot } from "../snapshot.ts";

/** `version` 0: the newest. Throws `catalog.unknown_bundle`, `catalog.unknown_version`. */
export function getBundle(snapshot: Snapshot, code: string, version: number): GetBundleResponse {
  const found = snapshot.find(code, version);
  const { content } = found;
  const { bundle } = content;
  const items = byCode(content.items);
  return GetBundleResponse.fromPartial({
    summary: contract.summary(found),
    questions: bundle.questions.map((question) => contract.question(content, question)),
    roles: bundle.roles.map(contract.role),
    items: bundle.items.map((choice) => {
      const { name, department, promised, result } = items.get(choice.item)!;
      return {
        code: choice.item,
        name,
        department: contract.department(content, department),
        promised: contract.limit(promised),
        result,
      };
    }),
    materials: bundle.materials.map((material) => contract.material(material, [...material.items])),
    guide: contract.guide(bundle),
    evidence: content.evidence.map((type) => contract.evidence(content, type)),
  });
}
