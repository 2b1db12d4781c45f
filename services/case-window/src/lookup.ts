// Asking verification, and opening what it found. Nothing here decides; verbs and the domain do.
import type { EvidenceType, Prefill, Requirement } from "@onething/contracts/catalog/v1/catalog";
import type { Subject, Text } from "@onething/contracts/common/v1/common";
import { type Receipt, ResolveRequest } from "@onething/contracts/verification/v1/verification";
import type { Deps } from "./deps.ts";
import type { Prefilled } from "./domain/form.ts";

/** A look-up that serves no item: it fills in a question or a field, or finds a person. */
export const lookUp = (id: string, prefill: Prefill): Requirement => ({
  id,
  name: undefined,
  items: [""],
  alternatives: [
    {
      pair: prefill.pair,
      rungs: prefill.rungs.length > 0 ? prefill.rungs : ["licence", "register"],
      ask: prefill.ask,
      matches: [],
      statement: undefined,
    },
  ],
});

export async function resolve(
  deps: Pick<Deps, "peers">,
  request: {
    caseId: string;
    requirements: Requirement[];
    evidence: EvidenceType[];
    subjects: Subject[];
    purpose: string;
    actor: string;
  } & Partial<ResolveRequest>,
): Promise<Receipt[]> {
  if (request.requirements.length === 0) return [];
  const { receipts } = await deps.peers.verification.resolve(ResolveRequest.fromPartial(request));
  return receipts;
}

/** Fields of the proofs of these receipts; one audited call for all. */
export async function fieldsOf(
  deps: Pick<Deps, "keyring">,
  receipts: readonly Receipt[],
  audit: { actor: string; purpose: string },
): Promise<Map<Receipt, Record<string, string>>> {
  const proved = receipts.filter((receipt) => receipt.state === "proved" && receipt.proof?.sealedFields);
  const opened = await deps.keyring.open(
    proved.map((receipt) => receipt.proof!.sealedFields),
    audit,
  );
  return new Map(proved.map((receipt, i) => [receipt, opened[i] ?? {}]));
}

/**
 * Values for questions or form fields, by name. A prefill without a field asks whether the evidence is held at all; a
 * register that is silent leaves the question open.
 */
export function prefilled(
  wanted: readonly { name: string; prefill: Prefill | undefined }[],
  receipts: readonly Receipt[],
  fields: ReadonlyMap<Receipt, Record<string, string>>,
): Map<string, Prefilled> {
  const values = new Map<string, Prefilled>();
  for (const { name, prefill } of wanted) {
    if (!prefill?.pair?.evidence) continue;
    const receipt = receipts.find((each) => each.requirement === prefillId(name));
    const value = receipt && knownValue(prefill, receipt, fields.get(receipt));
    if (value !== undefined) values.set(name, { value, source: sourceOf(receipt!) });
  }
  return values;
}

function knownValue(
  prefill: Prefill,
  receipt: Receipt,
  fields: Record<string, string> | undefined,
): string | undefined {
  if (prefill.field) return fields?.[prefill.field];
  if (receipt.state === "proved") return "true";
  // Several that match are a question for the person, not a "no".
  const several = receipt.candidates.some((candidate) => candidate.matched);
  return receipt.state === "missing" && !several ? "false" : undefined;
}

const sourceOf = (receipt: Receipt): Text | undefined => receipt.proof?.source ?? receipt.why;

export const prefillId = (name: string): string => `prefill:${name}`;

export const prefillRequirements = (
  wanted: readonly { name: string; prefill: Prefill | undefined }[],
): Requirement[] =>
  wanted.flatMap(({ name, prefill }) => (prefill?.pair?.evidence ? [lookUp(prefillId(name), prefill)] : []));
