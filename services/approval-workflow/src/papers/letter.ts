// What a paper says: made of the event that it tells, and of the approval as it stood then. In the city's own words where it
// has some, in general ones where it has none.
import type { PaperKind } from "@onething/documents/kinds";
import type { Paper as Content } from "@onething/documents/paper";
import { civilDate } from "@onething/kernel/civil-date";
import { maskNumber } from "@onething/kernel/identity";
import type { Approval, ApprovalEvent } from "../domain/approval.ts";
import { waitsForAcceptance } from "../domain/decision.ts";
import * as decisions from "./decisions.ts";
import { hotline } from "./general.ts";
import * as review from "./review.ts";

type Unnumbered<P> = P extends unknown ? Omit<P, "number" | "check"> : never;
/** A paper that has neither number nor check yet. */
export type Letter = Unnumbered<Content>;
export type Told = ApprovalEvent & { at: string };

/** Everything that papers are made of. */
export interface About {
  event: Told;
  /** All events of the approval up to this one. */
  past: readonly Told[];
  before: Approval | null;
  now: Approval;
  /** Opened: who applies, and what was granted. */
  applicant: Values;
  result: Values;
  /** Of the decision that is delivered or taken back, where it is known. */
  decisionNumber: string | undefined;
}
type Values = { readonly [field: string]: string };

const kinds: { [T in ApprovalEvent["type"]]?: PaperKind } = {
  "approval.accepted": "acceptance",
  "approval.supplement_requested": "supplement",
  "approval.not_accepted": "non_acceptance",
  "approval.paused": "special_procedure",
  "approval.extended": "extension",
  "approval.granted": "granted",
  "approval.refused": "refused",
  "approval.delivered": "delivery",
  "approval.revoked": "revocation",
};

/** The events that may bring a paper. */
export const toldOnPaper = ["approval.opened", ...Object.keys(kinds)] as ApprovalEvent["type"][];

/** The paper that an event brings, if any. What is accepted at once needs no receipt besides. */
export function kindFor(event: ApprovalEvent): PaperKind | undefined {
  if (event.type === "approval.granted") return decisions.grantKind(event.data);
  if (event.type !== "approval.opened") return kinds[event.type];
  return event.data.item && waitsForAcceptance(event.data.item) ? "receipt" : undefined;
}

export type Common = ReturnType<typeof commonOf>;

function commonOf({ event, now, applicant }: About) {
  const { item } = now;
  const name = item.department?.name ?? { zh: now.department, en: now.department };
  return {
    department: { name },
    caseNumber: now.caseNumber,
    applicant: {
      kind: "citizen" as const,
      name: applicant.name || "—",
      // Masked as it is printed: whoever opens the paper's content finds no more than stands on it.
      number: maskNumber(applicant.number ?? "") || "—",
    },
    item: { name: item.name!, code: item.handlingCode || item.code },
    appliedOn: civilDate(now.submittedAt || now.openedAt),
    date: civilDate(event.at),
    contact: { office: item.letterhead?.office ?? name, phone: item.letterhead?.phone || hotline },
  };
}

export function letterOf(about: About): Letter {
  const { event, now } = about;
  const common = commonOf(about);
  switch (event.type) {
    case "approval.opened":
      return review.receipt(common, now);
    case "approval.accepted":
      return review.acceptance(common, event.data, now);
    case "approval.supplement_requested":
      return review.supplement(common, event.data, now);
    case "approval.not_accepted":
      return review.nonAcceptance(common, event.data, now);
    case "approval.paused":
      return review.specialProcedure(common, event.data);
    case "approval.extended":
      return review.extension(common, event.data, about.before!, now);
    case "approval.granted":
      return event.data.deemed
        ? decisions.deemedGrant(common, event.data, now, about.result)
        : decisions.granted(common, event.data, now, about.result);
    case "approval.refused":
      return decisions.refused(common, event.data, now);
    case "approval.delivered":
      return decisions.delivery(common, event.data, about);
    case "approval.revoked":
      return decisions.revocation(common, event.data, about);
    default:
      throw new Error(`${event.type} brings no paper`);
  }
}
