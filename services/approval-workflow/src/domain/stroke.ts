// What every rule of the law works with: the state, the instant, the city's rules, and the events so far.
import type { Dates } from "@onething/contracts/approval/v1/events";
import { type Calendar, nationalCalendar } from "@onething/kernel/calendar";
import { type Supervision, usualSupervision, type Watch, watchOf } from "@onething/kernel/supervision";
import type { Approval, ApprovalEvent } from "./approval.ts";
import { datesOf } from "./clock.ts";
import { evolve } from "./evolve.ts";

/** What a city rules itself: whose calendar counts, and how the departments' work is watched. */
export interface Rules {
  calendarOf(division: string): Calendar;
  supervision: Supervision;
}
export const nationalRules: Rules = {
  calendarOf: () => nationalCalendar,
  supervision: usualSupervision,
};

/** One stroke of the law: all its events share the instant and the calendar of the division. */
export class Stroke {
  readonly events: ApprovalEvent[] = [];
  readonly now: Date;
  readonly calendar: Calendar;
  /** How this piece of work is watched. */
  readonly watch: Watch;
  state: Approval;

  constructor(state: Approval, now: Date, rules: Rules) {
    this.state = state;
    this.now = now;
    this.calendar = rules.calendarOf(state.division);
    this.watch = watchOf(rules.supervision, { item: state.itemCode, department: state.department });
  }

  /** The dates as they stand, by the city's rules. */
  datesOf(of: Approval): Dates {
    return datesOf(this.calendar, of, this.now, this.watch);
  }

  add(event: ApprovalEvent): this {
    this.state = evolve(this.state, { ...event, at: this.now.toISOString() });
    this.events.push(event);
    return this;
  }

  /** An event that moves the clock tells the dates as they stand after it. */
  addDated(event: (dates: Dates | undefined) => ApprovalEvent): this {
    const after = evolve(this.state, { ...event(undefined), at: this.now.toISOString() });
    return this.add(event(this.datesOf(after)));
  }

  get about() {
    const { id, caseId, itemCode: item } = this.state;
    return { id, caseId, item };
  }
}
