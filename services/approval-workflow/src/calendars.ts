// Whose calendar counts: the State Council's as the platform knows it, with the years announced since and the holidays of the
// division. Each replica keeps it in memory and looks from time to time whether a newer one was heard of; then every open date that
// rests on a guess is counted again.

import {
  type Calendar,
  calendarOf,
  type LocalCalendar,
  nationalCalendar,
  withAnnouncement,
} from "@onething/kernel/calendar";
import type { Database } from "@onething/postgres/database";
import { z } from "zod";
import { heardCalendar } from "./store.ts";

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

  /** Of a division; the national one where nothing else was published. */
  readonly of = (division: string): Calendar => calendarOf(division, this.#locals, this.#base);

  /** Number of the publication that counts; 0: none. */
  get number(): number {
    return this.#number;
  }

  /** True: a newer one was heard of, and counts from now on. */
  async look(db: Database): Promise<boolean> {
    const heard = await heardCalendar(db);
    if (!heard || heard.number === this.#number) return false;
    const { announcedYears, localHolidays } = Content.parse(JSON.parse(heard.content));
    this.#base = announcedYears.reduce<Calendar>(withAnnouncement, nationalCalendar);
    this.#locals = localHolidays;
    this.#number = heard.number;
    return true;
  }
}
