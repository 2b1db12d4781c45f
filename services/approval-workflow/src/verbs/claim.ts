// An officer takes a piece of work, so that no two work on the same.
import type { Work } from "@onething/contracts/approval/v1/approval";
import { type Official, unknownWork } from "../domain/approval.ts";
import { approvalKind, type Standing } from "../kind.ts";
import { workById } from "../store.ts";
import { workOf } from "../work.ts";
import type { Deps } from "./deps.ts";

export const claim = (deps: Deps, by: Official, input: { id: string; key: string }): Promise<Work> =>
  take(deps, by, "claim", input);

/** Gives it back to the department's list. */
export const release = (deps: Deps, by: Official, input: { id: string; key: string }): Promise<Work> =>
  take(deps, by, "release", input);

async function take(
  { db, journal }: Deps,
  by: Official,
  type: "claim" | "release",
  { id, key }: { id: string; key: string },
): Promise<Work> {
  if (!(await workById(db, by.department, id))) throw unknownWork();
  const done = await journal.submit(
    approvalKind,
    id,
    { type, by },
    { actor: by.actor, key, body: { [type]: id } },
  );
  return workOf(done.state, done.version, done.answer as unknown as Standing);
}
