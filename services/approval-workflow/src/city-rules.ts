// What the city rules itself, as its catalogue has published it last: whose calendar counts, and how the departments' work is
// watched. Each replica keeps it in memory.
import { lights, type Supervision, tellees, usualSupervision } from "@onething/kernel/supervision";
import type { Database } from "@onething/postgres/database";
import { Calendars } from "@onething/service/heard-calendar";
import { z } from "zod";
import type { Rules } from "./domain/stroke.ts";

const watch = z.object({
  ...{ supervised: z.boolean(), yellow: z.number(), red: z.number() },
  // What was published before a light was known is told as usual.
  tell: z
    .partialRecord(z.enum(lights), z.enum(tellees))
    .transform((tell) => ({ ...usualSupervision.tell, ...tell })),
  ...{ warnDays: z.number(), secondLook: z.number() },
});
const codes = z.array(z.string()).optional();
const narrower = z.object({
  ...{ ...watch.partial().shape, items: codes, departments: codes },
  tell: z.partialRecord(z.enum(lights), z.enum(tellees)).optional(),
});
const Content = z.object({
  // What was published before cities had rules of their own has none.
  supervision: z
    .object({ ...watch.shape, rules: z.array(narrower) })
    .default({ ...usualSupervision, rules: [] }),
});

export class CityRules implements Rules {
  readonly #calendars = new Calendars();
  readonly calendarOf: Rules["calendarOf"] = this.#calendars.of;
  supervision: Supervision = usualSupervision;

  /** Number of the publication that counts; 0: none. */
  get number(): number {
    return this.#calendars.number;
  }

  /** True: a newer one was heard of, and counts from now on. */
  async look(db: Database): Promise<boolean> {
    if (!(await this.#calendars.look(db))) return false;
    this.supervision = Content.parse(JSON.parse(this.#calendars.content)).supervision;
    return true;
  }
}
