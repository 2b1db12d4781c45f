// Stop asking: a case that has closed needs nothing any more, so nobody's data is asked for on its behalf.
import { evidence } from "../kind.ts";
import type { VerbDeps } from "./deps.ts";

export async function stopAsking(
  { journal }: Pick<VerbDeps, "journal">,
  caseId: string,
  by: { actor: string; key: string },
): Promise<void> {
  const { state } = (await journal.load(evidence, caseId)) ?? {};
  if (!state || (state.retryAt === null && state.askingSince === null)) return;
  await journal.submit(evidence, caseId, { type: "stop" }, { ...by, body: { caseId } });
}
