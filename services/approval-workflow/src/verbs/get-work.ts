// One piece of work with the form and the evidence its item needs, opened for the officer who decides. The look is written
// down before it is answered: the people whose data it is find it in their access logs.
import type { WorkDetail } from "@onething/contracts/approval/v1/work";
import type { Approval } from "../domain/approval.ts";
import { type Official, ownCase } from "../domain/obstacles.ts";
import { viewingId } from "../domain/viewing.ts";
import { unknownWork } from "../domain/words.ts";
import { viewingKind } from "../kind.ts";
import { workById } from "../store.ts";
import { detailOf, sealedIn } from "../work.ts";
import { askedAbout } from "./consult.ts";
import type { Deps } from "./deps.ts";

export async function getWork(deps: Deps, by: Official, id: string): Promise<WorkDetail> {
  const { db, keyring, log } = deps;
  const found = await workById(db, by.department, id);
  if (!found) throw unknownWork();
  const { state } = found;
  const party = ownCase(state, by);
  if (party) throw party;
  // What was withdrawn needs no decision any more, so nobody needs to read it.
  if (state.status === "cancelled") return detailOf(deps, by, found, { form: {}, fields: [], words: [] });
  const sealed = sealedIn(state);
  const purpose = `approval of item ${state.itemCode}, case ${state.caseId}`;
  const [[form = {}, ...rest], , consultations] = await Promise.all([
    keyring.open([sealed.form, ...sealed.fields, ...sealed.words], { actor: by.actor, purpose }),
    recordView(deps, by, state),
    askedAbout(deps, id),
  ]);
  log.info({ actor: by.actor, approval: id, case: state.caseId, item: state.itemCode }, "work read");
  const fields = rest.slice(0, sealed.fields.length);
  const words = rest.slice(sealed.fields.length);
  return { ...detailOf(deps, by, found, { form, fields, words }), consultations };
}

async function recordView({ journal, now }: Deps, { actor }: Official, of: Approval): Promise<void> {
  const id = viewingId(of.id, actor, now());
  const by = { actor, key: `view:${id}`, body: { view: id } };
  await journal.submit(viewingKind, id, { type: "view", of, by: actor, id }, by);
}
