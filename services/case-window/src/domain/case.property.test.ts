import { Dates, Gap } from "@onething/contracts/approval/v1/events";
import { OnethingError } from "@onething/kernel/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CaseEvent, type CaseState, evolve, isHeld, isWithDepartment } from "./case.ts";
import {
  issued,
  item,
  noon,
  Play,
  pair,
  plan,
  receipt,
  subject,
  submission,
  waiting,
  words,
} from "./cases.fixture.ts";
import { type CaseCommand, caseKind } from "./decide.ts";

interface Shape {
  handling: string;
  held: boolean;
  /** Items before it, as hard or soft edges. */
  hard: number[];
  soft: number[];
  silent: boolean;
  products: number;
}

const kinds = [
  "accepted",
  "granted",
  "issued",
  "refused",
  "cancelled",
  "withdrawal_refused",
  "not_accepted",
  "supplement_requested",
  "supplement",
  "clock",
  "delivered",
  "revoked",
  "continue",
  "evidence",
] as const;
const policies = fc.constantFrom("carry_on", "hold", "withdraw");
interface Report {
  kind: (typeof kinds)[number] | "withdraw";
  item: number;
  position: number;
  answer: "proved" | "missing" | "unavailable";
}

const shapes = fc.array(
  fc.record({
    handling: fc.constantFrom("department", "automatic", "department", "offline"),
    held: fc.boolean(),
    hard: fc.array(fc.nat(6), { maxLength: 2 }),
    soft: fc.array(fc.nat(6), { maxLength: 2 }),
    silent: fc.boolean(),
    products: fc.nat(2),
  }),
  { minLength: 1, maxLength: 7 },
);
const reports: fc.Arbitrary<Report[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...kinds) },
      { weight: 1, arbitrary: fc.constant("withdraw" as const) },
    ),
    item: fc.nat(6),
    position: fc.nat(1),
    answer: fc.constantFrom("proved", "missing", "unavailable"),
  }),
  { maxLength: 60 },
);

const people = [subject("owner"), subject("heir", 0), subject("heir", 1)];
const code = (i: number) => `I${i}`;
const product = (i: number, n: number) => pair(`paper-${code(i)}-${n}`, n === 0 ? "owner" : "heir");

const productsOf = ({ products }: Shape, i: number) =>
  Array.from({ length: products }, (_, n) => ({ pair: product(i, n) }));

function planOf(all: Shape[], guarded: boolean, refusalPolicy = "carry_on") {
  return plan(
    all.map((shape, i) =>
      item(code(i), {
        handling: shape.handling,
        produces: productsOf(shape, i),
        after: shape.soft.filter((other) => other < i).map(code),
      }),
    ),
    { refusalPolicy, ...(guarded && { standing: { role: "owner", requirement: "proof-I0" } }) },
  );
}

const receiptsOf = (all: Shape[]) =>
  all.flatMap((shape, i) => [
    receipt(code(i), shape.silent ? { state: "unavailable" } : {}),
    ...shape.hard
      .filter((other) => other < i)
      .map((other) => waiting(code(i), code(other), { pair: product(other, 0) })),
  ]);

const gap = (n: number) =>
  Gap.fromPartial({ id: `${n + 1}.1`, what: words("blurred"), remedy: words("again") });
const answering = (about: string, n: number): CaseCommand => ({
  ...{ type: "supplement", item: about, by: "citizen:1", receipts: [] },
  ...{
    answers: [{ gap: gap(n).id, way: "words", sealedWords: "" }],
    forms: { [about]: { was: "", now: "" } },
  },
});

function commandOf({ kind, item: i, position, answer }: Report): CaseCommand {
  const about = code(i);
  switch (kind) {
    case "accepted":
      return { type: kind, item: about, dueOn: "2026-12-01", dueProvisional: false, how: "complete" };
    case "granted":
      return { type: kind, item: about, automatic: false };
    case "issued":
      return issued(about, position, product(i, position));
    case "refused":
      return { type: kind, item: about, reasons: [words("no")], remedies: [] };
    case "cancelled":
      return { type: kind, item: about };
    case "withdrawal_refused":
      return { type: kind, item: about, why: words("too late") };
    case "not_accepted": {
      const ground = answer === "missing" ? "not_needed" : "not_this_authority";
      return { type: kind, item: about, ground, reasons: [words("no")], rightBody: undefined, remedies: [] };
    }
    case "supplement_requested":
      return { type: kind, item: about, gaps: [gap(position)] };
    case "supplement":
      return answering(about, position);
    case "clock": {
      const what = ({ proved: "paused", missing: "resumed", unavailable: "extended" } as const)[answer]!;
      const dates = Dates.fromPartial({ dueOn: `2026-12-1${position}` });
      return { type: kind, item: about, what, dates, why: undefined, procedure: "hearing", untilOn: "" };
    }
    case "delivered":
      return { type: kind, item: about, how: "post" };
    case "revoked":
      return { type: kind, item: about, reasons: [words("unlawful")], remedies: [] };
    case "continue":
      return { type: kind, by: "citizen:1" };
    case "evidence":
      return { type: kind, receipts: [receipt(about, { state: answer, why: words(answer) })] };
    case "withdraw":
      return { type: kind, by: "citizen:1" };
  }
}

/** A report the law refuses changes nothing. */
function attempt(play: Play, command: CaseCommand): void {
  try {
    play.do(command);
  } catch (error) {
    if (!(error instanceof OnethingError)) throw error;
  }
  if (play.state?.status === "running") expect(caseKind.unfinished!(play.state, noon)).toBeUndefined();
}

/** In the end every register answers, the applicant goes on, every department decides, and the registry issues. */
function finish(play: Play, all: Shape[]): void {
  for (let round = 0; round < 2 * all.length + 2 && play.state!.status === "running"; round++) {
    attempt(play, { type: "continue", by: "citizen:1" });
    all.forEach((shape, i) => {
      attempt(play, { type: "evidence", receipts: [receipt(code(i))] });
      attempt(play, { type: "granted", item: code(i), automatic: false });
      for (let n = 0; n < shape.products; n++)
        for (const { position } of people.filter((each) => each.role === product(i, n).role))
          attempt(play, issued(code(i), position, product(i, n)));
    });
  }
}

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
          });
        const open = Object.values(play.state!.items).filter(({ status }) => status !== "ended");
        expect(open.every(({ status }) => status === "waiting" && isHeld(play.state!))).toBe(true);
        if (open.length > 0) expect(policy).toBe("hold");
        else expect(play.state!.status).toBe("closed");
        const refused = Object.values(play.state!.items).some(({ outcome }) => outcome === "refused");
        if (policy === "withdraw" && refused)
          expect(Object.values(play.state!.items).filter(isWithDepartment)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
