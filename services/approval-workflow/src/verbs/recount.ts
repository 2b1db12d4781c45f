// A calendar was announced: it counts from now on, and every open date is counted again by it.
import { randomUUID } from "node:crypto";
import type { Calendars } from "@onething/service/heard-calendar";
import { countedAgain } from "../store.ts";
import type { Deps } from "./deps.ts";

const page = 200;
const actor = "service:approval-workflow";

/**
 * Looks whether a newer calendar counts, and counts again what is in hand. Each replica does so for itself when it has changed over:
 * what it decided by the old calendar before is counted after.
 */
export async function changeOver(deps: Deps, calendars: Calendars): Promise<void> {
  if (!(await calendars.look(deps.db))) return;
  const round = randomUUID();
  for (let after = ""; ; ) {
    const ids = await countedAgain(deps.db, after, page);
    await Promise.all(
      ids.map((id) =>
        deps.journal.submit(deps.kind, id, { type: "recount" }, { actor, key: `recount:${round}:${id}` }),
      ),
    );
    if (ids.length < page) break;
    after = ids.at(-1)!;
  }
  deps.log.info({ calendar: calendars.number }, "a calendar was announced: open dates are counted again");
}
