// What follows from a state of a case: items that may start now, items that never can, and the end of the case.
import type { Plan, PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { CaseClosed, CaseItemEnded, CaseItemReady } from "@onething/contracts/window/v1/events";
import { pick } from "@onething/kernel/fields";
import { windowClerks } from "@onething/kernel/readers";
import {
  type CaseEvent,
  type CaseOutcome,
  type CaseState,
  evolve,
  type ItemOutcome,
  type ItemState,
  isBeingRecalled,
  isWaiting,
  samePair,
} from "./case.ts";
import { fieldsFor } from "./form.ts";
import { receiptsFor } from "./receipts.ts";
import { noDecision } from "./words.ts";

/** Collects events and keeps the state they lead to, so that one command can decide several steps. */
export class Progress {
  readonly events: CaseEvent[] = [];
  state: CaseState;
  readonly #at: string;

  constructor(state: CaseState, now: Date) {
    this.state = state;
    this.#at = now.toISOString();
  }

  add(event: CaseEvent): void {
    this.events.push(event);
    this.state = evolve(this.state, { ...event, at: this.#at, actor: "" });
  }
}

/** Moves the case as far as it goes by itself. */
export function advance(progress: Progress): CaseEvent[] {
  repeat(progress, (state, item) => ending(state, item) ?? starting(state, item));
  const items = Object.values(progress.state.items);
  if (progress.state.status === "running" && items.every(isOver))
    progress.add({ type: "case.closed", data: CaseClosed.fromPartial({ outcome: outcomeOf(items) }) });
  return progress.events;
}

/** What is being recalled still counts: the case ends with what came of it. */
const isOver = (item: ItemState): boolean => item.status === "ended" && !isBeingRecalled(item);

/** Ends what can only end, and starts nothing. */
export const settle = (progress: Progress): void => repeat(progress, ending);

/** Ends after at most one round an item. */
function repeat(
  progress: Progress,
  next: (state: CaseState, item: ItemState) => CaseEvent | undefined,
): void {
  for (let moved = true; moved; ) {
    moved = false;
    for (const item of Object.values(progress.state.items)) {
      const event = next(progress.state, item);
      if (!event) continue;
      progress.add(event);
      moved = true;
    }
  }
}

function ending(state: CaseState, item: ItemState): CaseEvent | undefined {
  // Of a grant that was taken back nothing more may come.
  if (item.status === "issuing" && (item.revoked || allIssued(state, item)))
    return ended(item, "granted", item.deemed && { reasons: [noDecision(item.deemed)] });
  if (!isWaiting(item)) return undefined;
  const receipts = receiptsFor(state.plan!, state.receipts, item.code);
  const lost = receipts.filter((receipt) => isLost(state, receipt));
  const own = lost.filter((receipt) => receipt.item === item.code);
  return lost.length > 0 ? notPossible(state, item, own.length > 0 ? own : lost) : undefined;
}

function starting(state: CaseState, item: ItemState): CaseEvent | undefined {
  if (!isWaiting(item) || state.held) return undefined;
  const receipts = receiptsFor(state.plan!, state.receipts, item.code);
  const provable = receipts.every((receipt) => receipt.state === "proved");
  const free = item.waitedFor.every((code) => hasEnded(state, code));
  return provable && free ? ready(state, item) : undefined;
}

/** What is not in the case will bring nothing, like what has ended. */
const hasEnded = (state: CaseState, code: string): boolean =>
  (state.items[code]?.status ?? "ended") === "ended";

/** Every product exists for every person of its role; between two roles, for each two people. */
function allIssued(state: CaseState, item: ItemState): boolean {
  const people = (role: string) => state.subjects.filter((subject) => subject.role === role).length;
  const planned = state.plan!.items.find((each) => each.code === item.code)!;
  return planned.produces.every(({ pair }) => {
    const wanted = pair ? people(pair.role) * (pair.to ? people(pair.to) : 1) : 0;
    return item.products.filter((product) => samePair(product.pair, pair)).length >= wanted;
  });
}

/** A register has said no after all; or it waits for siblings, and every one has ended without bringing it. */
const isLost = (state: CaseState, receipt: Receipt): boolean =>
  receipt.state === "missing" ||
  (receipt.state === "waiting" && receipt.waitsFor.every((code) => hasEnded(state, code)));

function notPossible(state: CaseState, item: ItemState, lost: readonly Receipt[]): CaseEvent {
  const missing = lost
    .filter((receipt) => receipt.state === "missing")
    .map((receipt) => receipt.why ?? { zh: "缺少需要的证明", en: "A proof it needs does not exist" });
  if (missing.length > 0)
    return {
      type: "case.item_ended",
      data: CaseItemEnded.fromPartial({ item: item.code, outcome: "not_possible", reasons: missing }),
    };
  const because = [...new Set(lost.flatMap((receipt) => receipt.waitsFor))];
  const names = state.plan!.items.filter((each) => because.includes(each.code)).map((each) => each.name!);
  const zh = names.map((name) => `“${name.zh}”`).join("、");
  const en = names.map((name) => `"${name.en}"`).join(", ");
  return {
    type: "case.item_ended",
    data: CaseItemEnded.fromPartial({
      item: item.code,
      outcome: "not_possible",
      becauseOf: because,
      reasons: [
        {
          zh: `${zh}没有办成，这一项需要它的结果，所以办不了。前置事项解决后可以单独再申请。`,
          en: `${en} was not granted and this item needs its result, so it cannot go on. You may apply for it again once that is settled.`,
        },
      ],
    }),
  };
}

export function ready(state: CaseState, item: ItemState): CaseEvent {
  const plan = state.plan!;
  const planned = plan.items.find((each) => each.code === item.code)!;
  const receipts = state.receipts.filter((receipt) => receipt.item === item.code);
  return {
    type: "case.item_ready",
    data: CaseItemReady.fromPartial({
      caseId: state.id,
      caseNumber: state.number,
      bundle: state.bundle,
      item: planned,
      subjects: state.subjects,
      answers: pick(plan.answers, planned.answers),
      sealedForm: state.sealedForms[item.code] ?? "",
      receipts,
      evidence: evidenceOf(plan, planned, receipts),
      submittedAt: state.submittedAt,
      division: plan.division,
      formSchema: fieldsFor(plan, planned),
      sealedApplicant: state.sealedApplicant,
      readers: readersOf(state),
    }),
  };
}

/** The applicant first. */
const readersOf = ({ applicantId, followers, channel }: CaseState): string[] => [
  ...new Set([applicantId, ...followers, ...(channel === "window" ? [windowClerks] : [])]),
];

/** Only the evidence types that the item reads or makes. */
function evidenceOf(plan: Plan, item: PlannedItem, receipts: readonly Receipt[]) {
  const codes = new Set([
    ...receipts.map((receipt) => receipt.pair?.evidence),
    ...item.produces.map((product) => product.pair?.evidence),
    ...item.ends.map((pair) => pair.evidence),
  ]);
  return plan.evidence.filter((type) => codes.has(type.code));
}

export const ended = (
  item: { code: string },
  outcome: Exclude<ItemOutcome, "not_possible">,
  words: Partial<Pick<CaseItemEnded, "reasons" | "remedies" | "becauseOf">> = {},
): CaseEvent => ({
  type: "case.item_ended",
  data: CaseItemEnded.fromPartial({ item: item.code, outcome, ...words }),
});

/** What came of the whole: an item that was not needed neither helps nor harms, a grant that was taken back is none. */
export function outcomeOf(items: readonly ItemState[]): CaseOutcome {
  const counted = items.filter((item) => item.outcome !== "not_needed");
  const granted = counted.filter((item) => item.outcome === "granted" && !item.revoked).length;
  if (granted === counted.length) return "all_granted";
  if (granted > 0) return "partly_granted";
  const withdrawn = counted.some((item) => item.outcome === "withdrawn");
  return withdrawn && !counted.some(isRefused) ? "withdrawn" : "none_granted";
}

/** The department has said no: to the request, or to dealing with it at all. */
export const isRefused = ({ outcome }: Pick<ItemState, "outcome">): boolean =>
  outcome === "refused" || outcome === "not_accepted";
