// A department has corrected the form on the spot: what other items that have not started would send along is corrected too.
import type { EventOf } from "@onething/events/names";
import type { Deps } from "../deps.ts";
import type { Of } from "../domain/commands.ts";
import { caseKind } from "../domain/decide.ts";
import { reseal } from "./reseal.ts";

/** The command of the case; nothing for a correction that names no case (made before corrections were told). */
export async function takeCorrection(
  { journal, keyring }: Pick<Deps, "journal" | "keyring">,
  { caseId, item, fields, sealedForm }: EventOf<"approval.corrected">["data"],
  actor: string,
): Promise<Of<"corrected"> | undefined> {
  const found = caseId ? await journal.load(caseKind, caseId) : null;
  if (!found) return undefined;
  const audit = { actor, purpose: `correction of item ${item}, case ${caseId}` };
  const [form = {}] = await keyring.open([sealedForm], audit);
  const values = Object.fromEntries(fields.map((field) => [field, form[field] ?? ""]));
  const forms = await reseal({ keyring }, found.state, item, values, audit);
  return { type: "corrected", item, fields, sealedForm, forms };
}
