// An approval: one item of one case on the desk of one department. The whole law of the root.
import type {
  ApprovalAccepted,
  ApprovalCancelled,
  ApprovalClaimed,
  ApprovalGranted,
  ApprovalOpened,
  ApprovalRefused,
  ApprovalReleased,
  ApprovalWithdrawalRefused,
  UnmetCondition,
} from "@onething/contracts/approval/v1/events";
import type { EvidenceType, PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { nationalCalendar } from "@onething/kernel/calendar";
import { conflict, forbidden, notFound, type Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import { datesOf, type Starts } from "./clock.ts";
import { remediesOf } from "./remedies.ts";
import { account, alreadyDecided, tooLate } from "./words.ts";

export const statuses = ["open", "claimed", "granted", "refused", "cancelled"] as const;
export type Status = (typeof statuses)[number];
export type Action = "claim" | "release" | "grant" | "refuse" | "cancel";

/** What may happen in which state, and where it leads. */
export const next: Record<Status, Partial<Record<Action, Status>>> = {
  open: { claim: "claimed", grant: "granted", refuse: "refused", cancel: "cancelled" },
  claimed: { claim: "claimed", release: "open", grant: "granted", refuse: "refused", cancel: "cancelled" },
  granted: {},
  refused: {},
  cancelled: {},
};

/** Who stands at the desk. `system`: a department's own system, which decides without claiming first. */
export interface Official {
  actor: string;
  department: string;
  system: boolean;
}

/** What the case hands over. All clear values are ids, codes and situation answers; the rest is sealed. */
export interface Ready {
  caseId: string;
  caseNumber: string;
  bundle: string;
  item: PlannedItem;
  subjects: Subject[];
  answers: { [question: string]: string };
  sealedForm: string;
  receipts: Receipt[];
  evidence: EvidenceType[];
}

/** What the rules of an automatic item said of the data: granted with this result, or why an officer must look. */
export type Verdict = { sealedResult: string } | { unmet: UnmetCondition[] };

export type Command =
  | { type: "open"; ready: Ready; starts: Starts; verdict?: Verdict }
  | { type: "claim" | "release"; by: Official }
  | { type: "grant"; by: Official; sealedResult: string; opinion: string }
  | { type: "refuse"; by: Official; reasons: Text[] }
  | { type: "cancel" };

export type ApprovalEvent =
  | { type: "approval.opened"; data: ApprovalOpened }
  | { type: "approval.accepted"; data: ApprovalAccepted }
  | { type: "approval.claimed"; data: ApprovalClaimed }
  | { type: "approval.released"; data: ApprovalReleased }
  | { type: "approval.granted"; data: ApprovalGranted }
  | { type: "approval.refused"; data: ApprovalRefused }
  | { type: "approval.cancelled"; data: ApprovalCancelled }
  | { type: "approval.withdrawal_refused"; data: ApprovalWithdrawalRefused };

export interface Approval extends Ready {
  id: string;
  status: Status;
  /** Codes again, on their own, for the columns that lists read. */
  department: string;
  itemCode: string;
  unmet: UnmetCondition[];
  dueOn: string;
  dueProvisional: boolean;
  legalDueOn: string;
  openedAt: string;
  /** Empty until it is so. */
  claimedBy: string;
  decidedAt: string;
  decidedBy: string;
}

/** Of whom an automatic decision is said to be. */
export const byRule = "rule:automatic";

export const approvalId = (caseId: string, item: string): string => idFrom(caseId, item);

export function decide(state: Approval | null, command: Command, now: Date): { events: ApprovalEvent[] } {
  if (command.type === "open") return { events: state ? [] : opening(command, now) };
  if (!state) throw unknownWork();
  if (command.type === "cancel") return { events: withdrawal(state) };
  mayAct(state, command);
  return { events: acting(state, command) };
}

type Act = Exclude<Command, { type: "open" | "cancel" }>;

export const unknownWork = () =>
  notFound(
    "approval.not_found",
    "没有这件待办，或者它不属于您的部门",
    "There is no such work, or it is not your department's",
  );

function mayAct(state: Approval, { type, by }: Act): void {
  if (by.department !== state.department)
    throw forbidden(
      "approval.other_department",
      "这件事项由其他部门办理",
      "This item belongs to another department",
    );
  if (state.decidedAt) throw alreadyDecided(state);
  // The department itself may take back what an officer has left lying.
  const takesBack = type === "release" && by.system;
  if (state.claimedBy && state.claimedBy !== by.actor && !takesBack)
    throw conflict(
      "approval.claimed_by_other",
      `账号 ${account(state.claimedBy)} 已认领这件事项`,
      `Account ${account(state.claimedBy)} has claimed this item`,
    );
  if (!next[state.status][type])
    throw conflict("approval.not_claimed", "这件事项没有被认领，无需退回", "Nobody has claimed this item");
}

function opening(command: Extract<Command, { type: "open" }>, now: Date): ApprovalEvent[] {
  const { ready, starts, verdict } = command;
  const { item, caseId } = ready;
  const id = approvalId(caseId, item.code);
  const dates = datesOf(nationalCalendar, item, now, starts);
  const { dueOn, dueProvisional } = dates;
  const unmet = verdict && "unmet" in verdict ? verdict.unmet : [];
  const events: ApprovalEvent[] = [
    { type: "approval.opened", data: { id, ...ready, ...dates, unmet } },
    { type: "approval.accepted", data: { id, caseId, item: item.code, dueOn, dueProvisional } },
  ];
  if (item.handling === "automatic" && verdict && "sealedResult" in verdict) {
    const { sealedResult } = verdict;
    events.push(granting({ id, ...ready }, { sealedResult, by: byRule, opinion: "", automatic: true }));
  }
  return events;
}

/** An officer who decides what nobody has claimed claims it with the same stroke. */
function acting(state: Approval, command: Act): ApprovalEvent[] {
  const by = command.by.actor;
  const claim: ApprovalEvent[] =
    state.claimedBy || command.by.system ? [] : [{ type: "approval.claimed", data: { id: state.id, by } }];
  switch (command.type) {
    case "claim":
      return state.claimedBy ? [] : [{ type: "approval.claimed", data: { id: state.id, by } }];
    case "release":
      return [{ type: "approval.released", data: { id: state.id, by } }];
    case "grant": {
      const { sealedResult, opinion } = command;
      return [...claim, granting(state, { sealedResult, opinion, by, automatic: false })];
    }
    case "refuse": {
      const { id, caseId, item } = state;
      const { reasons } = command;
      const data = { id, caseId, item: item.code, reasons, remedies: remediesOf(item), by };
      return [...claim, { type: "approval.refused", data }];
    }
  }
}

function granting(
  of: Pick<Approval, "id" | "caseId" | "item" | "subjects" | "evidence">,
  how: { sealedResult: string; opinion: string; by: string; automatic: boolean },
): ApprovalEvent {
  const { id, caseId, item, subjects, evidence } = of;
  const conditions = how.automatic ? item.conditions : [];
  return { type: "approval.granted", data: { id, caseId, item, subjects, evidence, conditions, ...how } };
}

/** The applicant takes the request back: possible until it is decided, and then too late. */
function withdrawal(state: Approval): ApprovalEvent[] {
  const about = { id: state.id, caseId: state.caseId, item: state.itemCode };
  if (state.status === "cancelled") return [];
  if (next[state.status].cancel) return [{ type: "approval.cancelled", data: about }];
  return [{ type: "approval.withdrawal_refused", data: { ...about, why: tooLate(state) } }];
}

export function evolve(state: Approval | null, event: ApprovalEvent & { at: string }): Approval {
  if (event.type === "approval.opened") return opened(event.data, event.at);
  if (!state) throw new Error(`${event.type} before approval.opened`);
  const decided = (status: Status, decidedBy: string): Approval => ({
    ...state,
    status,
    decidedAt: event.at,
    decidedBy,
  });
  switch (event.type) {
    case "approval.claimed":
      return { ...state, status: "claimed", claimedBy: event.data.by };
    case "approval.released":
      return { ...state, status: "open", claimedBy: "" };
    case "approval.granted":
      return decided("granted", event.data.by);
    case "approval.refused":
      return decided("refused", event.data.by);
    case "approval.cancelled":
      return decided("cancelled", "");
    case "approval.accepted":
    case "approval.withdrawal_refused":
      return state;
  }
}

function opened({ item, ...data }: ApprovalOpened, openedAt: string): Approval {
  if (!item) throw new Error("approval.opened without an item");
  return {
    ...data,
    item,
    status: "open",
    department: item.department?.code ?? "",
    itemCode: item.code,
    openedAt,
    claimedBy: "",
    decidedAt: "",
    decidedBy: "",
  };
}

/** For verify: open work that nobody owns, or that is due never. */
export function unfinished(state: Approval): string | undefined {
  if (state.decidedAt) return undefined;
  if (!state.department) return "open work without a department";
  return state.dueOn ? undefined : "open work without a due date";
}
