import { nationalCalendar, workingDaysBetween } from "@onething/kernel/calendar";
import { addDays, civilDate } from "@onething/kernel/civil-date";
import type { Owner } from "@onething/kernel/ledger";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Play, receipt, submission } from "./cases.fixture.ts";
import { ledgerOf } from "./ledger.ts";
import {
  attempt,
  code,
  commandOf,
  finish,
  people,
  planOf,
  policies,
  receiptsOf,
  reports,
  shapes,
} from "./plays.fixture.ts";

const start = Date.parse("2026-09-21T02:00:00Z");
/** Hours until the next thing happens: mostly some, now and then many days, or a clock that is set back. */
const gaps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 2, arbitrary: fc.integer({ min: 20, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: -48, max: 0 }) },
  ),
  { minLength: 62, maxLength: 62 },
);

type Told = Play["events"][number];

/** Slow and from what happened alone: in whose hands each item is, told once more from the beginning. */
function ownerAfter(events: readonly Told[]): Owner | undefined {
  const desks = new Map<string, Owner>();
  const waiting = new Set<string>();
  const proofs = new Map<string, string>();
  const recalled = new Set<string>();
  const ended = new Set<string>();
  let held = false;
  for (const { type, data } of events) {
    if (type === "case.answered") for (const item of data.plan!.items) waiting.add(item.code);
    if (type === "case.submitted" || type === "case.evidence_updated")
      for (const { item, requirement, state } of data.receipts) proofs.set(`${item}/${requirement}`, state);
    if (type === "case.item_ready") {
      waiting.delete(data.item!.code);
      desks.set(data.item!.code, "department");
    }
    if (type === "case.item_supplement_requested") desks.set(data.item, "applicant");
    if (type === "case.item_supplemented") desks.set(data.item, "department");
    if (type === "case.item_accepted" && desks.get(data.item) === "applicant")
      desks.set(data.item, "department");
    if (type === "case.item_clock") {
      if (data.what === "paused") desks.set(data.item, "pause");
      else if (desks.get(data.item) === "pause") desks.set(data.item, "department");
    }
    if (type === "case.item_decided") desks.set(data.item, "department");
    if (type === "case.recall_requested")
      for (const item of data.items) {
        recalled.add(item);
        desks.set(item, "department");
      }
    if (type === "case.item_revoked") recalled.delete(data.item);
    if (type === "case.item_ended") waiting.delete(data.item);
    if (type === "case.item_ended") ended.add(data.item);
    if (type === "case.item_ended" || type === "case.item_revoked")
      if (ended.has(data.item) && !recalled.has(data.item)) desks.delete(data.item);
    if (type === "case.held") held = true;
    if (type === "case.continued") held = false;
  }
  const silent = new Set(
    [...proofs].flatMap(([proof, state]) => (state === "unavailable" ? [proof.split("/")[0]] : [])),
  );
  const owners = [...desks.values()];
  if (owners.includes("department") || [...waiting].some((each) => silent.has(each))) return "department";
  if (owners.includes("pause")) return "pause";
  return owners.includes("applicant") || (held && waiting.size > 0) ? "applicant" : undefined;
}

/** Dates of a clock that never goes back. */
function datesOf(events: readonly Told[]): string[] {
  let latest = "";
  return events.map(({ at }) => {
    const date = civilDate(at);
    if (date > latest) latest = date;
    return latest;
  });
}

test("arts. 32, 42, 45, 82: whatever happens, each working day after the submission has one owner, and the three sum to the calendar's days", () => {
  fc.assert(
    fc.property(shapes, policies, reports, gaps, fc.boolean(), (all, policy, told, hours, ends) => {
      const play = new Play().open().answered(planOf(all, false, policy), people);
      let at = start;
      play.do(submission(play.state!, receiptsOf(all)), new Date(at));
      told.forEach((report, i) => {
        at += hours[i]! * 3_600_000;
        attempt(play, commandOf(report), new Date(at));
      });
      at += hours.at(-1)! * 3_600_000;
      if (ends) finish(play, all, new Date(at));
      const submitted = play.events.findIndex(({ type }) => type === "case.submitted");
      const closed = play.events.findIndex(({ type }) => type === "case.closed");
      const lived = play.events.slice(0, closed < 0 ? undefined : closed + 1);
      const dates = datesOf(
        lived.map((event, i) => (i < submitted ? { ...event, at: "2000-01-01T00:00:00Z" } : event)),
      );
      const from = dates[submitted]!;
      const now = closed < 0 ? civilDate(new Date(at)) : "";
      const until = [dates.at(-1)!, now].toSorted().at(-1)!;

      const ledger = ledgerOf(nationalCalendar, play.events, new Date(at))!;
      expect(ledger).toMatchObject({ from, until });
      const { department, applicant, pause } = ledger.days;
      expect(department + applicant + pause).toBe(workingDaysBetween(nationalCalendar, from, until));

      const walked: { date: string; owner: Owner | undefined }[] = [];
      for (let date = addDays(from, 1); date <= until; date = addDays(date, 1))
        if (nationalCalendar.isWorkingDay(date))
          walked.push({ date, owner: ownerAfter(lived.filter((_, i) => dates[i]! < date)) });
      expect(ledger.each.map(({ date, owner }) => ({ date, owner }))).toEqual(walked);
      for (const { owner, departments } of ledger.each)
        expect(departments.length > 0).toBe(owner === "department");
      for (const owner of ["department", "applicant", "pause"] as const)
        expect(ledger.days[owner]).toBe(walked.filter((each) => each.owner === owner).length);
      for (const { code: department, days } of ledger.departments)
        expect(days).toBe(ledger.each.filter(({ departments }) => departments.includes(department)).length);
      for (const { days, used } of ledger.items) expect(used).toBeLessThanOrEqual(days.department);
    }),
    { numRuns: 300 },
  );
});

test("of a case with one item that needs nobody else, the case's days are its item's", () => {
  const alone = shapes.map(([first]) => [{ ...first!, handling: "department", silent: false, products: 0 }]);
  fc.assert(
    fc.property(alone, reports, gaps, (all, told, hours) => {
      const play = new Play().open().answered(planOf(all, false), people);
      let at = start;
      play.do(submission(play.state!, [receipt(code(0))]), new Date(at));
      told.forEach((report, i) => {
        at += hours[i]! * 3_600_000;
        if (report.kind !== "evidence") attempt(play, commandOf({ ...report, item: 0 }), new Date(at));
      });
      const { days, items } = ledgerOf(nationalCalendar, play.events, new Date(at))!;
      expect(items.map((item) => item.days)).toEqual([days]);
    }),
    { numRuns: 200 },
  );
});
