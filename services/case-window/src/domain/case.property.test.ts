import fc from "fast-check";
import { expect, test } from "vitest";
import { type CaseEvent, type CaseState, evolve, isHeld, isWithDepartment } from "./case.ts";
import { issued, Play, receipt, submission, words } from "./cases.fixture.ts";
import { caseKind } from "./decide.ts";
import {
  attempt,
  code,
  commandOf,
  finish,
  people,
  planOf,
  policies,
  product,
  recalled,
  receiptsOf,
  reports,
  shapes,
} from "./plays.fixture.ts";

/** As the journal does: every event through its bytes, the state through JSON. */
function fold(events: Play["events"]): CaseState {
  const state = events.reduce<CaseState | null>((current, { type, data, at, actor }) => {
    const { codec } = caseKind.codecs[type]!;
    const decoded = codec.decode(codec.encode(data as never).finish());
    const next = evolve(current, { type, data: decoded, at, actor } as CaseEvent & {
      at: string;
      actor: string;
    });
    return JSON.parse(JSON.stringify(next)) as CaseState;
  }, null);
  return state!;
}

/** What may still become of a result. */
const afterClosing: ReadonlySet<string> = new Set([
  "case.item_delivered",
  "case.item_revoked",
  // Of a grant that was taken back.
  "case.item_issued",
]);

/** Walks the events once: every item starts at most once, after what it waited for, and ends exactly once. */
function check(play: Play): void {
  const started = new Set<string>();
  const over = new Set<string>();
  let state: CaseState | null = null;
  for (const event of play.events) {
    if (state?.status === "closed") expect(afterClosing).toContain(event.type);
    if (event.type === "case.item_ready") {
      const about = event.data.item!.code;
      expect(started.has(about) || over.has(about)).toBe(false);
      for (const other of state!.items[about]!.waitedFor) expect(over).toContain(other);
      expect(state!.held).toBeUndefined();
      expect(event.data.receipts.filter((each) => each.state !== "proved")).toEqual([]);
      started.add(about);
    }
    if (event.type === "case.item_ended") {
      const { item: about, outcome, reasons } = event.data;
      expect(over.has(about)).toBe(false);
      if (["granted", "refused", "not_accepted"].includes(outcome)) expect(started).toContain(about);
      if (outcome === "not_possible") expect(reasons.length).toBeGreaterThan(0);
      over.add(about);
    }
    state = evolve(state, event);
  }
  expect(over.size).toBe(Object.keys(play.state!.items).length);
  expect(play.events.filter((event) => event.type === "case.closed")).toHaveLength(1);
  expect(play.events.filter((event) => !afterClosing.has(event.type)).at(-1)!.type).toBe("case.closed");
}

test("whatever the plan and whatever the order of reports, each item ends once, after what it waited for, and the case closes once", () => {
  fc.assert(
    fc.property(shapes, fc.boolean(), policies, reports, (all, guarded, policy, told) => {
      const play = new Play().open().answered(planOf(all, guarded, policy), people);
      const notNeeded = all.flatMap((shape, i) => (shape.held && i % 2 ? [code(i)] : []));
      play.do(submission(play.state!, receiptsOf(all), { notNeeded }));
      for (const report of told) attempt(play, commandOf(report));
      finish(play, all);
      check(play);
      expect(fold(play.events)).toEqual(JSON.parse(JSON.stringify(play.state)));
    }),
    { numRuns: 400 },
  );
});

test("a report told twice, or again later, gives the same case as told once", () => {
  fc.assert(
    fc.property(shapes, policies, reports, (all, policy, told) => {
      const played = (repeat: boolean) => {
        const play = new Play().open().answered(planOf(all, false, policy), people);
        play.do(submission(play.state!, receiptsOf(all)));
        // What registers say is news each time; everything else is said once.
        for (const command of told.filter(({ kind }) => kind !== "evidence").map(commandOf)) {
          attempt(play, command);
          if (repeat) attempt(play, command);
        }
        return play.state;
      };
      expect(played(true)).toEqual(played(false));
    }),
    { numRuns: 200 },
  );
});

test("under every refusal policy each item ends, or is held until the applicant's word, whichever department says no", () => {
  fc.assert(
    fc.property(
      shapes,
      policies,
      fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      (all, policy, no) => {
        const play = new Play().open().answered(planOf(all, false, policy), people);
        play.do(submission(play.state!, receiptsOf(all)));
        // Nobody says a word for the applicant; a withdrawal that is asked for is granted.
        for (let round = 0; round <= all.length; round++)
          all.forEach((shape, i) => {
            attempt(play, { type: "evidence", receipts: [receipt(code(i))] });
            if (play.state!.withdrawRequested) attempt(play, { type: "cancelled", item: code(i) });
            else if (no[i])
              attempt(play, { type: "refused", item: code(i), reasons: [words("no")], remedies: [] });
            attempt(play, { type: "granted", item: code(i), automatic: false });
            for (let n = 0; n < shape.products; n++)
              for (const { position } of people.filter((each) => each.role === product(i, n).role))
                attempt(play, issued(code(i), position, product(i, n)));
            recalled(play);
          });
        const open = Object.values(play.state!.items).filter(({ status }) => status !== "ended");
        expect(open.every(({ status }) => status === "waiting" && isHeld(play.state!))).toBe(true);
        if (open.length > 0) expect(policy).toBe("hold");
        else expect(play.state!.status).toBe("closed");
        const refused = Object.values(play.state!.items).some(({ outcome }) => outcome === "refused");
        const items = Object.values(play.state!.items);
        if (policy !== "hold" && policy !== "carry_on" && refused)
          expect(items.filter(isWithDepartment)).toEqual([]);
        // What stays says so; nothing else that was granted outlives a refusal.
        const shapeOf = (each: (typeof items)[number]) => all[Number(each.code.slice(1))]!;
        const kept = items.filter(({ granted, revoked }) => granted && !revoked);
        if (policy === "recall" && refused) expect(kept.every((each) => shapeOf(each).held)).toBe(true);
        if (policy !== "recall") expect(items.some(({ recallAsked }) => recallAsked)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});
