import { OnethingError } from "@onething/kernel/errors";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "./approval.ts";
import type { Command } from "./commands.ts";
import { decide } from "./decide.ts";
import { evolve } from "./evolve.ts";
import { actionsFor } from "./obstacles.ts";
import { acts, answered, friday, li, owner, Play, stranger, system, wang } from "./play.fixture.ts";
import { type DeskAction, deskActions, next, type Status, statuses } from "./table.ts";

/** An item that asks for everything, so that every action has its place. */
const full = { legality: true };
const states: Record<Status, () => Play> = {
  received: () => new Play(full),
  supplementing: () => new Play(full).do(acts.supplement()),
  accepted: () => new Play(full).do(acts.accept()),
  paused: () => new Play(full).do(acts.accept(), acts.pause()),
  legality: () => new Play(full).do(acts.accept(), acts.refer()),
  granted: () => new Play().do(acts.grant()),
  delivered: () => new Play().do(acts.grant(), acts.deliver()),
  refused: () => new Play().do(acts.refuse()),
  not_needed: () => new Play().do(acts.decline()),
  not_accepted: () =>
    new Play().do({ ...acts.decline(), ground: "not_this_authority" } as ReturnType<typeof acts.decline>),
  cancelled: () => new Play().do({ type: "cancel" }),
  revoked: () => new Play().do(acts.grant(), acts.revoke()),
};

/** Every state by every action of the desk: what happens, or the reason why not. Empty: it is so already. */
const expected: Record<Status, Record<DeskAction, string>> = (() => {
  const all = (reason: string) => Object.fromEntries(deskActions.map((action) => [action, reason]));
  const not = "conflict approval.not_now";
  const decided = "conflict approval.already_decided";
  const free = "conflict approval.not_claimed";
  const legality = "conflict approval.legality_missing";
  const undrawn = "conflict approval.no_second_look";
  const ended = (own: Partial<Record<DeskAction, string>>, reason = decided) =>
    ({ ...all(reason), deliver: not, revoke: not, second_look: not, attach: not, ...own }) as Record<
      DeskAction,
      string
    >;
  const hand = (own: Partial<Record<DeskAction, string>>) =>
    ({ ...all(not), attach: "attached", ...own }) as Record<DeskAction, string>;
  return {
    received: hand({
      claim: "claimed",
      release: free,
      accept: "claimed+accepted",
      correct: "claimed+corrected+accepted",
      supplement: "claimed+supplement_requested",
      decline: "claimed+not_accepted",
      grant: legality,
      refuse: legality,
    }),
    supplementing: hand({ claim: "", release: "released", accept: "accepted" }),
    accepted: hand({
      ...{ claim: "", release: "released", pause: "paused", extend: "extended", refer: "referred" },
      ...{ grant: legality, refuse: legality },
    }),
    paused: hand({ claim: "", release: "released", resume: "resumed" }),
    legality: hand({ claim: "claimed", release: free, give_legality: "legality_given" }),
    granted: ended({ attach: "attached", second_look: undrawn, deliver: "delivered", revoke: "revoked" }),
    delivered: ended({ second_look: undrawn, revoke: "revoked" }),
    refused: ended({}),
    not_needed: ended({}),
    not_accepted: ended({}),
    cancelled: ended({}, "conflict approval.withdrawn"),
    revoked: ended({}),
  };
})();

describe("every state by every action", () => {
  test.each(statuses)("%s", (status) => {
    const play = states[status]();
    expect(play.state.status).toBe(status);
    for (const action of deskActions) {
      const by = action === "give_legality" ? wang : li;
      expect([action, play.outcome(acts[action](by))]).toEqual([action, expected[status][action]]);
    }
  });

  test.each(statuses)("%s: what the screen is told can be done is what the law lets happen", (status) => {
    const { state } = states[status]();
    for (const by of [li, wang, system]) {
      const can = deskActions.filter((action) => {
        try {
          decide(state, acts[action](by), friday);
          return true;
        } catch {
          return false;
        }
      });
      expect(actionsFor(state, by, friday)).toEqual(can);
    }
  });

  test.each(statuses)(
    "%s: what comes from elsewhere too late changes nothing, and a withdrawal is told so",
    (status) => {
      const play = states[status]();
      const inHand = "cancel" in next[status];
      const late = status === "cancelled" ? "" : "withdrawal_refused";
      expect(play.outcome({ type: "cancel" })).toBe(inHand ? "cancelled" : late);
      expect(play.outcome(answered(["1.1", "value"]))).toBe(status === "supplementing" ? "supplemented" : "");
      expect(play.outcome({ type: "recount" })).toBe("");
      expect(play.outcome({ type: "lapse" })).toBe("");
      expect(play.outcome({ type: "silence" })).toBe("");
      const last = status === "granted" ? "product_issued+delivered" : "";
      expect(play.outcome({ type: "issued", identifier: "no. 1", evidence: "permit" })).toBe(last);
      expect(play.outcome({ type: "open", ready: play.state, starts: {} })).toBe("");
    },
  );

  test.each(deskActions)("%s by an officer of another department is forbidden in every state", (action) => {
    for (const status of statuses)
      expect(states[status]().outcome(acts[action](stranger))).toBe("forbidden approval.other_department");
  });

  test.each(deskActions)("%s by a party to the case is forbidden in every state", (action) => {
    for (const status of statuses)
      expect(states[status]().outcome(acts[action](owner))).toBe("forbidden approval.own_case");
  });

  test.each(deskActions)("%s on what another has claimed is refused while it is in hand", (action) => {
    for (const status of ["received", "supplementing", "accepted", "paused"] as const) {
      const play = states[status]().do({ type: "claim", by: li });
      // A file may come from any colleague.
      const told = action === "attach" ? "attached" : "conflict approval.claimed_by_other";
      if (next[status][action]) expect(play.outcome(acts[action](wang))).toBe(told);
    }
  });

  test("every event leads where the table says", () => {
    for (const status of statuses)
      for (const [action, target] of Object.entries(next[status])) {
        if (!(action in acts) || target === "by_ground") continue;
        const play = states[status]();
        const command = acts[action as DeskAction](action === "give_legality" ? wang : li);
        if (/^(conflict|invalid)/.test(play.outcome(command))) continue;
        expect([status, action, play.do(command).state.status]).toEqual([
          status,
          action,
          target === "stays" ? status : target,
        ]);
      }
  });

  test("what nobody has opened is not found", () => {
    for (const action of deskActions)
      expect(() => decide(null, acts[action](), friday)).toThrow(
        expect.objectContaining({ code: "not_found" }),
      );
  });
});

test("a department's own system acts without claiming, and takes back what an officer has left lying", () => {
  const play = new Play().do(acts.claim(li));
  expect(play.outcome(acts.accept(system))).toBe("conflict approval.claimed_by_other");
  play.do(acts.release(system), acts.accept(system));
  expect(play.types).toEqual(["opened", "claimed", "released", "accepted"]);
  expect(play.outcome(acts.grant(system))).toBe("granted");
});

test("whatever is done in whatever order, one decision at most is made, and the ledger never forgets a day", () => {
  const people = fc.constantFrom(li, wang, system, stranger, owner);
  const act = fc.tuple(fc.constantFrom(...deskActions), people).map(([action, by]) => acts[action](by));
  const command: fc.Arbitrary<Command> = fc.oneof(
    { weight: 8, arbitrary: act },
    fc.constantFrom<Command>(
      { type: "cancel" },
      { type: "lapse" },
      { type: "recount" },
      { type: "issued", identifier: "no. 1", evidence: "permit" },
      answered(["1.1", "value"]),
    ),
  );
  const legality = fc.boolean();
  const steps = fc.array(fc.tuple(command, fc.nat(4)), { maxLength: 25 });
  fc.assert(
    fc.property(legality, fc.boolean(), steps, (needsReview, twoOfficers, sequence) => {
      const play = new Play({ legality: needsReview, twoOfficers });
      let decisions = 0;
      for (const [each, days] of sequence) {
        play.now = new Date(play.now.getTime() + days * 86_400_000);
        let done = play.events.length;
        try {
          play.do(each);
        } catch (error) {
          expect(error).toBeInstanceOf(OnethingError);
        }
        for (; done < play.events.length; done++)
          if (
            /granted|refused$|not_accepted|cancelled/.test(
              play.events[done]!.type.replace("withdrawal_refused", ""),
            )
          )
            decisions++;
      }
      expect(decisions).toBeLessThanOrEqual(1);
      expect(Boolean(play.state.decidedAt)).toBe(decisions === 1);
      // The fold is the state, and turns follow one another.
      const folded = play.events.reduce<Approval | null>((state, event) => evolve(state, event), null);
      expect(folded).toEqual(play.state);
      for (const [i, turn] of play.state.turns.entries())
        if (i > 0) {
          expect(turn.from >= play.state.turns[i - 1]!.from).toBe(true);
          expect(turn.owner).not.toBe(play.state.turns[i - 1]!.owner);
        }
    }),
    { numRuns: 300 },
  );
});
