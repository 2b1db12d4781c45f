// The law of the calendar's root: what was announced is published once; the same content again is no new version.
import type { EventOf } from "@onething/events/names";
import type { Decision, Happened } from "@onething/journal/journal";

export interface CalendarState {
  version: number;
  digest: string;
}

export interface PublishCalendar {
  type: "publish";
  digest: string;
  /** The entries as one JSON document. */
  content: string;
}

export type CalendarEvent = EventOf<"catalog.calendar_published">;

export function decide(
  state: CalendarState | null,
  { digest, content }: PublishCalendar,
): Decision<CalendarEvent> {
  if (state?.digest === digest) return { events: [] };
  const version = (state?.version ?? 0) + 1;
  return { events: [{ type: "catalog.calendar_published", data: { version, digest, content } }] };
}

export const evolve = (_: CalendarState | null, { data }: Happened<CalendarEvent>): CalendarState => ({
  version: data.version,
  digest: data.digest,
});
