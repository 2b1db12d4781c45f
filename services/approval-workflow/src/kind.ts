// The roots as the journal knows them: the law, where their state is kept, how their events are written.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import {
  type Approval,
  type ApprovalEvent,
  type Command,
  decide,
  evolve,
  type Status,
  unfinished,
} from "./domain/approval.ts";
import * as viewing from "./domain/viewing.ts";

/** What a command led to, remembered with its key: a repeat is answered with the same. */
export interface Standing {
  status: Status;
  claimedBy: string;
  decidedAt: string;
}

export const approvalKind: Kind<Approval, Command, ApprovalEvent> = {
  name: "approval",
  table: "approval",
  apart: ["receipts", "evidence"] satisfies (keyof Approval)[],
  codecs: codecs(
    "approval.opened",
    "approval.accepted",
    "approval.claimed",
    "approval.released",
    "approval.granted",
    "approval.refused",
    "approval.cancelled",
    "approval.withdrawal_refused",
  ),
  decide(state, command, now) {
    const { events } = decide(state, command, now);
    const at = now.toISOString();
    const after = events.reduce<Approval | null>(
      (current, event) => evolve(current, { ...event, at }),
      state,
    );
    if (!after) return { events };
    const { status, claimedBy, decidedAt } = after;
    return { events, answer: { status, claimedBy, decidedAt } satisfies Standing };
  },
  evolve,
  caseOf: (state) => state.caseId,
  unfinished,
};

export const viewingKind: Kind<viewing.Viewing, viewing.View, viewing.ViewingEvent> = {
  name: "viewing",
  table: "viewing",
  codecs: codecs("approval.viewed"),
  decide: viewing.decide,
  evolve: viewing.evolve,
  caseOf: (state) => state.caseId,
};
