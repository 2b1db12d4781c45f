// Events in: a timer of this service's own that has run out, and cases that have closed.
import type { Consumer } from "@onething/events/consumer";
import { askAgain } from "./verbs/ask-again.ts";
import type { VerbDeps } from "./verbs/deps.ts";
import { stopAsking } from "./verbs/stop-asking.ts";

const name = "verification";
const actor = `consumer:${name}`;

export const createConsumer = (deps: VerbDeps): Consumer => ({
  name,
  topics: ["onething.evidence", "onething.case"],
  types: ["evidence.retry_due", "case.closed"],
  async handle(event) {
    if (event.type === "evidence.retry_due")
      await askAgain(deps, event.data, { actor, key: `${event.id}:ask` });
    if (event.type === "case.closed")
      await stopAsking(deps, event.caseId, { actor, key: `${event.id}:stop` });
  },
});
