// The law of an approval: what a command makes happen, or why it is refused.
import type { Dates, Gap, GapAnswer, UnmetCondition } from "@onething/contracts/approval/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import { notFound, type Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import {
  type Approval,
  type ApprovalEvent,
  approvalId,
  byRule,
  bySilence,
  datesIn,
  evolve,
  type Ready,
} from "./approval.ts";
import { deliverBy, endOf, procedureEnds, type Starts } from "./clock.ts";
import { extensionFits, gapsOf, procedureFits } from "./content.ts";
import * as delivery from "./delivery.ts";
import { type LightName, nextLight } from "./lights.ts";
import { delegationFor, type Official, obstacle } from "./obstacles.ts";
import { remediesOf } from "./remedies.ts";
import { nationalRules, type Rules, Stroke } from "./stroke.ts";
import { type Ground, isInHand, next, type ProcedureName, type Revocation } from "./table.ts";
import { tooLate } from "./words.ts";

/** What the rules of an automatic item said of the data: granted with this result, or why an officer must look. */
export type Verdict = { sealedResult: string } | { unmet: UnmetCondition[] };

/** What somebody at a desk, or a department's system, does; `ifVersion`: to the work as it was then, and no other. */
export type Act = { by: Official; ifVersion?: number } & (
  | { type: "claim" | "release" | "accept" | "refer" }
  | { type: "correct"; fields: string[]; sealedForm: string }
  | { type: "supplement"; gaps: Gap[] }
  | { type: "decline"; ground: Ground; reasons: Text[]; rightBody?: Text }
  | { type: "pause"; procedure: ProcedureName; reason: Text; days: number }
  | { type: "resume"; result?: Text }
  | { type: "extend"; days: number; reason: Text; approvedBy: Text }
  | { type: "give_legality"; lawful: boolean; opinion: Text }
  | { type: "grant"; sealedResult: string; opinion: string }
  | { type: "refuse"; reasons: Text[] }
  | { type: "second_look"; upheld: boolean; opinion: Text }
  | { type: "deliver"; how: string }
  | { type: "revoke"; ground: Revocation; reasons: Text[] }
);

export type Command =
  | { type: "open"; ready: Ready; starts: Starts; verdict?: Verdict; silentResult?: string }
  | Act
  /** The applicant has answered the notice. */
  | { type: "supplemented"; sealedForm: string; receipts: Receipt[]; answers: GapAnswer[] }
  | { type: "cancel" }
  /** No notice came in time; no decision came in time, and silence grants; a calendar was announced. */
  | { type: "lapse" | "silence" | "recount" }
  /** The registry has issued a product of the grant. */
  | { type: "issued"; identifier: string; evidence: string }
  /** A supervision light has turned. */
  | { type: "warn"; light: LightName };

type Open = Extract<Command, { type: "open" }>;

export function decide(
  state: Approval | null,
  command: Command,
  now: Date,
  rules: Rules = nationalRules,
): { events: ApprovalEvent[] } {
  if (command.type === "open") return { events: state ? [] : opening(command, now, rules) };
  if (!state) throw unknownWork();
  const stroke = new Stroke(state, now, rules);
  if ("by" in command) {
    const refusal = obstacle(state, command.type, command.by, now);
    if (refusal) throw refusal;
    acting(stroke, command);
  } else happening(stroke, command);
  return { events: stroke.events };
}

export const unknownWork = () =>
  notFound(
    "approval.not_found",
    "没有这件待办，或者它不属于您的部门",
    "There is no such work, or it is not your department's",
  );

function opening(command: Open, now: Date, rules: Rules): ApprovalEvent[] {
  const { ready, starts, verdict, silentResult = "" } = command;
  const { item, caseId } = ready;
  const unmet = verdict && "unmet" in verdict ? verdict.unmet : [];
  const data = {
    ...{ id: approvalId(caseId, item.code), ...ready, unmet, silentResult },
    submittedAt: ready.submittedAt || undefined,
    ...{ dueOn: "", dueProvisional: false, legalDueOn: "", acceptBy: "" },
    promisedFrom: starts[item.promised?.from ?? ""]?.toISOString(),
    legalFrom: starts[item.legal?.from ?? ""]?.toISOString(),
  };
  const at = now.toISOString();
  const blank = evolve(null, { type: "approval.opened", data, at });
  const { dueOn, dueProvisional, legalDueOn, acceptBy } = new Stroke(blank, now, rules).datesOf(blank);
  const dates = { dueOn, dueProvisional, legalDueOn, acceptBy };
  const opened: ApprovalEvent = { type: "approval.opened", data: { ...data, ...dates } };
  const stroke = new Stroke(evolve(null, { ...opened, at }), now, rules);
  if (!waitsForAcceptance(item)) accept(stroke, "complete", byRule);
  if (item.handling === "automatic" && verdict && "sealedResult" in verdict) {
    grant(stroke, { sealedResult: verdict.sealedResult, by: byRule, opinion: "", automatic: true });
    // The id comes from a random one: nobody chooses which are drawn.
    if (drawnFrom(data.id) < rules.secondLook)
      stroke.add({ type: "approval.second_look_drawn", data: { id: data.id } });
  }
  return [opened, ...stroke.events];
}

/** An officer finds it complete first. */
export const waitsForAcceptance = ({ handling, acceptance }: Ready["item"]): boolean =>
  handling !== "automatic" && acceptance === "department";

/** Between 0 and 1, the same for the same approval. */
const drawnFrom = (id: string): number =>
  Number.parseInt(idFrom("second look", id).slice(0, 8), 16) / 2 ** 32;

/** Acceptance starts the limits; a deemed one with the receipt (Licensing Law art. 32). */
function accept(stroke: Stroke, how: string, by: string, at = stroke.now.toISOString()): Stroke {
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

function acting(stroke: Stroke, act: Act): Stroke {
  const { actor: by } = act.by;
  const { id } = stroke.state;
  if (act.type === "release") return stroke.add({ type: "approval.released", data: { id, by } });
  // Who acts on what nobody has claimed claims it with the same stroke.
  if (!stroke.state.claimedBy && !(act.by.system && act.type !== "claim") && isInHand(stroke.state.status))
    if (act.type !== "give_legality") stroke.add({ type: "approval.claimed", data: { id, by } });
  const { about } = stroke;
  switch (act.type) {
    case "claim":
      return stroke;
    case "accept":
      return accept(stroke, "checked", by);
    case "correct": {
      const { fields, sealedForm } = act;
      stroke.add({ type: "approval.corrected", data: { id, by, fields, sealedForm } });
      return accept(stroke, "corrected", by);
    }
    case "supplement": {
      const gaps = gapsOf(stroke.state, act.gaps);
      return stroke.add({ type: "approval.supplement_requested", data: { ...about, gaps, by } });
    }
    case "decline": {
      const { ground, reasons, rightBody } = act;
      const data = { ...about, ground, reasons, rightBody, remedies: remediesOf(stroke.state.item), by };
      return stroke.add({ type: "approval.not_accepted", data });
    }
    case "refer":
      return stroke.add({ type: "approval.referred", data: { id, by } });
    case "give_legality": {
      const { lawful, opinion } = act;
      return stroke.add({ type: "approval.legality_given", data: { id, by, lawful, opinion } });
    }
    case "pause":
    case "resume":
    case "extend":
      return moving(stroke, act);
    case "grant":
    case "refuse":
      return deciding(stroke, act);
    case "second_look": {
      const { upheld, opinion } = act;
      return stroke.add({ type: "approval.second_look_given", data: { id, by, upheld, opinion } });
    }
    case "deliver":
      return stroke.add({ type: "approval.delivered", data: { ...about, how: act.how, by } });
    case "revoke": {
      const { ground, reasons } = act;
      const data = { ...about, ground, reasons, remedies: remediesOf(stroke.state.item), by };
      return stroke.add({ type: "approval.revoked", data });
    }
  }
}

/** What stops, starts or prolongs the clock. */
function moving(stroke: Stroke, act: Extract<Act, { type: "pause" | "resume" | "extend" }>): Stroke {
  const { about, state, now, calendar } = stroke;
  const { actor: by } = act.by;
  if (act.type === "pause") {
    const { procedure, reason, days } = procedureFits(state, act);
    const untilOn = procedureEnds(calendar, days, now);
    const data = { ...about, procedure, reason, days, untilOn, by };
    return stroke.addDated((dates) => ({ type: "approval.paused", data: { ...data, dates } }));
  }
  if (act.type === "resume") {
    const data = { ...about, procedure: state.procedures.at(-1)?.procedure ?? "", result: act.result, by };
    return stroke.addDated((dates) => ({ type: "approval.resumed", data: { ...data, dates } }));
  }
  const { days, reason, approvedBy } = extensionFits(state, act);
  const data = { ...about, days, reason, approvedBy, by };
  return stroke.addDated((dates) => ({ type: "approval.extended", data: { ...data, dates } }));
}

/** A decision accepts with the same stroke what was not accepted yet (art. 34). */
function deciding(stroke: Stroke, act: Extract<Act, { type: "grant" | "refuse" }>): Stroke {
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

function grant(stroke: Stroke, how: Granting): Stroke {
  const { id, caseId, item, subjects, evidence } = stroke.state;
  const conditions = how.automatic && !how.deemed ? item.conditions : [];
  const data = {
    ...{ id, caseId, item, subjects, evidence, conditions, deemed: undefined, under: "", ...how },
    deliverBy: deliverBy(stroke.calendar, stroke.now),
  };
  return delivery.granted(stroke.add({ type: "approval.granted", data }));
}

/** What comes from elsewhere than a desk. What has no place in the table any more came too late, and changes nothing. */
function happening(stroke: Stroke, command: Exclude<Command, Open | Act>): Stroke {
  const { state, now, about } = stroke;
  if (command.type === "cancel") return withdrawal(stroke);
  if (command.type === "supplemented") return supplemented(stroke, command);
  if (command.type === "warn") return warning(stroke, command.light);
  if (!next[state.status][command.type]) return stroke;
  switch (command.type) {
    case "lapse":
      if (now.toISOString() < endOf(state.acceptBy)) return stroke;
      return accept(stroke, "deemed", bySilence, state.receivedAt);
    case "silence": {
      const { silentResult: sealedResult, item, legalDueOn } = state;
      if (!item.silence || !sealedResult || state.stopped || now.toISOString() < endOf(legalDueOn))
        return stroke;
      if (state.status === "received") accept(stroke, "deemed", bySilence, state.receivedAt);
      const deemed = item.silence;
      return grant(stroke, { sealedResult, opinion: "", by: bySilence, automatic: true, deemed });
    }
    case "issued":
      return delivery.issued(stroke, command);
    case "recount": {
      // Where the clock stands still, its dates are told when it goes on.
      if (state.stopped) return stroke;
      const dates = stroke.datesOf(state);
      const changed = Object.entries(datesIn(dates)).some(
        ([name, date]) => date !== state[name as keyof Approval],
      );
      if (!changed) return stroke;
      return stroke.add({ type: "approval.recounted", data: { ...about, dates } });
    }
  }
}

/** Told once, and only while it is still so: the timer may have been late, and the work decided or stopped meanwhile. */
function warning(stroke: Stroke, light: LightName): Stroke {
  const { state, now, about, rules } = stroke;
  const next = nextLight(state);
  if (next?.light !== light || now.toISOString() < next.at) return stroke;
  const data = { ...about, department: state.department, light, to: rules.lights.tell[light] };
  return stroke.add({ type: "approval.warned", data });
}

/** Accepted meanwhile or not, what has come counts; of what is decided nobody needs it any more. */
function supplemented(stroke: Stroke, command: Extract<Command, { type: "supplemented" }>): Stroke {
  const { state } = stroke;
  const open = state.notices.at(-1);
  if (!isInHand(state.status) || !open || open.answeredAt) return stroke;
  const { sealedForm, receipts, answers } = command;
  const data = { id: state.id, sealedForm, receipts, answers };
  return stroke.addDated((dates) => ({ type: "approval.supplemented", data: { ...data, dates } }));
}

/** The applicant takes the request back: possible until it is decided, and then too late. */
function withdrawal(stroke: Stroke): Stroke {
  const { state, about } = stroke;
  if (state.status === "cancelled") return stroke;
  if (next[state.status].cancel) return stroke.add({ type: "approval.cancelled", data: about });
  return stroke.add({ type: "approval.withdrawal_refused", data: { ...about, why: tooLate(state) } });
}
