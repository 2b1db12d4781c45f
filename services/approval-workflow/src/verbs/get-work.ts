// One piece of work with the form and the evidence its item needs, opened for the officer who decides. The keyring records
// who looked and why, and so does the log.
import type { WorkDetail } from "@onething/contracts/approval/v1/approval";
import { type Official, unknownWork } from "../domain/approval.ts";
import { workById } from "../store.ts";
import { detailOf } from "../work.ts";
import type { Deps } from "./deps.ts";

export async function getWork({ db, keyring, log }: Deps, by: Official, id: string): Promise<WorkDetail> {
  const found = await workById(db, by.department, id);
  if (!found) throw unknownWork();
  const { state, version } = found;
  // What was withdrawn needs no decision any more, so nobody needs to read it.
  if (state.status === "cancelled") return detailOf(state, version, {}, []);
  const sealed = [state.sealedForm, ...state.receipts.map((receipt) => receipt.proof?.sealedFields ?? "")];
  const purpose = `approval of item ${state.itemCode}, case ${state.caseId}`;
  const [form = {}, ...fields] = await keyring.open(sealed, { actor: by.actor, purpose });
  log.info({ actor: by.actor, approval: id, case: state.caseId, item: state.itemCode }, "work read");
  return detailOf(state, version, form, fields);
}
