// What comes from elsewhere than a desk: the applicant's answer or withdrawal, silence, time, the registry.
import type { LightName } from "@onething/kernel/supervision";
import { type Approval, byRefusal, bySilence } from "./approval.ts";
import { endOf } from "./clock.ts";
import type { Act, Command, Open } from "./commands.ts";
import { accept, grant } from "./decision.ts";
import * as delivery from "./delivery.ts";
import { datesIn } from "./evolve.ts";
import { nextLight } from "./lights.ts";
import { remediesOf } from "./remedies.ts";
import type { Stroke } from "./stroke.ts";
import { isInHand, next, siblingRefused } from "./table.ts";
import { tooLate } from "./words.ts";

/** What has no place in the table any more came too late, and changes nothing. */
export function happening(stroke: Stroke, command: Exclude<Command, Open | Act>): Stroke {
  const { state, now, about } = stroke;
  if (command.type === "cancel") return withdrawal(stroke);
  if (command.type === "supplemented") return supplemented(stroke, command);
  if (command.type === "warn") return warning(stroke, command.light);
  if (!next[state.status][command.type]) return stroke;
  switch (command.type) {
    case "lapse":
      if (now.toISOString() < endOf(state.acceptBy)) return stroke;
      return accept(stroke, "deemed", bySilence, state.receivedAt);
    case "unanswered": {
      const last = state.notices.at(-1)?.answerBy;
      if (!last || now.toISOString() < endOf(last)) return stroke;
      const data = { ...about, deemed: state.item.unanswered?.basis };
      return stroke.add({ type: "approval.cancelled", data });
    }
    case "silence": {
      const { silentResult: sealedResult, item, legalDueOn } = state;
      if (
        !item.silence ||
        !sealedResult ||
        state.stopped ||
        state.lost ||
        now.toISOString() < endOf(legalDueOn)
      )
        return stroke;
      if (state.status === "received") accept(stroke, "deemed", bySilence, state.receivedAt);
      const deemed = item.silence;
      return grant(stroke, { sealedResult, opinion: "", by: bySilence, automatic: true, deemed });
    }
    case "unproved":
      return unproved(stroke, command);
    case "recall": {
      const told = { ground: siblingRefused, reasons: [command.reason], remedies: remediesOf(state.item) };
      return stroke.add({ type: "approval.revoked", data: { ...about, ...told, by: byRefusal } });
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

/** What it does not rest on is none of its business. */
function unproved(stroke: Stroke, { reference, reasons }: Extract<Command, { type: "unproved" }>): Stroke {
  const { id, receipts } = stroke.state;
  const requirements = receipts
    .filter(({ proof }) => proof?.reference === reference)
    .map(({ requirement }) => requirement);
  if (requirements.length === 0) return stroke;
  const data = { id, requirements: [...new Set(requirements)], reference, reasons };
  return stroke.add({ type: "approval.evidence_revoked", data });
}

/** Told once, and only while it is still so: the timer may have been late, and the work decided or stopped meanwhile. */
function warning(stroke: Stroke, light: LightName): Stroke {
  const { state, now, about, watch } = stroke;
  const next = nextLight(state);
  if (!watch.supervised || next?.light !== light || now.toISOString() < next.at) return stroke;
  const data = { ...about, department: state.department, light, to: watch.tell[light] };
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
  if (next[state.status].cancel)
    return stroke.add({ type: "approval.cancelled", data: { ...about, deemed: undefined } });
  return stroke.add({ type: "approval.withdrawal_refused", data: { ...about, why: tooLate(state) } });
}
