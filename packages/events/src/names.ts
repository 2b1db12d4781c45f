// Every event name, once: its schema version, the topic that carries it, and its message.
import * as desk from "@onething/contracts/approval/v1/desk_events";
import * as approval from "@onething/contracts/approval/v1/events";
import * as catalog from "@onething/contracts/catalog/v1/events";
import * as licence from "@onething/contracts/licence/v1/events";
import * as evidence from "@onething/contracts/verification/v1/events";
import * as window from "@onething/contracts/window/v1/events";

const event = <C>(topic: string, schema: number, codec: C) => ({ topic, schema, codec });

export const eventTypes = {
  "catalog.published": event("onething.catalog", 1, catalog.CatalogPublished),
  "catalog.calendar_published": event("onething.catalog", 1, catalog.CatalogCalendarPublished),

  "case.drafted": event("onething.case", 1, window.CaseDrafted),
  "case.answered": event("onething.case", 1, window.CaseAnswered),
  "case.submitted": event("onething.case", 1, window.CaseSubmitted),
  "case.item_ready": event("onething.case", 1, window.CaseItemReady),
  "case.evidence_updated": event("onething.case", 1, window.CaseEvidenceUpdated),
  "case.item_accepted": event("onething.case", 1, window.CaseItemAccepted),
  "case.item_supplement_requested": event("onething.case", 1, window.CaseItemSupplementRequested),
  "case.item_corrected": event("onething.case", 1, window.CaseItemCorrected),
  "case.item_supplemented": event("onething.case", 1, window.CaseItemSupplemented),
  "case.item_clock": event("onething.case", 1, window.CaseItemClock),
  "case.item_delivered": event("onething.case", 1, window.CaseItemDelivered),
  "case.item_revoked": event("onething.case", 1, window.CaseItemRevoked),
  "case.item_decided": event("onething.case", 1, window.CaseItemDecided),
  "case.item_issued": event("onething.case", 1, window.CaseItemIssued),
  "case.item_ended": event("onething.case", 1, window.CaseItemEnded),
  "case.withdraw_requested": event("onething.case", 1, window.CaseWithdrawRequested),
  "case.recall_requested": event("onething.case", 1, window.CaseRecallRequested),
  "case.withdrawal_refused": event("onething.case", 1, window.CaseWithdrawalRefused),
  "case.held": event("onething.case", 1, window.CaseHeld),
  "case.continued": event("onething.case", 1, window.CaseContinued),
  "case.calendar_heard": event("onething.case", 1, desk.CalendarHeard),
  "case.closed": event("onething.case", 1, window.CaseClosed),

  "evidence.requested": event("onething.evidence", 1, evidence.EvidenceRequested),
  "evidence.retry_due": event("onething.evidence", 1, evidence.EvidenceRetryDue),
  "evidence.resolved": event("onething.evidence", 1, evidence.EvidenceResolved),

  "approval.opened": event("onething.approval", 1, approval.ApprovalOpened),
  "approval.accepted": event("onething.approval", 1, approval.ApprovalAccepted),
  "approval.corrected": event("onething.approval", 1, approval.ApprovalCorrected),
  "approval.supplement_requested": event("onething.approval", 1, approval.ApprovalSupplementRequested),
  "approval.supplemented": event("onething.approval", 1, approval.ApprovalSupplemented),
  "approval.not_accepted": event("onething.approval", 1, approval.ApprovalNotAccepted),
  "approval.claimed": event("onething.approval", 1, approval.ApprovalClaimed),
  "approval.released": event("onething.approval", 1, approval.ApprovalReleased),
  "approval.paused": event("onething.approval", 1, approval.ApprovalPaused),
  "approval.resumed": event("onething.approval", 1, approval.ApprovalResumed),
  "approval.extended": event("onething.approval", 1, approval.ApprovalExtended),
  "approval.referred": event("onething.approval", 1, approval.ApprovalReferred),
  "approval.legality_given": event("onething.approval", 1, approval.ApprovalLegalityGiven),
  "approval.warned": event("onething.approval", 1, approval.ApprovalWarned),
  "approval.recounted": event("onething.approval", 1, approval.ApprovalRecounted),
  "approval.granted": event("onething.approval", 1, approval.ApprovalGranted),
  "approval.refused": event("onething.approval", 1, approval.ApprovalRefused),
  "approval.cancelled": event("onething.approval", 1, approval.ApprovalCancelled),
  "approval.withdrawal_refused": event("onething.approval", 1, approval.ApprovalWithdrawalRefused),
  "approval.product_issued": event("onething.approval", 1, approval.ApprovalProductIssued),
  "approval.delivered": event("onething.approval", 1, approval.ApprovalDelivered),
  "approval.revoked": event("onething.approval", 1, approval.ApprovalRevoked),
  "approval.second_look_drawn": event("onething.approval", 1, desk.ApprovalSecondLookDrawn),
  "approval.second_look_given": event("onething.approval", 1, desk.ApprovalSecondLookGiven),
  "approval.evidence_revoked": event("onething.approval", 1, desk.ApprovalEvidenceRevoked),
  "approval.attached": event("onething.approval", 1, desk.ApprovalAttached),
  "consultation.asked": event("onething.approval", 1, desk.ConsultationAsked),
  "consultation.answered": event("onething.approval", 1, desk.ConsultationAnswered),
  "delegation.given": event("onething.approval", 1, desk.DelegationGiven),
  "delegation.ended": event("onething.approval", 1, desk.DelegationEnded),
  "calendar.heard": event("onething.approval", 1, desk.CalendarHeard),
  "approval.viewed": event("onething.approval", 1, desk.ApprovalViewed),
  "approval.paper_issued": event("onething.approval", 1, desk.ApprovalPaperIssued),
  "approval.paper_rendered": event("onething.approval", 1, desk.ApprovalPaperRendered),
  "series.numbered": event("onething.approval", 1, desk.SeriesNumbered),

  "licence.issued": event("onething.licence", 1, licence.LicenceIssued),
  "licence.cancelled": event("onething.licence", 1, licence.LicenceCancelled),
  "licence.revoked": event("onething.licence", 1, licence.LicenceRevoked),
  "licence.grant_revoked": event("onething.licence", 1, licence.GrantRevoked),
  "holder.identified": event("onething.licence", 1, licence.HolderIdentified),
  "holder.accessed": event("onething.licence", 1, licence.HolderAccessed),
};

export type EventType = keyof typeof eventTypes;

type MessageOf<C> = C extends { decode(input: never, length?: number): infer M } ? M : never;

/** An event with its message: `EventOf<"case.submitted">`; of several names, their union. */
export type EventOf<T extends EventType> = T extends EventType
  ? { type: T; data: MessageOf<(typeof eventTypes)[T]["codec"]> }
  : never;

/** The codecs of a kind of root: the events it may record. */
export const codecs = <T extends EventType>(...types: T[]): Pick<typeof eventTypes, T> =>
  Object.fromEntries(types.map((type) => [type, eventTypes[type]])) as Pick<typeof eventTypes, T>;
