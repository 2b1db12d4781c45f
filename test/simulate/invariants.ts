// What must hold of every case when the simulation is over, whatever happened to it on the way.
import { type Approval, approvalKind, isInHand, ledgerOf } from "@onething/approval-workflow/law";
import { type CaseState, caseKind, ledgerOf as caseLedger } from "@onething/case-window/law";
import type { AnyKind, Happened, RecordedEvent } from "@onething/journal/journal";
import { nationalCalendar, workingDaysBetween } from "@onething/kernel/calendar";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { civilDate } from "@onething/kernel/civil-date";
import { daysOf, type Owner, type Turn } from "@onething/kernel/ledger";
import type { MemoryJournal } from "./journal.ts";
import type { World } from "./world.ts";

/** One line for each thing that is wrong; empty if all is well. */
export function violations(world: World): string[] {
  return [
    ...foldsOf(world.cases, caseKind as unknown as AnyKind),
    ...foldsOf(world.approvals, approvalKind as unknown as AnyKind),
    ...rootsOf<CaseState>(world.cases).flatMap(({ state, events }) => [
      ...caseViolations(world, state),
      ...ledgerViolations(world, state, events),
    ]),
    ...rootsOf<Approval>(world.approvals).flatMap(({ state, events, timers }) =>
      approvalViolations(world, state, events, timers),
    ),
    ...issueViolations(world),
  ];
}

interface RootOf<S> {
  state: S;
  events: readonly RecordedEvent[];
  timers: ReadonlyMap<string, string>;
}
const rootsOf = <S>({ roots }: MemoryJournal): RootOf<S>[] =>
  [...roots.values()].map(({ state, events, timers }) => ({ state: state as S, events, timers }));

/** I6: the fold over a root's events is its state. */
const foldsOf = ({ roots }: MemoryJournal, kind: AnyKind): string[] =>
  [...roots.values()].flatMap(({ id, events, state }) => {
    const folded = events.reduce<unknown>((so, event) => kind.evolve(so, event as Happened<never>), null);
    return canonicalJson(JSON.parse(JSON.stringify(folded))) === canonicalJson(state)
      ? []
      : [`${kind.name}/${id}: the fold over its events is not its state`];
  });

const endings: Record<string, string> = {
  ...{ granted: "granted", delivered: "granted", revoked: "granted", refused: "refused" },
  ...{ not_needed: "not_needed", not_accepted: "not_accepted", cancelled: "withdrawn" },
};

/** I1 and I4: it is finished, every item once, and says of each what its department decided. */
function caseViolations(world: World, state: CaseState): string[] {
  const found: string[] = [];
  const wrong = (what: string) => found.push(`case/${state.id}: ${what}`);
  if (state.status !== "closed") wrong(`is ${state.status} at the end`);
  const unfinished = caseKind.unfinished?.(state, world.clock.now);
  if (unfinished) wrong(unfinished);
  const approvals = rootsOf<Approval>(world.approvals).filter(({ state: { caseId } }) => caseId === state.id);
  for (const item of Object.values(state.items)) {
    const approval = approvals.find(({ state: { itemCode } }) => itemCode === item.code)?.state;
    if (!item.startedAt) {
      if (approval) wrong(`item ${item.code} has an approval and has never started`);
    } else if (!approval) wrong(`item ${item.code} has started and has no approval`);
    else if (endings[approval.status] !== item.outcome)
      wrong(`item ${item.code} is ${item.outcome ?? item.status}, its approval ${approval.status}`);
    else if (outlivesRefusal(state, item.code) && approval.status !== "revoked")
      wrong(`item ${item.code} was not recalled: its approval is ${approval.status}`);
  }
  return found;
}

/** It was granted, something else was refused, and the bundle recalls what was granted; only what states a fact stays. */
function outlivesRefusal({ plan, items }: CaseState, code: string): boolean {
  const refused = Object.values(items).some(({ outcome }) => /^(refused|not_accepted)$/.test(outcome ?? ""));
  const stays = plan?.items.find((item) => item.code === code)?.neverRecalled;
  return plan?.recall !== undefined && refused && !stays && items[code]?.outcome === "granted";
}

/** Every working day from the submission to the end is somebody's (Licensing Law arts. 32, 45 and 82). */
function ledgerViolations(world: World, { id }: CaseState, events: readonly RecordedEvent[]): string[] {
  const told = events as unknown as Parameters<typeof caseLedger>[1];
  const ledger = caseLedger(nationalCalendar, told, world.clock.now)!;
  const { department, applicant, pause } = ledger.days;
  const days = workingDaysBetween(nationalCalendar, ledger.from, ledger.until);
  if (department + applicant + pause === days && ledger.each.length === days) return [];
  return [`case/${id}: its ledger has ${department}+${applicant}+${pause} of ${days} days`];
}

const deciding = /^approval\.(granted|refused|not_accepted|cancelled)$/;

function approvalViolations(
  world: World,
  state: Approval,
  events: readonly RecordedEvent[],
  timers: ReadonlyMap<string, string>,
): string[] {
  const found: string[] = [];
  const wrong = (what: string) => found.push(`approval/${state.id} (${state.status}): ${what}`);
  const of = (type: string) => events.filter((event) => event.type === `approval.${type}`);
  // I9: one decision, and nothing is left to fire (I8).
  if (isInHand(state.status)) {
    wrong("is still in hand");
    return found;
  }
  if (events.filter(({ type }) => deciding.test(type)).length !== 1) wrong("has not one decision");
  if (timers.size > 0) wrong(`has timers left: ${[...timers.keys()]}`);
  // The ledger: every working day from the receipt to the decision is somebody's (Licensing Law arts. 45 and 82).
  const { department, applicant, pause } = ledgerOf(nationalCalendar, state, world.clock.now);
  const [from, until] = [state.turns[0]!.from, state.decidedAt].map((at) => civilDate(new Date(at)));
  const days = until! < from! ? 0 : workingDaysBetween(nationalCalendar, from!, until!);
  if (department + applicant + pause !== days)
    wrong(`its ledger has ${department + applicant + pause} of ${days} days`);
  const told = daysOf(nationalCalendar, turnsIn(events), state.decidedAt);
  if (canonicalJson(told) !== canonicalJson({ department, applicant, pause }))
    wrong(`its ledger gives days to others than its events do`);
  // Each light and each silence once.
  const lights = of("warned").map(({ data }) => (data as { light: string }).light);
  if (new Set(lights).size !== lights.length) wrong(`was warned twice: ${lights}`);
  if (of("accepted").length > 1) wrong("was accepted twice");
  if (of("extended").length > 1) wrong("was prolonged twice (art. 42)");
  // Fairness.
  if (events.some(({ actor }) => /party|stranger/.test(actor))) wrong("was handled by a party or a stranger");
  const byPeople = state.decidedBy.startsWith("officer:") || state.decidedBy.startsWith("department:");
  const decided = of("granted").length + of("refused").length === 1;
  if (state.item.twoOfficers && byPeople && decided && state.acceptedBy === state.decidedBy)
    wrong("was accepted and decided by one alone");
  if (state.item.legality && byPeople && decided && !state.legality?.givenBy)
    wrong("was decided without its legality review");
  if (state.item.legality && byPeople && of("granted").length === 1 && !state.legality?.lawful)
    wrong("was granted against the legality review");
  if (state.decidedBy === "rule:silence" && !state.item.silence)
    wrong("was granted by a silence that grants nothing");
  return found;
}

/** Whose turn it was, by what happened alone. */
function turnsIn(events: readonly RecordedEvent[]): Turn[] {
  const owners: Record<string, Owner> = {
    ...{
      "approval.opened": "department",
      "approval.accepted": "department",
      "approval.supplemented": "department",
    },
    ...{
      "approval.supplement_requested": "applicant",
      "approval.paused": "pause",
      "approval.resumed": "department",
    },
  };
  const turns: Turn[] = [];
  for (const { type, at } of events) {
    const owner = owners[type];
    const last = turns.at(-1);
    if (owner && owner !== last?.owner) turns.push({ owner, from: last && last.from > at ? last.from : at });
  }
  return turns;
}

/** I3: of each product and person one licence at most, and none of what was not granted. */
function issueViolations({ issued, approvals }: World): string[] {
  const seen = new Set<string>();
  const granted = new Set(
    rootsOf<Approval>(approvals)
      .filter(({ state }) => endings[state.status] === "granted")
      .map(({ state }) => `${state.caseId}/${state.itemCode}`),
  );
  return issued.flatMap(({ data }) => {
    const { identifier, caseId, item } = data as { identifier: string; caseId: string; item: string };
    const twice = seen.has(identifier);
    seen.add(identifier);
    return [
      ...(twice ? [`licence/${identifier}: was issued twice`] : []),
      ...(granted.has(`${caseId}/${item}`)
        ? []
        : [`licence/${identifier}: was issued for what was not granted`]),
    ];
  });
}
