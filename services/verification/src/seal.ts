// Fields of evidence leave this service under the case's key, and in no other way; each item gets those it is shown.
import type { Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { pick } from "@onething/kernel/fields";
import type { Keyring } from "@onething/sealing/keyring";
import type { Finding } from "./domain/ladder.ts";

export async function sealFindings(
  keyring: Pick<Keyring, "sealer">,
  { caseId, requirements }: { caseId: string; requirements: readonly Requirement[] },
  findings: readonly Finding[],
): Promise<Receipt[]> {
  const byId = new Map(requirements.map((each) => [each.id, each]));
  const shown = findings.map((finding) => shownOf(byId.get(finding.receipt.requirement), finding));
  if (!shown.some(Boolean)) return findings.map((each) => each.receipt);
  const sealer = await keyring.sealer(`case/${caseId}`);
  // Several items rely on the same evidence: what they see alike of it is sealed once.
  const sealed = new Map<string, string>();
  return findings.map(({ receipt }, i) => {
    const fields = shown[i];
    if (!receipt.proof || !fields) return receipt;
    const of = [receipt.requirement, receipt.personId, receipt.pair?.evidence, receipt.proof.kind];
    const key = [...of, ...Object.keys(fields)].join("\n");
    const sealedFields = sealed.get(key) ?? sealer.seal(fields);
    sealed.set(key, sealedFields);
    return { ...receipt, proof: { ...receipt.proof, sealedFields } };
  });
}

/** An item sees what is listed for it; the applicant's own look-ups, which serve no item, all. Nothing: nothing to seal. */
function shownOf(
  requirement: Requirement | undefined,
  { receipt, fields }: Finding,
): Record<string, string> | undefined {
  if (!fields || receipt.item === "") return fields;
  const own = pick(fields, requirement?.disclosure?.fields[receipt.item]?.names ?? []);
  return Object.keys(own).length > 0 ? own : undefined;
}
