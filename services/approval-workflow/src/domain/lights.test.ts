import { lights, type Narrower, usualSupervision } from "@onething/kernel/supervision";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nextLight } from "./lights.ts";
import { acts, answered, li, Play, words } from "./play.fixture.ts";
import { nationalRules } from "./stroke.ts";

/** Lets the journal's timers speak until `until`: each fires at its instant, and once at the most. */
function runTo(play: Play, until: string): Play {
  for (const _ of lights) {
    const next = nextLight(play.state);
    if (!next || next.at > until) break;
    play.now = new Date(next.at > play.now.toISOString() ? next.at : play.now);
    const before = play.events.length;
    play.do({ type: "warn", light: next.light });
    expect(play.events.length).toBe(before + 1);
  }
  play.now = new Date(until);
  return play;
}
const told = (play: Play) =>
  play.events.flatMap((event) =>
    event.type === "approval.warned" ? [[event.data.light, event.data.to, event.at.slice(0, 10)]] : [],
  );

test("past half of the promised time it is yellow, past nine tenths red, past all of it overdue; each goes one level up", () => {
  // Ten working days from Monday the 21st: the sixth is the 30th, the tenth 12 October.
  const play = new Play({ promised: { n: 10, unit: "workingDay", from: "accepted" } })
    .on("2026-09-21")
    .do(acts.accept());
  runTo(play, "2026-12-31T00:00:00.000Z");
  expect(told(play)).toEqual([
    ["yellow", "officer", "2026-09-29"],
    ["red", "chief", "2026-10-11"],
    ["overdue", "supervisor", "2026-10-12"],
  ]);
});

const tenDays = { promised: { n: 10, unit: "workingDay", from: "accepted" } };
/** A city's rules about the item of these tests. */
const ruling = (rule: Narrower) => ({
  ...nationalRules,
  supervision: { ...usualSupervision, rules: [{ items: ["X1"], ...rule }] },
});
/** From now on the city rules so, and open work is counted again. */
function ruled(play: Play, rule: Narrower): Play {
  play.rules = ruling(rule);
  return play.do({ type: "recount" });
}

test("shares and levels are the city's: its rule says when each light turns, and who is told", () => {
  const rule: Narrower = { yellow: 0.2, red: 0.5, tell: { yellow: "chief", red: "supervisor" } };
  const play = ruled(new Play(tenDays).on("2026-09-21"), rule).do(acts.accept());
  expect(told(runTo(play, "2026-12-31T00:00:00.000Z"))).toEqual([
    ["yellow", "chief", "2026-09-23"],
    ["red", "supervisor", "2026-09-29"],
    ["overdue", "supervisor", "2026-10-12"],
  ]);
});

test("when the city's rules change, open work is counted again: a light that was told is not told again, another level is", () => {
  const play = new Play(tenDays).on("2026-09-21").do(acts.accept());
  runTo(play, "2026-09-30T02:00:00.000Z");
  ruled(play, { yellow: 0.7, red: 0.8, tell: { red: "officer" } });
  expect(play.types.at(-1)).toBe("recounted");
  const { dueOn } = play.state;
  expect(play.last("approval.recounted").dates).toMatchObject({ dueOn });
  expect(play.do({ type: "recount" }).types.filter((type) => type === "recounted")).toHaveLength(1);
  expect(told(runTo(play, "2026-12-31T00:00:00.000Z")).map(([light, to]) => [light, to])).toEqual([
    ["yellow", "officer"],
    ["red", "officer"],
    ["overdue", "supervisor"],
  ]);
});

test("work that is left out of supervision turns no light; left in again, it tells what was not told", () => {
  const play = new Play(tenDays).on("2026-09-21").do(acts.accept());
  ruled(play, { supervised: false });
  expect(nextLight(play.state)).toBeUndefined();
  expect(play.state).toMatchObject({ yellowAt: "", redAt: "", overdueAt: "", dueOn: "2026-10-12" });
  ruled(play.on("2026-10-09"), {});
  expect(told(runTo(play, "2026-12-31T00:00:00.000Z")).map(([light]) => light)).toEqual([
    "yellow",
    "red",
    "overdue",
  ]);
});

test("silence is told as many working days before its last day as the city says (arts. 32, 50)", () => {
  // Over a weekend it is told before the weekend, not in it: five working days after a Monday end on a Monday.
  const monday = ruled(new Play({}, {}, new Date("2026-11-23T02:00:00.000Z")), {});
  expect(told(runTo(monday, "2026-12-01T00:00:00.000Z"))).toEqual([["acceptance", "officer", "2026-11-26"]]);
  const quiet = ruled(new Play(), { warnDays: 2, tell: { acceptance: "chief" } });
  expect(told(runTo(quiet, "2026-09-23T16:00:00.000Z"))).toEqual([["acceptance", "chief", "2026-09-21"]]);
});

test("a pause puts the lights off by its working days, and what was told is not told again", () => {
  const ten = { promised: { n: 10, unit: "workingDay", from: "accepted" } };
  const play = new Play(ten).on("2026-09-21").do(acts.accept());
  runTo(play, "2026-09-30T02:00:00.000Z").do(acts.pause());
  expect(nextLight(play.state)).toMatchObject({ light: "procedure" });
  play.on("2026-10-12").do(acts.resume());
  runTo(play, "2026-12-31T00:00:00.000Z");
  expect(told(play).map(([light]) => light)).toEqual(["yellow", "red", "overdue"]);
  expect(told(play)[1]![2]! > "2026-10-11").toBe(true);
});

test("art. 45: a procedure that takes longer than the applicant was told is told about, unless nobody watches", () => {
  const paused = () => new Play().on("2026-09-21").do(acts.accept(), acts.pause(li, 3));
  const over = runTo(paused(), "2026-12-31T00:00:00.000Z");
  expect(told(over).at(-1)).toEqual(["procedure", "chief", "2026-09-24"]);
  const ended = runTo(paused(), "2026-09-24T15:59:00.000Z").do(acts.resume());
  expect(told(runTo(ended, "2026-12-31T00:00:00.000Z")).map(([light]) => light)).not.toContain("procedure");
  const secret = ruled(paused(), { supervised: false }).on("2026-12-31");
  expect(told(secret.do({ type: "warn", light: "procedure" }))).toEqual([]);
});

test("the working day before silence accepts (art. 32) or grants (art. 50), somebody is told", () => {
  const quiet = runTo(new Play(), "2026-09-23T16:00:00.000Z");
  expect(told(quiet)).toEqual([["acceptance", "officer", "2026-09-22"]]);
  const renewal = new Play({ silence: words("art. 50"), promised: undefined }, { silentResult: "s1.k.r" });
  renewal.on("2026-09-21").do(acts.accept());
  runTo(renewal, "2026-10-25T16:00:00.000Z");
  expect(told(renewal).at(-1)).toEqual(["silence", "supervisor", "2026-10-22"]);
});

test("a light that comes too late, twice, or for what is decided or stopped says nothing", () => {
  const play = new Play().on("2026-09-21").do(acts.accept());
  for (const light of lights) expect(play.outcome({ type: "warn", light })).toBe("");
  play.on("2026-12-01");
  expect(play.outcome({ type: "warn", light: "red" })).toBe("");
  expect(play.do({ type: "warn", light: "yellow" }).outcome({ type: "warn", light: "yellow" })).toBe("");
  play.do(acts.grant());
  for (const light of lights) expect(play.outcome({ type: "warn", light })).toBe("");
});

test("whatever happens to it, no light is told twice, and never an earlier one after a later one", () => {
  const step = fc.oneof(
    fc.constantFrom(acts.accept(), acts.pause(), acts.resume(), acts.extend(), acts.supplement(li)),
    fc.constant(answered(["1.1", "value"], ["1.2", "evidence"])),
  );
  const order = ["acceptance", "yellow", "red", "overdue"];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(step, fc.nat(12)), { maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, n) => {
        const play = new Play({ promised: { n, unit: "workingDay", from: "accepted" } });
        for (const [command, days] of steps) {
          runTo(play, new Date(play.now.getTime() + days * 86_400_000).toISOString());
          if (!/^(conflict|invalid)/.test(play.outcome(command))) play.do(command);
        }
        runTo(play, "2027-12-31T00:00:00.000Z");
        const seen = told(play).map(([light]) => order.indexOf(light!));
        const later = seen.filter((each) => each > 0);
        expect(later).toEqual([...new Set(later)].toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 300 },
  );
});
