// What this service does about a case's events. The event's id is in every key, so a repeat changes nothing.
import type { Consumer } from "@onething/events/consumer";
import { cancel } from "./verbs/cancel.ts";
import type { Deps } from "./verbs/deps.ts";
import { openApproval } from "./verbs/open-approval.ts";
import { takeSupplement } from "./verbs/supplement.ts";

export const caseConsumer = (deps: Deps): Consumer => ({
  name: "approval-workflow",
  topics: ["onething.case"],
  types: ["case.item_ready", "case.item_supplemented", "case.withdraw_requested"],
  async handle(event) {
    const by = { actor: "consumer:approval-workflow", trace: event.trace };
    if (event.type === "case.item_ready")
      await openApproval(deps, event.data, { ...by, key: `${event.id}:open` });
    else if (event.type === "case.item_supplemented")
      await takeSupplement(deps, event.data, { ...by, key: `${event.id}:supplement` });
    else if (event.type === "case.withdraw_requested")
      await cancel(deps, event.data, { ...by, key: `${event.id}:cancel` });
  },
});
