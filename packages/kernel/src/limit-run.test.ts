import fc from "fast-check";
import { expect, test } from "vitest";
import { addWorkingDays, type Limit, nationalCalendar, workingDaysBetween } from "./calendar.ts";
import { startOfDay } from "./civil-date.ts";
import { dateAt, forward, isGuess, lives, resumed, shifted, walkedDue } from "./ledger.fixture.ts";
import { daysOf, dueOf, lightOf, lightTurnsOn, type Owner, type Turn, usualThresholds } from "./ledger.ts";

const n = fc.oneof(fc.constantFrom(0, 1, 3, 5, 10, 20, 30, 45, 60), fc.nat(70));
const workingDays = n.map((count): Limit => ({ n: count, unit: "workingDay" }));
const dayLimits = fc.oneof(
  workingDays,
  n.map((count): Limit => ({ n: count, unit: "day" })),
  fc.nat(4).map((count): Limit => ({ n: count, unit: "month" })),
);
const hourLimits = fc.nat(100).map((count): Limit => ({ n: count, unit: "hour" }));
/** The end of a date in a zone, but for a moment. */
const endOfDate = (date: string, zone: string): string =>
  new Date(+startOfDay(shifted(date, 1), zone) - 1).toISOString();

test("arts. 42, 45, 82: a limit ends where walking day by day ends, whatever was stopped, and says when it rests on a guess", () => {
  fc.assert(
    fc.property(lives(), dayLimits, (life, limit) => {
      const { calendar, turns, from, now, zone } = life;
      const due = dueOf(calendar, limit, turns, from, now, zone);
      expect(due.on).toBe(walkedDue(life, limit));
      const guess =
        limit.unit === "workingDay" && limit.n > 0 && isGuess(calendar, dateAt(from, zone), due.on);
      expect(due.provisional).toBe(guess);
      expect(due.stopped).toBe(turns.at(-1)!.owner !== "department");
    }),
    { numRuns: 400 },
  );
});

test("arts. 42, 45: a limit in hours ends where walking minute by minute ends", () => {
  fc.assert(
    fc.property(lives(undefined, 2), hourLimits, (life, limit) => {
      const { calendar, turns, from, now, zone } = life;
      expect(dueOf(calendar, limit, turns, from, now, zone).on).toBe(walkedDue(life, limit));
    }),
    { numRuns: 60 },
  );
});

test("arts. 42, 82: at the end of the due date the ledger counts exactly n days of the department, the day before fewer", () => {
  fc.assert(
    fc.property(lives(), workingDays, ({ calendar, turns, from, now, zone }, limit) => {
      const { on } = dueOf(calendar, limit, turns, from, now, zone);
      const whole = forward(resumed(turns, from, now));
      const before = daysOf(calendar, whole, from, zone).department;
      const usedBy = (date: string) =>
        daysOf(calendar, whole, endOfDate(date, zone), zone).department - before;
      expect(usedBy(on)).toBe(limit.n);
      // Unless it was stopped on its last day: then it ends on the day it is taken up again.
      const takenUp = whole.some((turn) => turn.owner === "department" && dateAt(turn.from, zone) === on);
      if (limit.n > 0 && !takenUp) expect(usedBy(shifted(on, -1))).toBe(limit.n - 1);
    }),
    { numRuns: 300 },
  );
});

test("art. 45: what a special procedure takes moves the due date by exactly the working days it took", () => {
  const pauses = fc.record({ begins: fc.double({ min: 0, max: 1, noNaN: true }), lasts: fc.nat(40 * 1440) });
  fc.assert(
    fc.property(lives(), workingDays, pauses, ({ calendar, from, zone }, limit, { begins, lasts }) => {
      const start: Turn = { from, owner: "department" };
      const plain = dueOf(calendar, limit, [start], from, from, zone).on;
      const last = Date.parse(endOfDate(plain, zone));
      const pausedAt = Math.floor(Date.parse(from) + begins * (last - Date.parse(from)));
      const back = new Date(pausedAt + lasts * 60_000).toISOString();
      const turns: Turn[] = [
        start,
        { from: new Date(pausedAt).toISOString(), owner: "pause" },
        { from: back, owner: "department" },
      ];
      const moved = dueOf(calendar, limit, turns, from, back, zone).on;
      expect(workingDaysBetween(calendar, plain, moved)).toBe(daysOf(calendar, turns, back, zone).pause);
      // Time passing in the department's hands moves nothing, not even when the limit has long run out.
      const longAfter = new Date(Date.parse(back) + 200 * 86_400_000).toISOString();
      expect(dueOf(calendar, limit, turns, from, longAfter, zone).on).toBe(moved);
    }),
    { numRuns: 300 },
  );
});

const rank = { green: 0, yellow: 1, red: 2, overdue: 3 };

test("a light never goes back as time passes and turns change, but for a longer limit", () => {
  const next = fc.record({
    wait: fc.nat(30 * 1440),
    owner: fc.constantFrom<Owner>("department", "applicant", "pause"),
    rest: fc.nat(30 * 1440),
  });
  fc.assert(
    fc.property(
      lives(),
      fc.oneof(dayLimits, hourLimits),
      next,
      fc.nat(30),
      (life, limit, { wait, owner, rest }, more) => {
        const { calendar, turns, from, now, zone } = life;
        const seen = (given: Limit, whose: readonly Turn[], when: string) =>
          lightOf(calendar, given, whose, from, when, usualThresholds, zone);
        const reached = resumed(turns, from, now).at(-1)!.from;
        const turned = new Date(Date.parse(reached) + wait * 60_000).toISOString();
        const then = new Date(Date.parse(turned) + rest * 60_000).toISOString();
        const first = seen(limit, turns, now);
        const second = seen(limit, [...turns, { from: turned, owner }], then);
        expect(rank[second.light]).toBeGreaterThanOrEqual(rank[first.light]);
        expect(second.share).toBeGreaterThanOrEqual(first.share);
        const longer = seen({ ...limit, n: limit.n + more }, turns, now);
        if (limit.n > 0) expect(rank[longer.light]).toBeLessThanOrEqual(rank[first.light]);
      },
    ),
    { numRuns: 400 },
  );
});

test("a light turns at the instant foretold and not a millisecond before, and is overdue exactly past the due date", () => {
  fc.assert(
    fc.property(lives(), fc.oneof(dayLimits, hourLimits), (life, limit) => {
      const { calendar, from, now, zone } = life;
      const turns = resumed(life.turns, from, now);
      const reached = turns.at(-1)!.from;
      const begins = lightTurnsOn(calendar, limit, life.turns, from, now, usualThresholds, zone);
      for (const light of ["yellow", "red", "overdue"] as const) {
        if (begins[light] <= reached) continue;
        const seen = (instant: number) =>
          lightOf(calendar, limit, turns, from, new Date(instant).toISOString(), usualThresholds, zone).light;
        const instant = Date.parse(begins[light]);
        expect(rank[seen(instant)]).toBeGreaterThanOrEqual(rank[light]);
        expect(rank[seen(instant - 1)]).toBeLessThan(rank[light]);
      }
      expect(begins.yellow <= begins.red && begins.red <= begins.overdue).toBe(true);
      if (limit.unit !== "hour" || limit.n === 0) {
        const { on } = dueOf(calendar, limit, life.turns, from, now, zone);
        expect(begins.overdue).toBe(startOfDay(shifted(on, 1), zone).toISOString());
      }
    }),
    { numRuns: 400 },
  );
});

test("arts. 42, 82: without a stop a limit ends where its working days end", () => {
  fc.assert(
    fc.property(lives(), workingDays, ({ calendar, from, now, zone }, limit) => {
      const { on, provisional } = dueOf(calendar, limit, [{ from, owner: "department" }], from, now, zone);
      expect({ date: on, provisional }).toEqual(addWorkingDays(calendar, dateAt(from, zone), limit.n));
    }),
  );
  expect(() =>
    dueOf(
      nationalCalendar,
      { n: 1e9, unit: "workingDay" },
      [],
      "2026-01-05T00:00:00Z",
      "2026-01-05T00:00:00Z",
    ),
  ).toThrow(RangeError);
});
