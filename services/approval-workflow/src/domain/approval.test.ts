import { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { OnethingError } from "@onething/kernel/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Approval,
  type ApprovalEvent,
  approvalId,
  type Command,
  decide,
  evolve,
  next,
  type Official,
  type Ready,
  type Status,
  unfinished,
} from "./approval.ts";

const at = new Date("2026-09-18T02:00:00.000Z");
const item = PlannedItem.fromPartial({
  code: "X1",
  handling: "department",
  department: { code: "police" },
  promised: { n: 5, unit: "workingDay", from: "accepted" },
  legal: { n: 20, unit: "workingDay", from: "accepted" },
  conditions: [{ id: "c1", rule: "true" }],
});
const ready: Ready = {
  caseId: "case-1",
  caseNumber: "N1",
  bundle: "b",
  item,
  subjects: [],
  answers: {},
  sealedForm: "",
  receipts: [],
  evidence: [],
};
const li: Official = { actor: "officer:li", department: "police", system: false };
const wang: Official = { actor: "officer:wang", department: "police", system: false };
const system: Official = { actor: "department:police", department: "police", system: true };
const stranger: Official = { actor: "officer:li", department: "tax", system: false };

const open: Command = { type: "open", ready, starts: {} };
const reasons = [{ zh: "材料不符", en: "does not match" }];
const claim = (by: Official): Command => ({ type: "claim", by });
const release = (by: Official): Command => ({ type: "release", by });
const grant = (by: Official): Command => ({ type: "grant", by, sealedResult: "s1.k.x", opinion: "" });
const refuse = (by: Official): Command => ({ type: "refuse", by, reasons });
const cancel: Command = { type: "cancel" };

function play(...commands: Command[]): { state: Approval; events: ApprovalEvent[] } {
  let state: Approval | null = null;
  const events: ApprovalEvent[] = [];
  for (const command of commands)
    for (const event of decide(state, command, at).events) {
      events.push(event);
      state = evolve(state, { ...event, at: at.toISOString() });
    }
  return { state: state!, events };
}

function outcome(state: Approval, command: Command): string {
  try {
    return decide(state, command, at)
      .events.map((event) => event.type.replace("approval.", ""))
      .join("+");
  } catch (error) {
    if (error instanceof OnethingError) return `${error.code} ${error.reason}`;
    throw error;
  }
}

const states: Record<Status, Approval> = {
  open: play(open).state,
  claimed: play(open, claim(li)).state,
  granted: play(open, grant(li)).state,
  refused: play(open, refuse(li)).state,
  cancelled: play(open, cancel).state,
};
const decided = "conflict approval.already_decided";
const withdrawn = "conflict approval.withdrawn";
const taken = "conflict approval.claimed_by_other";

/** At the desk, whatever has ended stays so. */
const atDesk = (open: string, claimed: string): Record<Status, string> => ({
  open,
  claimed,
  granted: decided,
  refused: decided,
  cancelled: withdrawn,
});
const unclaimed = "conflict approval.not_claimed";
const late = "withdrawal_refused";

describe("every state by every action", () => {
  test.each<[string, Command, Record<Status, string>]>([
    ["open again", open, { open: "", claimed: "", granted: "", refused: "", cancelled: "" }],
    ["claim", claim(li), atDesk("claimed", "")],
    ["claim by another", claim(wang), atDesk("claimed", taken)],
    ["release", release(li), atDesk(unclaimed, "released")],
    ["release by another", release(wang), atDesk(unclaimed, taken)],
    ["release by the department's system", release(system), atDesk(unclaimed, "released")],
    ["grant", grant(li), atDesk("claimed+granted", "granted")],
    ["grant by another", grant(wang), atDesk("claimed+granted", taken)],
    ["grant by the department's system", grant(system), atDesk("granted", taken)],
    ["refuse", refuse(li), atDesk("claimed+refused", "refused")],
    ["refuse by another", refuse(wang), atDesk("claimed+refused", taken)],
    ["refuse by the department's system", refuse(system), atDesk("refused", taken)],
    [
      "cancel",
      cancel,
      { open: "cancelled", claimed: "cancelled", granted: late, refused: late, cancelled: "" },
    ],
  ])("%s", (_, command, expected) => {
    for (const status of Object.keys(states) as Status[])
      expect([status, outcome(states[status], command)]).toEqual([status, expected[status]]);
  });

  test.each([claim(stranger), release(stranger), grant(stranger), refuse(stranger)])(
    "$type by an officer of another department is forbidden in every state",
    (command) => {
      for (const state of Object.values(states))
        expect(outcome(state, command)).toBe("forbidden approval.other_department");
    },
  );

  test("every event leads where the table says", () => {
    for (const status of Object.keys(next) as Status[])
      for (const [action, target] of Object.entries(next[status])) {
        const command = {
          claim: claim(li),
          release: release(li),
          grant: grant(li),
          refuse: refuse(li),
          cancel,
        }[action]!;
        let state = states[status];
        for (const event of decide(state, command, at).events)
          state = evolve(state, { ...event, at: at.toISOString() });
        expect([status, action, state.status]).toEqual([status, action, target]);
      }
  });

  test("what nobody has opened is not found", () => {
    for (const command of [claim(li), grant(li), refuse(li), cancel])
      expect(() => decide(null, command, at)).toThrow(expect.objectContaining({ code: "not_found" }));
  });
});

test("whatever is done in whatever order, at most one outcome is published, and then nothing changes", () => {
  const people = fc.constantFrom(li, wang, system, stranger);
  const commands = fc.oneof(
    people.map(claim),
    people.map(release),
    people.map(grant),
    people.map(refuse),
    fc.constant(cancel),
    fc.constant(open),
  );
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 20 }), (sequence) => {
      let state: Approval | null = play(open).state;
      const outcomes: string[] = [];
      for (const command of sequence) {
        let events: ApprovalEvent[] = [];
        try {
          events = decide(state, command, at).events;
        } catch (error) {
          expect(error).toBeInstanceOf(OnethingError);
        }
        for (const event of events) {
          if (/granted|approval.refused|cancelled/.test(event.type)) outcomes.push(event.type);
          state = evolve(state, { ...event, at: at.toISOString() });
        }
      }
      expect(outcomes.length).toBeLessThanOrEqual(1);
      expect(Boolean(state!.decidedAt)).toBe(outcomes.length === 1);
    }),
  );
});

describe("opening", () => {
  test("tells the department everything and the case its dates", () => {
    const { events, state } = play(open);
    expect(events.map((event) => event.type)).toEqual(["approval.opened", "approval.accepted"]);
    expect(events[1]!.data).toEqual({
      id: approvalId("case-1", "X1"),
      caseId: "case-1",
      item: "X1",
      dueOn: "2026-09-24",
      dueProvisional: false,
    });
    expect(state).toMatchObject({ department: "police", dueOn: "2026-09-24", openedAt: at.toISOString() });
    expect(state.legalDueOn > state.dueOn).toBe(true);
  });

  const automatic = { ...ready, item: { ...item, handling: "automatic" } };
  test("an automatic item whose conditions hold is granted in the same commit, naming them", () => {
    const { events } = play({
      type: "open",
      ready: automatic,
      starts: {},
      verdict: { sealedResult: "s1.k.r" },
    });
    expect(events.at(-1)).toMatchObject({
      type: "approval.granted",
      data: { automatic: true, by: "rule:automatic", sealedResult: "s1.k.r", conditions: [{ id: "c1" }] },
    });
  });

  test("an automatic item whose conditions do not all hold waits for an officer, who sees why", () => {
    const unmet = [{ id: "c1", why: { zh: "不成立", en: "does not hold" } }];
    const { events, state } = play({ type: "open", ready: automatic, starts: {}, verdict: { unmet } });
    expect(events.map((event) => event.type)).toEqual(["approval.opened", "approval.accepted"]);
    expect(state).toMatchObject({ status: "open", unmet });
  });

  test("a verdict cannot grant an item that a department decides", () => {
    expect(play({ type: "open", ready, starts: {}, verdict: { sealedResult: "s1.k.r" } }).state.status).toBe(
      "open",
    );
  });
});

test("a refusal carries the item's remedies, or the two of the general law", () => {
  const refused = (of: PlannedItem) =>
    play({ type: "open", ready: { ...ready, item: of }, starts: {} }, refuse(li)).events.at(-1)!.data;
  const own = [{ zh: "可以申请复核", en: "you may ask for a review" }];
  expect(refused({ ...item, remedies: own })).toMatchObject({ reasons, remedies: own });
  const general = refused(item);
  expect(general).toMatchObject({
    remedies: [{ zh: expect.stringContaining("六十日") }, { zh: expect.stringContaining("六个月") }],
  });
});

test("an already decided item says by whom and when, in Beijing time", () => {
  const refusal = expect.objectContaining({
    public: {
      zh: "该事项账号 li 已于 2026-09-18 10:00 作出决定：准予",
      en: "This item was granted by account li on 2026-09-18 10:00 (Beijing time)",
    },
  });
  expect(() => decide(states.granted, grant(wang), at)).toThrow(refusal);
});

test("a withdrawal that comes too late says what was decided", () => {
  const [event] = decide(states.refused, cancel, at).events;
  expect(event).toMatchObject({
    data: { item: "X1", why: { en: expect.stringContaining("refused by account li") } },
  });
});

test("open work without a department or a due date is found by verify", () => {
  expect(unfinished(states.open)).toBeUndefined();
  expect(unfinished({ ...states.open, department: "" })).toMatch("department");
  expect(unfinished({ ...states.open, dueOn: "" })).toMatch("due date");
  expect(unfinished({ ...states.granted, dueOn: "" })).toBeUndefined();
});
