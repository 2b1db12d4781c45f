// Fields of evidence leave this service under the case's key, and in no other way.
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Keyring } from "@onething/sealing/keyring";
import type { Finding } from "./domain/ladder.ts";

export async function sealFindings(
  keyring: Pick<Keyring, "sealer">,
  caseId: string,
  findings: readonly Finding[],
): Promise<Receipt[]> {
  if (!findings.some((each) => each.fields)) return findings.map((each) => each.receipt);
  const sealer = await keyring.sealer(`case/${caseId}`);
  // Several items rely on the same evidence: it is sealed once.
  const sealed = new Map<string, string>();
  return findings.map(({ receipt, fields }) => {
    if (!receipt.proof || !fields) return receipt;
    const key = [receipt.requirement, receipt.personId, receipt.pair?.evidence, receipt.proof.kind].join(
      "\n",
    );
    const sealedFields = sealed.get(key) ?? sealer.seal(fields);
    sealed.set(key, sealedFields);
    return { ...receipt, proof: { ...receipt.proof, sealedFields } };
  });
}
