// The two strokes that every way to the end of an approval shares: it is accepted, and it is decided.
import type { Dates } from "@onething/contracts/approval/v1/events";
import type { Text } from "@onething/kernel/errors";
import type { ApprovalEvent, Ready } from "./approval.ts";
import { deliverBy } from "./clock.ts";
import type { Act } from "./commands.ts";
import * as delivery from "./delivery.ts";
import { delegationFor } from "./obstacles.ts";
import { remediesOf } from "./remedies.ts";
import type { Stroke } from "./stroke.ts";

/** An officer finds it complete first. */
export const waitsForAcceptance = ({ handling, acceptance }: Ready["item"]): boolean =>
  handling !== "automatic" && acceptance === "department";

/** Acceptance starts the limits; a deemed one with the receipt (Licensing Law art. 32). */
export function accept(stroke: Stroke, how: string, by: string, at = stroke.now.toISOString()): Stroke {
  const accepted = (dates: Dates | undefined): ApprovalEvent => ({
    type: "approval.accepted",
    data: {
      ...stroke.about,
      ...{ dueOn: dates?.dueOn ?? "", dueProvisional: dates?.dueProvisional ?? false },
      ...{ legalDueOn: dates?.legalDueOn ?? "", how, by, acceptedAt: at, dates },
    },
  });
  return stroke.addDated(accepted);
}

/** A decision accepts with the same stroke what was not accepted yet (art. 34). */
export function deciding(stroke: Stroke, act: Extract<Act, { type: "grant" | "refuse" }>): Stroke {
  const { actor: by } = act.by;
  const under = delegationFor(stroke.state, act.by);
  if (stroke.state.status === "received") accept(stroke, "decided", by);
  if (act.type === "grant") {
    const { sealedResult, opinion } = act;
    return grant(stroke, { sealedResult, opinion, by, automatic: false, under });
  }
  const { reasons } = act;
  const data = { ...stroke.about, reasons, remedies: remediesOf(stroke.state.item), by, under };
  return stroke.add({ type: "approval.refused", data });
}

interface Granting {
  sealedResult: string;
  opinion: string;
  by: string;
  automatic: boolean;
  deemed?: Text;
  under?: string;
}

export function grant(stroke: Stroke, how: Granting): Stroke {
  const { id, caseId, item, subjects, evidence } = stroke.state;
  const conditions = how.automatic && !how.deemed ? item.conditions : [];
  const data = {
    ...{ id, caseId, item, subjects, evidence, conditions, deemed: undefined, under: "", ...how },
    deliverBy: deliverBy(stroke.calendar, stroke.now),
  };
  return delivery.granted(stroke.add({ type: "approval.granted", data }));
}
