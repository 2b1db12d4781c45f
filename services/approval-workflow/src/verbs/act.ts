// Something done to one piece of work: found among the department's own, judged by the law, answered as it then stands.
import type { Work } from "@onething/contracts/approval/v1/work";
import type { Happened } from "@onething/journal/journal";
import type { Approval, ApprovalEvent } from "../domain/approval.ts";
import type { Act } from "../domain/commands.ts";
import type { Official } from "../domain/obstacles.ts";
import { unknownWork } from "../domain/words.ts";
import { workById } from "../store.ts";
import { viewOf } from "../work.ts";
import type { Deps } from "./deps.ts";

/** Which work, the key under which a repeat is answered as the first time, and the version that the caller has seen. */
export interface Asked {
  id: string;
  key: string;
  ifVersion?: number;
}

export type Build = (work: Approval) => Act | Promise<Act>;

/** `body` is the request in plain that the key stands for: sealed, the same words are other bytes each time. */
export async function act(deps: Deps, by: Official, asked: Asked, body: object, build: Build): Promise<Work> {
  const found = await workById(deps.db, by.department, asked.id);
  return actOn(deps, by, asked, body, build, found?.state);
}

export async function actOn(
  deps: Deps,
  by: Official,
  { id, key, ifVersion = 0 }: Asked,
  body: object,
  build: Build,
  found: Approval | undefined,
): Promise<Work> {
  if (!found) throw unknownWork();
  const command = { ...(await build(found)), ifVersion };
  const done = await deps.journal.submit(deps.kind, id, command, { actor: by.actor, key, body });
  // What is not claimed any more, or is another's turn now, is offered anew.
  deps.arrivals.ring(found.department);
  return done.repeated ? asThen(deps, by, id, done.version) : viewOf(deps, by, done);
}

/** A repeat is answered as the first time, whatever has happened since. */
async function asThen(deps: Deps, by: Official, id: string, version: number): Promise<Work> {
  const events = (await deps.journal.history(deps.kind, id)).filter((event) => event.version <= version);
  const state = events.reduce<Approval | null>(
    (current, event) => deps.kind.evolve(current, event as Happened<ApprovalEvent>),
    null,
  );
  return viewOf(deps, by, { state: state!, version }, new Date(events.at(-1)!.at));
}
