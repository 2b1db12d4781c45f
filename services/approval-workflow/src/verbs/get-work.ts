// One piece of work with the form and the evidence its item needs, opened for the officer who decides. The look is written
// down before it is answered: the people whose data it is find it in their access logs.
import type { WorkDetail } from "@onething/contracts/approval/v1/work";
import { type Official, ownCase } from "../domain/obstacles.ts";
import { unknownWork } from "../domain/words.ts";
import { workById } from "../store.ts";
import { detailOf, sealedIn } from "../work.ts";
import { askedAbout } from "./consult.ts";
import type { Deps } from "./deps.ts";
import { recordLook } from "./look.ts";

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
    recordLook(deps, by, id, { type: "view", of: state }),
    askedAbout(deps, id),
  ]);
  log.info({ actor: by.actor, approval: id, case: state.caseId, item: state.itemCode }, "work read");
  const fields = rest.slice(0, sealed.fields.length);
  const words = rest.slice(sealed.fields.length);
  return { ...detailOf(deps, by, found, { form, fields, words }), consultations };
}
