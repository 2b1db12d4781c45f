// The law of an approval: what a command makes happen, or why it is refused.
import { idFrom } from "@onething/kernel/ids";
import { type Approval, type ApprovalEvent, approvalId, byRule } from "./approval.ts";
import { attach } from "./attachment.ts";
import { answerBy, procedureEnds } from "./clock.ts";
import type { Act, Command, Open } from "./commands.ts";
import { extensionFits, gapsOf, procedureFits } from "./content.ts";
import { accept, deciding, grant, waitsForAcceptance } from "./decision.ts";
import { evolve } from "./evolve.ts";
import { happening } from "./happening.ts";
import { obstacle } from "./obstacles.ts";
import { remediesOf } from "./remedies.ts";
import { nationalRules, type Rules, Stroke } from "./stroke.ts";
import { isInHand } from "./table.ts";
import { unknownWork } from "./words.ts";

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

function opening(command: Open, now: Date, rules: Rules): ApprovalEvent[] {
  const { ready, starts, verdict, silentResult = "" } = command;
  const { item, caseId } = ready;
  const unmet = verdict && "unmet" in verdict ? verdict.unmet : [];
  const data = {
    ...{ id: approvalId(caseId, item.code), ...ready, unmet, silentResult },
    submittedAt: ready.submittedAt || undefined,
    ...{ dueOn: "", dueProvisional: false, legalDueOn: "", acceptBy: "", silenceAt: undefined },
    promisedFrom: starts[item.promised?.from ?? ""]?.toISOString(),
    legalFrom: starts[item.legal?.from ?? ""]?.toISOString(),
  };
  const at = now.toISOString();
  const blank = evolve(null, { type: "approval.opened", data, at });
  const { dueOn, dueProvisional, legalDueOn, acceptBy, silenceAt } = new Stroke(blank, now, rules).datesOf(
    blank,
  );
  const dates = { dueOn, dueProvisional, legalDueOn, acceptBy, silenceAt };
  const opened: ApprovalEvent = { type: "approval.opened", data: { ...data, ...dates } };
  const stroke = new Stroke(evolve(null, { ...opened, at }), now, rules);
  if (!waitsForAcceptance(item)) accept(stroke, "complete", byRule);
  if (item.handling === "automatic" && verdict && "sealedResult" in verdict) {
    grant(stroke, { sealedResult: verdict.sealedResult, by: byRule, opinion: "", automatic: true });
    // The id comes from a random one: nobody chooses which are drawn.
    if (drawnFrom(data.id) < stroke.watch.secondLook)
      stroke.add({ type: "approval.second_look_drawn", data: { id: data.id } });
  }
  return [opened, ...stroke.events];
}

/** Between 0 and 1, the same for the same approval. */
const drawnFrom = (id: string): number =>
  Number.parseInt(idFrom("second look", id).slice(0, 8), 16) / 2 ** 32;

function acting(stroke: Stroke, act: Act): Stroke {
  const { actor: by } = act.by;
  const { id } = stroke.state;
  if (act.type === "attach") return attach(stroke, by, act.file);
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
      stroke.add({ type: "approval.corrected", data: { ...about, by, fields, sealedForm } });
      return accept(stroke, "corrected", by);
    }
    case "supplement": {
      const gaps = gapsOf(stroke.state, act.gaps);
      const last = answerBy(stroke.calendar, stroke.state.item, stroke.now);
      return stroke.add({
        type: "approval.supplement_requested",
        data: { ...about, gaps, by, answerBy: last },
      });
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
