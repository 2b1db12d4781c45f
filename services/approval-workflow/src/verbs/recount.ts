// The city's rules have changed, its calendar or its supervision: they count from now on, and every open date is counted again.
import { randomUUID } from "node:crypto";
import type { CityRules } from "../city-rules.ts";
import { countedAgain } from "../store.ts";
import type { Deps } from "./deps.ts";

const page = 200;
const actor = "service:approval-workflow";

/**
 * Looks whether newer rules count, and counts again what is in hand. Each replica does so for itself when it has changed over:
 * what it decided by the old ones before is counted after.
 */
export async function changeOver(deps: Deps, rules: CityRules): Promise<void> {
  if (!(await rules.look(deps.db))) return;
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
  deps.log.info({ publication: rules.number }, "the city's rules have changed: open dates are counted again");
}
