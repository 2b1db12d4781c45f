// A case's timeline as it happens. What is told is read from the database each time, after the version told last: so nothing
// is left out or told twice, on whichever replica and however often the reader comes back.
import { type Messages, stillHere } from "@onething/service/http";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import type { CaseEvent, CaseState } from "../domain/case.ts";
import { caseKind } from "../domain/decide.ts";
import { timelineOf } from "../domain/timeline.ts";
import type { Watch } from "../live.ts";
import { findCase } from "../store.ts";

type Recorded = CaseEvent & { at: string; version: number };
type Following = Pick<Deps, "db" | "journal" | "live">;

/**
 * Nothing where the case is closed and all is told. Errors: `live.too_many`. The case is watched from here on: whoever is
 * given messages must read them, at least until the signal.
 */
export async function followCase(
  deps: Following,
  caller: Caller,
  state: CaseState,
  after: number,
): Promise<((ending: AbortSignal) => Messages) | undefined> {
  if (state.status === "closed" && (await since(deps, state.id, after)).length === 0) return undefined;
  const watch = deps.live.watch(state.id, actorOf(caller));
  return (ending) => messages(deps, caller, state, after, watch, ending);
}

async function* messages(
  deps: Following,
  caller: Caller,
  { id, status }: CaseState,
  after: number,
  watch: Watch,
  ending: AbortSignal,
): Messages {
  try {
    for (let told = after; !ending.aborted; ) {
      const events = await since(deps, id, told);
      // Younger than the events, so that it knows what they speak of; and asked for again, so that it is still theirs to see.
      const state = events.length > 0 ? await findCase(deps.db, caller, id) : undefined;
      if (events.length > 0 && !state) return;
      for (const event of events) {
        for (const data of timelineOf(state!, [event])) yield { id: event.version, event: "timeline", data };
        told = event.version;
        // It ends with the case. What comes after is told to who comes back, and of a case that was closed already at once.
        if (event.type === "case.closed" && status !== "closed") return;
      }
      if (status === "closed") return;
      if (!(await watch.stirred(ending)) && !ending.aborted) yield stillHere;
    }
  } finally {
    watch.leave();
  }
}

const since = (deps: Following, id: string, after: number): Promise<Recorded[]> =>
  deps.journal.history(caseKind, id, after) as Promise<unknown> as Promise<Recorded[]>;
