// Which event calls which verb.
import type { Consumer } from "@onething/events/consumer";
import type { Registry } from "./registry.ts";
import { issueFromApproval } from "./verbs/issue-from-approval.ts";
import { logViewing } from "./verbs/log-viewing.ts";
import { revokeGrant } from "./verbs/revoke-grant.ts";

export function approvalConsumer(registry: Registry): Consumer {
  const name = "licence-registry";
  return {
    name,
    topics: ["onething.approval"],
    types: ["approval.granted", "approval.revoked", "approval.viewed"],
    // A grant that can never be issued is ended by taking it back.
    overtakes: ["approval.revoked"],
    handle: async (event) => {
      if (event.type === "approval.granted") await issueFromApproval(registry, `consumer:${name}`, event);
      if (event.type === "approval.revoked") await revokeGrant(registry, `consumer:${name}`, event);
      if (event.type === "approval.viewed") await logViewing(registry, `consumer:${name}`, event);
    },
  };
}
