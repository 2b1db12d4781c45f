// The roots as the journal knows them: the law, where their state is kept, how their events are written.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import type { LightName } from "@onething/kernel/supervision";
import { calendarKindOf } from "@onething/service/heard-calendar";
import { type Approval, type ApprovalEvent, unfinished } from "./domain/approval.ts";
import { endOf } from "./domain/clock.ts";
import type { Command } from "./domain/commands.ts";
import * as consultation from "./domain/consultation.ts";
import { decide } from "./domain/decide.ts";
import * as delegation from "./domain/delegation.ts";
import { evolve } from "./domain/evolve.ts";
import { nextLight } from "./domain/lights.ts";
import { mustStandAt } from "./domain/obstacles.ts";
import * as paper from "./domain/paper.ts";
import * as series from "./domain/series.ts";
import { nationalRules, type Rules } from "./domain/stroke.ts";
import { next } from "./domain/table.ts";
import * as viewing from "./domain/viewing.ts";

type ApprovalKind = Kind<Approval, Command, ApprovalEvent>;

/** Approvals under a city's own rules: whose calendar counts, when work is late. */
export const approvalsUnder = (rules: Rules): ApprovalKind => ({
  name: "approval",
  table: "approval",
  apart: ["receipts", "evidence", "formSchema"] satisfies (keyof Approval)[],
  codecs: codecs(
    "approval.opened",
    "approval.accepted",
    "approval.corrected",
    "approval.supplement_requested",
    "approval.supplemented",
    "approval.not_accepted",
    "approval.claimed",
    "approval.released",
    "approval.paused",
    "approval.resumed",
    "approval.extended",
    "approval.referred",
    "approval.legality_given",
    "approval.recounted",
    "approval.second_look_drawn",
    "approval.second_look_given",
    "approval.warned",
    "approval.evidence_revoked",
    "approval.attached",
    "approval.granted",
    "approval.refused",
    "approval.cancelled",
    "approval.withdrawal_refused",
    "approval.product_issued",
    "approval.delivered",
    "approval.revoked",
  ),
  decide: (state, command, now, version) => {
    if ("by" in command) mustStandAt(state, command, version);
    return decide(state, command, now, rules);
  },
  evolve,
  timers,
  onTimer: (name) =>
    name.startsWith("light:")
      ? { type: "warn", light: name.slice("light:".length) as LightName }
      : { type: name as "lapse" | "unanswered" | "silence" },
  caseOf: (state) => state.caseId,
  unfinished,
});

/**
 * Silence speaks when a date is over: the department's accepts (Licensing Law art. 32), and where the item says so it grants
 * (art. 50); the applicant's withdraws, where a local rule says so.
 */
function timers(state: Approval) {
  const { status, acceptBy, legalDueOn, stopped, item, silentResult } = state;
  const due: { name: string; at: string }[] = [];
  if (next[status].lapse && acceptBy) due.push({ name: "lapse", at: endOf(acceptBy) });
  const answerBy = state.notices.at(-1)?.answerBy;
  if (next[status].unanswered && answerBy) due.push({ name: "unanswered", at: endOf(answerBy) });
  if (next[status].silence && item.silence && silentResult && !stopped)
    due.push({ name: "silence", at: endOf(legalDueOn) });
  const light = nextLight(state);
  if (light) due.push({ name: `light:${light.light}`, at: light.at });
  return due;
}

export const approvalKind: ApprovalKind = approvalsUnder(nationalRules);

export const viewingKind: Kind<viewing.Viewing, viewing.View, viewing.ViewingEvent> = {
  name: "viewing",
  table: "viewing",
  codecs: codecs("approval.viewed"),
  decide: viewing.decide,
  evolve: viewing.evolve,
  caseOf: (state) => state.caseId,
};

export const delegationKind: Kind<delegation.Delegation, delegation.Command, delegation.DelegationEvent> = {
  name: "delegation",
  table: "delegation",
  codecs: codecs("delegation.given", "delegation.ended"),
  decide: delegation.decide,
  evolve: delegation.evolve,
};

export const consultationKind: Kind<
  consultation.Consultation,
  consultation.Command,
  consultation.ConsultationEvent
> = {
  name: "consultation",
  table: "consultation",
  codecs: codecs("consultation.asked", "consultation.answered"),
  decide: consultation.decide,
  evolve: consultation.evolve,
  caseOf: (state) => state.caseId,
};

export const seriesKind: Kind<series.Series, series.Next, series.SeriesEvent> = {
  name: "series",
  table: "series",
  codecs: codecs("series.numbered"),
  decide: series.decide,
  evolve: series.evolve,
};

export const paperKind: Kind<paper.Paper, paper.Command, paper.PaperEvent> = {
  name: "paper",
  table: "paper",
  apart: ["sealedPaper"] satisfies (keyof paper.Paper)[],
  codecs: codecs("approval.paper_issued", "approval.paper_rendered"),
  decide: paper.decide,
  evolve: paper.evolve,
  caseOf: (state) => state.caseId,
};

export const calendarKind = calendarKindOf("calendar.heard");
