// What events do to a case. A case owns its plan, its receipts and how far each item has come.
import type { Pair } from "@onething/contracts/common/v1/common";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { CaseItemAccepted, CaseItemClock, ProductShare } from "@onething/contracts/window/v1/events";
import type { EventOf } from "@onething/events/names";
import type { Happened } from "@onething/journal/journal";
import { answeredMeanwhile, bindingEdges, inWork, mergeReceipts, replaceReceipts } from "./receipts.ts";
import type { CaseEvent, CaseOutcome, CaseState, ItemOutcome, ItemState, Notice } from "./state.ts";

export type * from "./state.ts";

export function evolve(state: CaseState | null, event: Happened<CaseEvent>): CaseState {
  if (event.type === "case.drafted") return drafted(event);
  if (!state) throw new Error(`${event.type} before case.drafted`);
  switch (event.type) {
    case "case.answered":
      return {
        ...state,
        plan: event.data.plan!,
        subjects: event.data.subjects,
        bundleVersion: event.data.plan!.version,
      };
    case "case.submitted":
      return submitted(state, event);
    case "case.item_ready":
      return withItem(state, event.data.item!.code, { status: "with_department", startedAt: event.at });
    case "case.evidence_updated":
      return evidenceUpdated(state, event.data.receipts);
    case "case.item_accepted":
      return accepted(state, event.data);
    case "case.item_supplement_requested":
      return withItem(state, event.data.item, {
        status: "supplementing",
        notices: [...noticesOf(state, event.data.item), noticeIn(event)],
      });
    case "case.item_corrected": {
      const { item, sealedForm, waitingForms } = event.data;
      return { ...state, sealedForms: { ...state.sealedForms, ...waitingForms, [item]: sealedForm } };
    }
    case "case.item_supplemented":
      return supplemented(state, event);
    case "case.item_clock":
      return clock(state, event.data);
    case "case.item_delivered":
      return withItem(state, event.data.item, { delivered: { at: event.at, how: event.data.how } });
    case "case.item_revoked":
      return revoked(state, event);
    case "case.item_decided": {
      const { item, deemed } = event.data;
      return withItem(state, item, { status: "issuing", granted: true, ...(deemed && { deemed }) });
    }
    case "case.item_issued":
      return issued(state, event);
    case "case.item_ended":
      return withItem(state, event.data.item, {
        status: "ended",
        outcome: event.data.outcome as ItemOutcome,
        endedAt: event.at,
        stopped: undefined,
        reasons: event.data.reasons,
        remedies: event.data.remedies,
        becauseOf: event.data.becauseOf,
      });
    case "case.withdraw_requested":
      return { ...state, withdrawRequested: true };
    case "case.recall_requested":
      return recallAsked(state, event);
    case "case.withdrawal_refused":
      return withItem(state, event.data.item, { withdrawalRefused: event.data.why! });
    case "case.held": {
      const becauseOf = [...new Set([...(state.held?.becauseOf ?? []), ...event.data.becauseOf])];
      return { ...state, held: { at: event.at, becauseOf } };
    }
    case "case.continued":
      return { ...state, held: undefined };
    case "case.closed":
      return { ...state, status: "closed", outcome: event.data.outcome as CaseOutcome, finishedAt: event.at };
  }
}

function drafted(event: Happened<EventOf<"case.drafted">>): CaseState {
  const { id, bundle, bundleVersion, applicantId, channel, clerk, subjects } = event.data;
  return {
    id,
    status: "draft",
    bundle,
    bundleVersion,
    applicantId,
    channel,
    clerk,
    subjects,
    draftedAt: event.at,
    items: {},
    receipts: [],
    sealedForms: {},
    followers: [],
  };
}

function submitted(state: CaseState, event: Happened<EventOf<"case.submitted">>): CaseState {
  const { data } = event;
  const receipts = answeredMeanwhile(data.receipts, state.receipts);
  const working = inWork(state.plan!, data.notNeeded);
  const items = Object.fromEntries(
    state.plan!.items.map((item) => [
      item.code,
      {
        code: item.code,
        status: "waiting" as const,
        waitedFor: bindingEdges(working, receipts, item.code),
        products: [],
        reasons: [],
        remedies: [],
        becauseOf: [],
      },
    ]),
  );
  return {
    ...state,
    status: "running",
    number: data.number,
    subjects: data.subjects,
    receipts,
    items,
    sealedForms: data.sealedForms,
    sealedApplicant: data.sealedApplicant,
    followers: data.followers,
    submittedAt: event.at,
    expectedOn: data.expectedOn,
    expectedProvisional: data.expectedProvisional,
  };
}

const noticesOf = (state: CaseState, code: string): Notice[] => state.items[code]?.notices ?? [];

const noticeIn = ({ at, data }: Happened<EventOf<"case.item_supplement_requested">>): Notice => ({
  ...{ at, gaps: data.gaps },
  ...(data.answerBy && { answerBy: data.answerBy }),
});

/** With or without the answer to its notice: the department waits for it no more. */
function accepted(state: CaseState, { item, dueOn, dueProvisional }: CaseItemAccepted): CaseState {
  const waited = state.items[item]?.status === "supplementing";
  return withItem(state, item, { dueOn, dueProvisional, ...(waited && { status: "with_department" }) });
}

function supplemented(state: CaseState, event: Happened<EventOf<"case.item_supplemented">>): CaseState {
  const { item, sealedForm, waitingForms, receipts } = event.data;
  const notices = noticesOf(state, item);
  const answered = { ...notices.at(-1)!, answeredAt: event.at };
  const now = withItem(state, item, { status: "with_department", notices: notices.with(-1, answered) });
  return {
    ...now,
    receipts: replaceReceipts(state.receipts, receipts),
    sealedForms: { ...state.sealedForms, ...waitingForms, [item]: sealedForm },
  };
}

function clock(state: CaseState, { item, what, dates, why, procedure, untilOn }: CaseItemClock): CaseState {
  return withItem(state, item, {
    ...(dates && { dueOn: dates.dueOn, dueProvisional: dates.dueProvisional }),
    ...(what === "extended" && { extended: true }),
    stopped: what === "paused" ? { procedure, untilOn, ...(why && { why }) } : undefined,
  });
}

/** What has not started has lost the proof that this grant was to it. */
function revoked(state: CaseState, event: Happened<EventOf<"case.item_revoked">>): CaseState {
  const { item, reasons, remedies } = event.data;
  const made = new Set(state.items[item]?.products.map(({ identifier }) => identifier));
  const name = state.plan!.items.find((each) => each.code === item)?.name;
  const why = {
    zh: `“${name?.zh}”的批准已被撤销，它的结果不能再作为证明`,
    en: `The grant of "${name?.en}" was taken back; its result proves nothing any more`,
  };
  const receipts = state.receipts.map((receipt) =>
    state.items[receipt.item]?.status === "waiting" && made.has(receipt.proof?.reference ?? "")
      ? { ...receipt, state: "missing", proof: undefined, why }
      : receipt,
  );
  return withItem({ ...state, receipts }, item, { revoked: { at: event.at, reasons, remedies } });
}

/** A draft has no receipts yet: what registers say meanwhile is kept for its submission. */
function evidenceUpdated(state: CaseState, newer: readonly Receipt[]): CaseState {
  if (state.status === "draft") return { ...state, receipts: mergeReceipts(state.receipts, newer) };
  const receipts = replaceReceipts(state.receipts, newer);
  const items = Object.values(state.items).map((item): [string, ItemState] => {
    if (item.status !== "waiting") return [item.code, item];
    // What no register has may still come from a sibling: then its edge binds from now on.
    const bound = bindingEdges(state.plan!, receipts, item.code);
    return [item.code, { ...item, waitedFor: [...new Set([...item.waitedFor, ...bound])].sort() }];
  });
  return { ...state, receipts, items: Object.fromEntries(items) };
}

const isFor = (share: ProductShare, receipt: Receipt): boolean =>
  share.item === receipt.item && share.requirement === receipt.requirement;

/** A product exists: it is the proof that waiting siblings were missing. */
function issued(state: CaseState, event: Happened<EventOf<"case.item_issued">>): CaseState {
  const { item, pair, position, identifier, kind, shares } = event.data;
  const maker = state.plan!.items.find((each) => each.code === item);
  const proves = !state.items[item]?.revoked;
  const receipts = state.receipts.map((receipt) =>
    proves && receipt.state === "waiting" && samePair(receipt.pair, pair) && receipt.position === position
      ? {
          ...receipt,
          state: "proved",
          proof: {
            kind,
            reference: identifier,
            version: "",
            source: maker?.department?.name,
            at: event.at,
            sealedFields: shares.find((share) => isFor(share, receipt))?.sealedFields ?? "",
          },
        }
      : receipt,
  );
  const products = [...(state.items[item]?.products ?? []), { pair: pair!, position, identifier, kind }];
  return withItem({ ...state, receipts }, item, { products });
}

const recallAsked = (state: CaseState, { at, data }: Happened<EventOf<"case.recall_requested">>): CaseState =>
  data.items.reduce(
    (so, item) => withItem(so, item, { recallAsked: { at, becauseOf: data.becauseOf } }),
    state,
  );

/** Its grant is to be taken back, and is not yet. */
export const isBeingRecalled = ({ recallAsked, revoked }: ItemState): boolean =>
  recallAsked !== undefined && revoked === undefined;

/** On a department's desk and not decided, whoever's turn it is. */
export const isWithDepartment = ({ status }: ItemState): boolean =>
  status === "with_department" || status === "supplementing";

/** Whether anything waits for the applicant to say go on, or withdraw. */
export const isHeld = ({ status, held, items }: CaseState): boolean =>
  status === "running" && held !== undefined && Object.values(items).some(isWaiting);

export const isWaiting = ({ status }: ItemState): boolean => status === "waiting";

export const samePair = (a: Pair | undefined, b: Pair | undefined): boolean =>
  a !== undefined && b !== undefined && a.evidence === b.evidence && a.role === b.role && a.to === b.to;

function withItem(state: CaseState, code: string, change: Partial<ItemState>): CaseState {
  const item = state.items[code];
  if (!item) throw new Error(`item ${code} is not in case ${state.id}`);
  return { ...state, items: { ...state.items, [code]: { ...item, ...change } } };
}
