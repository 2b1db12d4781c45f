// Days that are worked and days that are not, beyond what the platform knows: a year's arrangement that the State Council has
// announced since, and the holidays of ethnic areas.
import { z } from "zod";
import { Area, Day, Text } from "./words.ts";

const days = z.array(Day).max(120);

/** The State Council's notice for a year. */
export const AnnouncedYear = z.strictObject({
  year: z.number().int().min(2020).max(2100),
  off: days.min(1),
  worked: days.default([]),
});

/** Holidays of an area (Regulation on Public Holidays art. 4), by the first digits of its division codes. */
export const LocalHolidays = z.strictObject({
  name: Text,
  divisions: z.array(Area).min(1),
  off: days.min(1),
  worked: days.default([]),
});

export type AnnouncedYear = z.infer<typeof AnnouncedYear>;
export type LocalHolidays = z.infer<typeof LocalHolidays>;
