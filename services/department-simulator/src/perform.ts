// A step of a script as a call at the departments' door. The same step of the same work has the same key, so that a call sent
// again is the first one's answer and nothing is doubled.

import type { ApprovalServiceClient } from "@onething/contracts/approval/v1/approval";
import type { WorkDetail } from "@onething/contracts/approval/v1/work";
import { officerHeader } from "@onething/service/rpc";
import { Metadata } from "nice-grpc-common";
import type { Scripts } from "./scripts.ts";
import { gapsOf, type Step } from "./steps.ts";

export type Act = (signal: AbortSignal) => Promise<unknown>;

/** Throws where a rule of the script does not evaluate; what is answered may be called again with the very same words. */
export function perform(
  client: ApprovalServiceClient,
  scripts: Pick<Scripts, "decide">,
  { step, index }: { step: Step; index: number },
  detail: WorkDetail,
): Act {
  const { id = "" } = detail.work ?? {};
  const which = { id, idempotencyKey: `simulator:${id}:${index}` };
  const as = (signal: AbortSignal) => ({
    signal,
    ...(step.by === undefined ? {} : { metadata: Metadata({ [officerHeader]: step.by }) }),
  });
  switch (step.do) {
    case "accept":
      return (signal) => client.accept(which, as(signal));
    case "supplement":
      return (signal) => client.requestSupplement({ ...which, gaps: gapsOf(step) }, as(signal));
    case "pause": {
      const { procedure, reason, days } = step;
      return (signal) => client.pause({ ...which, procedure, reason, days }, as(signal));
    }
    case "resume":
      return (signal) => client.resume({ ...which, result: step.result }, as(signal));
    case "extend": {
      const { days, reason, approvedBy } = step;
      return (signal) => client.extend({ ...which, days, reason, approvedBy }, as(signal));
    }
    case "refer":
      return (signal) => client.refer(which, as(signal));
    case "legality": {
      const { lawful, opinion } = step;
      return (signal) => client.giveLegality({ ...which, lawful, opinion }, as(signal));
    }
    case "deliver":
      return (signal) => client.deliver({ ...which, how: step.how }, as(signal));
    case "decide": {
      const decision = scripts.decide(detail);
      return (signal) => client.decide(decision, as(signal));
    }
  }
}
