// The evidence root as the journal keeps it: the law of domain/evidence.ts with its table and its codecs.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import {
  decide,
  type EvidenceCommand,
  type EvidenceEvent,
  type EvidenceState,
  evolve,
  timers,
  unfinished,
} from "./domain/evidence.ts";

export const evidence: Kind<EvidenceState, EvidenceCommand, EvidenceEvent> = {
  name: "evidence",
  table: "evidence",
  codecs: codecs("evidence.requested", "evidence.retry_due", "evidence.resolved"),
  decide,
  evolve,
  timers,
  onTimer: () => ({ type: "retryDue" }),
  caseOf: (state) => state.caseId,
  unfinished,
};
