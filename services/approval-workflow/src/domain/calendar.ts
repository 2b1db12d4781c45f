// The calendar as the catalogue has published it last; an older word that comes late changes nothing.
import type { CatalogCalendarPublished } from "@onething/contracts/catalog/v1/events";
import type { EventOf } from "@onething/events/names";

export interface CalendarHeard {
  /** Of the publication. */
  number: number;
  content: string;
}
export interface Hear {
  type: "hear";
  published: CatalogCalendarPublished;
}
export type CalendarEvent = EventOf<"calendar.heard">;

export function decide(state: CalendarHeard | null, { published }: Hear): { events: CalendarEvent[] } {
  if (state && state.number >= published.version) return { events: [] };
  const { version: number, content } = published;
  return { events: [{ type: "calendar.heard", data: { number, content } }] };
}

export const evolve = (_: CalendarHeard | null, { data }: CalendarEvent): CalendarHeard => data;
