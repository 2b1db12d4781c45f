// What this service does about the events of cases and licences. The event's id is in every key, so a repeat changes nothing.
import type { Consumer } from "@onething/events/consumer";
import { toldOnPaper } from "./papers/letter.ts";
import { cancel } from "./verbs/cancel.ts";
import type { Deps } from "./verbs/deps.ts";
import { issuePaper, type PaperDeps } from "./verbs/issue-paper.ts";
import { openApproval } from "./verbs/open-approval.ts";
import { recall } from "./verbs/recall.ts";
import { takeSupplement } from "./verbs/supplement.ts";
import { takeIssued } from "./verbs/take-issued.ts";
import { takeRevoked } from "./verbs/take-revoked.ts";

export const caseConsumer = (deps: Deps): Consumer => ({
  name: "approval-workflow",
  topics: ["onething.case"],
  types: ["case.item_ready", "case.item_supplemented", "case.withdraw_requested", "case.recall_requested"],
  async handle(event) {
    const by = { actor: "consumer:approval-workflow", trace: event.trace };
    if (event.type === "case.item_ready")
      await openApproval(deps, event.data, { ...by, key: `${event.id}:open` });
    else if (event.type === "case.item_supplemented")
      await takeSupplement(deps, event.data, { ...by, key: `${event.id}:supplement` });
    else if (event.type === "case.withdraw_requested")
      await cancel(deps, event.data, { ...by, key: `${event.id}:cancel` });
    else if (event.type === "case.recall_requested")
      await recall(deps, event.data, { ...by, key: `${event.id}:recall` });
  },
});

/** A consumer of its own: what is stuck of one source holds up nothing of the other. */
export const licenceConsumer = (deps: Deps): Consumer => ({
  name: "approval-delivery",
  topics: ["onething.licence"],
  types: ["licence.issued", "licence.revoked"],
  async handle(event) {
    const by = { actor: "consumer:approval-delivery", trace: event.trace };
    if (event.type === "licence.issued")
      await takeIssued(deps, event.data, { ...by, key: `${event.id}:issued` });
    else if (event.type === "licence.revoked")
      await takeRevoked(deps, event.data, { ...by, key: `${event.id}:revoked` });
  },
});

/** Of this service's own events: what the applicant must be told in writing. */
export const paperConsumer = (deps: PaperDeps): Consumer => ({
  name: "approval-papers",
  topics: ["onething.approval"],
  types: toldOnPaper,
  handle: (event) => issuePaper(deps, event),
});
