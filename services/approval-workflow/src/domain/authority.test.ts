// Who may decide: fairness between two officers, the legality review, the head and whom the head has delegated it to, rules.
import { Receipt } from "@onething/contracts/verification/v1/verification";
import { describe, expect, test } from "vitest";
import type { Command } from "./commands.ts";
import { actionsFor, type Official } from "./obstacles.ts";
import { acts, answered, gap, li, Play, readyOf, system, wang, words } from "./play.fixture.ts";

describe("who decides", () => {
  test("an item of two officers is not decided by who accepted it alone, nor accepted with the decision", () => {
    const play = new Play({ twoOfficers: true });
    expect(play.outcome(acts.grant())).toBe("conflict approval.two_officers");
    play.do(acts.accept(li));
    expect(play.outcome(acts.refuse(li))).toBe("conflict approval.two_officers");
    play.do(acts.release(li));
    expect(play.outcome(acts.grant(wang))).toBe("claimed+granted");
  });

  test("a department's system says for whom it acts where two people are asked for, and one is one at both doors", () => {
    const inside = (name: string): Official => ({ ...system, actor: `department:police/${name}` });
    const play = new Play({ twoOfficers: true });
    expect(play.outcome(acts.accept(system))).toBe("forbidden approval.officer_missing");
    play.do(acts.accept(inside("li")));
    expect(play.outcome(acts.grant(system))).toBe("forbidden approval.officer_missing");
    for (const same of [inside("li"), inside("LI"), { ...inside("li"), actor: "department:other/li" }, li])
      expect(play.outcome(acts.grant(same))).toBe("conflict approval.two_officers");
    expect(play.outcome(acts.grant(inside("sun")))).toBe("granted");
    const atDesk = new Play({ twoOfficers: true }).do(acts.accept(li), acts.release(li));
    expect(atDesk.outcome(acts.refuse(inside("li")))).toBe("conflict approval.two_officers");

    const reviewed = new Play({ legality: true }).do(acts.accept(system));
    expect(reviewed.outcome(acts.refer(system))).toBe("forbidden approval.officer_missing");
    reviewed.do(acts.refer(inside("li")));
    expect(reviewed.outcome(acts.give_legality(system))).toBe("forbidden approval.officer_missing");
    expect(reviewed.outcome(acts.give_legality(inside("li")))).toBe("conflict approval.same_officer");
    expect(reviewed.outcome(acts.give_legality(inside("sun")))).toBe("legality_given");
  });

  test("where a legality review is asked for, its opinion comes first, from somebody else, and binds a grant", () => {
    const play = new Play({ legality: true }).do(acts.accept());
    expect(play.outcome(acts.grant())).toBe("conflict approval.legality_missing");
    play.do(acts.refer());
    const own = { ...li, duties: ["legality" as const] };
    expect(play.outcome(acts.give_legality(own))).toBe("conflict approval.same_officer");
    const against = acts.give_legality(wang, false);
    play.do(against);
    expect(play.state).toMatchObject({
      status: "accepted",
      claimedBy: "officer:li",
      legality: { lawful: false },
    });
    expect(play.outcome(acts.grant())).toBe("conflict approval.legality_against");
    expect(play.outcome(acts.refuse())).toBe("refused");
    // What was found unlawful and mended since is asked about again; what was found lawful is not.
    play.do(acts.refer(), acts.give_legality(wang));
    expect(play.outcome(acts.refer())).toBe("conflict approval.no_legality");
    expect(play.outcome(acts.grant())).toBe("granted");
    expect(play.do(acts.grant()).state.because).toMatchObject([{ en: "Legality review: lawful or not" }]);
  });

  test("an item of the head's is decided by the head, or by whom the head has delegated it to, which stands on record", () => {
    const play = new Play({ authority: "head" }).do(acts.accept(), acts.release());
    expect(play.outcome(acts.grant(wang))).toBe("forbidden approval.no_authority");
    const head: Official = { ...wang, actor: "officer:head", duties: ["head"] };
    expect(play.outcome(acts.grant(head))).toBe("claimed+granted");
    expect(play.outcome(acts.grant(system))).toBe("granted");
    const chief = (...delegations: Official["delegations"]): Official => ({
      ...wang,
      ...{ actor: "officer:chief", duties: ["chief"], delegations },
    });
    expect(play.outcome(acts.grant(chief()))).toBe("forbidden approval.no_authority");
    expect(play.outcome(acts.grant(chief({ id: "d1", items: ["Y"], powers: ["decide"] })))).toMatch(
      "no_authority",
    );
    expect(play.outcome(acts.grant(chief({ id: "d1", items: ["X1"], powers: ["accept"] })))).toMatch(
      "no_authority",
    );
    play.do(acts.refuse(chief({ id: "d2", items: [], powers: ["decide"] })));
    expect(play.last("approval.refused")).toMatchObject({ by: "officer:chief", under: "d2" });
    expect(play.state.because.map(({ en }) => en)).toEqual([
      "does not match",
      "Decided by the chief affairs representative under delegated authority",
    ]);
  });

  test("a chief affairs representative does the first review only where it was delegated", () => {
    const chief = (...delegations: Official["delegations"]): Official => ({
      ...li,
      duties: ["chief"],
      delegations,
    });
    for (const action of ["accept", "correct", "supplement", "decline"] as const) {
      expect(new Play().outcome(acts[action](chief()))).toBe("forbidden approval.no_authority");
      const delegated = chief({ id: "d", items: ["X1"], powers: ["accept"] });
      expect(new Play().outcome(acts[action](delegated))).toMatch(/^claimed/);
    }
  });

  test("the legality review is for those with that duty", () => {
    const play = new Play({ legality: true }).do(acts.accept(), acts.refer());
    expect(play.outcome(acts.give_legality({ ...wang, duties: [] }))).toBe("forbidden approval.no_duty");
    const inside = { ...system, actor: "department:police/sun" };
    expect(play.outcome(acts.give_legality(inside))).toBe("legality_given");
  });

  test("what rests on a licence that was revoked since is not granted, also not by silence, until it is proved anew", () => {
    const receipt = { item: "X1", requirement: "lease", state: "proved", proof: { reference: "L-7" } };
    const receipts = [Receipt.fromPartial(receipt)];
    const silent = { silentResult: "s1.k.silent" };
    const ready = { ...readyOf({ silence: words("art. 50") }), receipts };
    const play = new Play({}, { ready, ...silent });
    expect(play.outcome({ type: "unproved", reference: "L-8", reasons: [] })).toBe("");
    play.do({ type: "unproved", reference: "L-7", reasons: [words("forged")] });
    expect(play.outcome({ type: "unproved", reference: "L-7", reasons: [] })).toBe("");
    expect(play.state.receipts).toMatchObject([
      { state: "missing", proof: undefined, why: { en: "Licence L-7 was revoked since: forged" } },
    ]);
    expect(play.outcome(acts.grant())).toBe("conflict approval.unproved");
    expect(actionsFor(play.state, li, play.now)).not.toContain("grant");
    expect(play.outcome(acts.refuse())).toBe("claimed+accepted+refused");
    const later = new Play({}, { ready, ...silent }).do(acts.accept());
    later.do({ type: "unproved", reference: "L-7", reasons: [] }).on("2027-01-20");
    expect(later.outcome({ type: "silence" })).toBe("");
    play.do(acts.supplement(li, gap({ requirement: "lease" })));
    // An answer in words proves nothing, and the case's own copy of the old proof is no new one.
    const old = new Play({}, { ready }).do({
      type: "unproved",
      reference: "L-7",
      reasons: [words("forged")],
    });
    old.do(acts.supplement(li, gap({ requirement: "lease" })));
    old.do({ ...answered(["1.1", "words"]), receipts } as Command);
    expect(old.state.receipts).toMatchObject([{ state: "missing", proof: undefined }]);
    expect(old.outcome(acts.grant())).toBe("conflict approval.unproved");
    const anew = [Receipt.fromPartial({ ...receipt, proof: { reference: "L-9" } })];
    play.do({ ...answered(["1.1", "evidence"]), receipts: anew } as Command);
    expect(play.outcome(acts.grant())).toBe("accepted+granted");
  });

  test("an automatic item whose conditions hold is granted in the same commit, naming them", () => {
    const play = new Play({ handling: "automatic" }, { verdict: { sealedResult: "s1.k.r" } });
    expect(play.last("approval.granted")).toMatchObject({
      ...{ automatic: true, by: "rule:automatic", sealedResult: "s1.k.r" },
      conditions: [{ id: "c1" }],
    });
  });

  test("one whose conditions do not all hold waits for an officer, who sees why", () => {
    const unmet = [{ id: "c1", why: words("does not hold") }];
    const play = new Play({ handling: "automatic" }, { verdict: { unmet } });
    expect(play.types).toEqual(["opened", "accepted"]);
    expect(play.state).toMatchObject({ status: "accepted", unmet });
  });

  test("a verdict cannot grant an item that a department decides", () => {
    expect(new Play({}, { verdict: { sealedResult: "s1.k.r" } }).state.status).toBe("received");
  });
});
