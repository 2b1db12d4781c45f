// Whose calendar counts, for every service that counts days: the State Council's as the platform knows it, with the years announced
// since and the holidays of the division. The catalogue publishes them; each service keeps what it heard last as a root of its
// own journal (a table `calendar` beside its others), and each replica of it looks there from time to time.
import type { CatalogCalendarPublished } from "@onething/contracts/catalog/v1/events";
import type { Consumer } from "@onething/events/consumer";
import { codecs, type EventOf } from "@onething/events/names";
import type { Journal, Kind } from "@onething/journal/journal";
import {
  type Calendar,
  calendarOf,
  type LocalCalendar,
  nationalCalendar,
  withAnnouncement,
} from "@onething/kernel/calendar";
import type { Database } from "@onething/postgres/database";
import { z } from "zod";
import type { Log } from "./log.ts";
import { keepLooking as keepLookingFor, type Looking } from "./looking.ts";

export interface CalendarHeard {
  /** Of the publication. */
  number: number;
  content: string;
}
interface Hear {
  type: "hear";
  published: CatalogCalendarPublished;
}

/** The event by which a service remembers it; each has its own, for an event's name says whose journal carries it. */
type Heard = EventOf<"calendar.heard" | "case.calendar_heard">;
export type CalendarKind = Kind<CalendarHeard, Hear, Heard>;

/** The calendar as it was published last; an older word that comes late changes nothing. */
export const calendarKindOf = (type: Heard["type"]): CalendarKind => ({
  name: "calendar",
  table: "calendar",
  codecs: codecs(type),
  decide: (state, { published: { version: number, content } }) => ({
    events: state && state.number >= number ? [] : [{ type, data: { number, content } }],
  }),
  evolve: (_, { data }) => data,
});

/** Announced years and local holidays, from the catalogue. */
export const calendarConsumer = (
  name: string,
  { journal, kind }: { journal: Journal; kind: CalendarKind },
): Consumer => ({
  name,
  topics: ["onething.catalog"],
  types: ["catalog.calendar_published"],
  async handle({ id, type, data: published, trace }) {
    if (type !== "catalog.calendar_published") return;
    const by = { actor: `consumer:${name}`, key: `${id}:hear`, trace };
    await journal.submit(kind, "city", { type: "hear", published }, by);
  },
});

const days = z.array(z.string());
const Content = z.object({
  announcedYears: z.array(z.object({ year: z.number(), off: days, worked: days })),
  localHolidays: z.array(
    z.object({
      ...{ name: z.object({ zh: z.string(), en: z.string() }), divisions: days, off: days, worked: days },
    }),
  ),
});

export class Calendars {
  #base: Calendar = nationalCalendar;
  #locals: readonly LocalCalendar[] = [];
  #number = 0;
  #content = "{}";

  /** Of a division; the national one where nothing else was published. */
  readonly of = (division: string): Calendar => calendarOf(division, this.#locals, this.#base);

  /** Number of the publication that counts; 0: none. */
  get number(): number {
    return this.#number;
  }

  /** The whole publication, for whoever needs more of it than days. */
  get content(): string {
    return this.#content;
  }

  /** True: a newer one was heard of, and counts from now on. */
  async look(db: Database): Promise<boolean> {
    const [row] = await db.query<{ state: CalendarHeard }>(
      "select state from calendar where id = 'city'",
      [],
      "heard_calendar",
    );
    if (!row || row.state.number === this.#number) return false;
    const { announcedYears, localHolidays } = Content.parse(JSON.parse(row.state.content));
    this.#base = announcedYears.reduce<Calendar>(withAnnouncement, nationalCalendar);
    this.#locals = localHolidays;
    this.#content = row.state.content;
    this.#number = row.state.number;
    return true;
  }
}

/** How often a replica looks whether another calendar counts. */
const lookMs = 2000;

export type { Looking };

export const keepLooking = (look: () => Promise<unknown>, log: Log): Looking =>
  keepLookingFor("a newer calendar", look, lookMs, log);
