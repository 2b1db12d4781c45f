// An item of a case has become ready: it goes onto its department's desk. An automatic one is ruled on here, where its form
// and evidence can be read, so that the law itself sees only what the rules said.
import type { EventOf } from "@onething/events/names";
import { type Approval, approvalId, byRule, type Ready } from "../domain/approval.ts";
import { evidenceDate, evidenceNamed, type Starts } from "../domain/clock.ts";
import type { Verdict } from "../domain/commands.ts";
import { evidenceFacts, type Facts, rule } from "../domain/conditions.ts";
import { isInHand } from "../domain/table.ts";
import { shownOf } from "../domain/viewing.ts";
import type { Deps } from "./deps.ts";

type ItemReady = EventOf<"case.item_ready">["data"];

export async function openApproval(
  deps: Deps,
  data: ItemReady,
  by: { actor: string; key: string; trace?: string },
): Promise<Approval> {
  const ready = readyOf(data);
  const { item } = ready;
  const id = approvalId(ready.caseId, item.code);
  const facts = needsFacts(ready) ? await factsOf(deps, ready) : undefined;
  const ruling = facts && rules(item) ? await verdictOf(deps, ready, facts) : undefined;
  const verdict = item.handling === "automatic" ? ruling : undefined;
  // What silence would grant is worked out now, while the platform stands by its rules: a timer opens no seals.
  const silentResult = item.silence && ruling && "sealedResult" in ruling ? ruling.sealedResult : "";
  const { state } = await deps.journal.submit(
    deps.kind,
    id,
    { type: "open", ready, starts: startsOf(data, ready, facts), verdict, silentResult },
    // The event's key stands for the request: a sealed result is other bytes at each attempt.
    { ...by, body: { open: id } },
  );
  if (isInHand(state.status)) deps.arrivals.ring(state.department);
  return state;
}

function readyOf(data: ItemReady): Ready {
  const { caseId, caseNumber, bundle, division, item, subjects, answers, sealedForm, evidence } = data;
  const { formSchema, sealedApplicant, readers, submittedAt = "" } = data;
  if (!item?.department?.code) throw new Error("case.item_ready names no item, or no department for it");
  // Its own receipts and nothing else, whatever was sent.
  const receipts = data.receipts.filter((receipt) => receipt.item === "" || receipt.item === item.code);
  const about = { caseId, caseNumber, bundle, division, item, subjects, answers };
  const papers = { sealedApplicant, readers, submittedAt };
  return { ...about, sealedForm, formSchema, receipts, evidence, ...papers };
}

const limitsOf = ({ item }: Ready) => [item.promised, item.legal].filter((limit) => limit !== undefined);

/** Its result, or what silence would grant, is found by rule. */
const rules = (item: Ready["item"]): boolean => item.handling === "automatic" || item.silence !== undefined;

const needsFacts = (ready: Ready): boolean =>
  rules(ready.item) || limitsOf(ready).some(({ from }) => evidenceNamed(from));

async function factsOf({ keyring }: Deps, ready: Ready): Promise<Facts> {
  const { caseId, item, answers, receipts, sealedForm } = ready;
  const sealed = [sealedForm, ...receipts.map((receipt) => receipt.proof?.sealedFields ?? "")];
  const audit = { actor: byRule, purpose: `rules of item ${item.code}, case ${caseId}` };
  const [form = {}, ...fields] = await keyring.open(sealed, audit);
  const proofs = receipts.map((receipt, i) => ({ receipt, fields: shownOf(item, receipt, fields[i] ?? {}) }));
  return { answers, form, evidence: evidenceFacts(proofs) };
}

async function verdictOf({ keyring }: Deps, ready: Ready, facts: Facts): Promise<Verdict> {
  const ruling = rule(ready.item, ready.receipts, facts);
  if ("unmet" in ruling) return ruling;
  const sealer = await keyring.sealer(`case/${ready.caseId}`);
  return { sealedResult: sealer.seal(ruling.result) };
}

function startsOf(data: ItemReady, ready: Ready, facts: Facts | undefined): Starts {
  const dates = limitsOf(ready)
    .filter(({ from }) => evidenceNamed(from))
    .map(({ from }) => [from, facts && evidenceDate(facts.evidence, from)]);
  return {
    submitted: data.submittedAt ? new Date(data.submittedAt) : undefined,
    ...Object.fromEntries(dates),
  };
}
