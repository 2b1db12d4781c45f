// The kinds of roots that this service keeps in its journal.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import { type BundleEvent, type BundleState, decide, evolve, type Publish } from "./domain/bundle-law.ts";
import * as calendar from "./domain/calendar-law.ts";

export const bundleKind: Kind<BundleState, Publish, BundleEvent> = {
  name: "bundle",
  table: "bundle",
  codecs: codecs("catalog.published"),
  decide,
  evolve,
};

export const calendarKind: Kind<calendar.CalendarState, calendar.PublishCalendar, calendar.CalendarEvent> = {
  name: "calendar",
  table: "calendar",
  codecs: codecs("catalog.calendar_published"),
  decide: calendar.decide,
  evolve: calendar.evolve,
};
