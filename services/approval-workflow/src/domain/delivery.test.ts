// Licensing Law art. 44: what was granted is made and delivered within ten working days.
import { expect, test } from "vitest";
import type { Command } from "./commands.ts";
import { acts, item, Play, readyOf } from "./play.fixture.ts";
import { next, statuses } from "./table.ts";

const issued = (identifier = "no. 1"): Command => ({ type: "issued", identifier, evidence: "permit" });
const permit = item.produces[0]!;
const perHeir = { ...permit, pair: { evidence: "share", role: "owner", to: "heir" } };
const heirs = {
  ready: {
    ...readyOf({ produces: [permit, perHeir] }),
    subjects: [
      { role: "owner", personId: "p1", position: 0 },
      { role: "heir", personId: "p2", position: 0 },
      { role: "heir", personId: "p3", position: 1 },
    ],
  },
};

test("art. 44: an electronic result is delivered by rule when its product is issued", () => {
  const play = new Play().do(acts.grant());
  // The Sunday after the Friday is worked; mid-autumn and the national days are not.
  expect(play.state).toMatchObject({ status: "granted", deliverBy: "2026-10-09" });
  play.on("2026-09-21").do(issued());
  expect(play.types.slice(-2)).toEqual(["product_issued", "delivered"]);
  expect(play.last("approval.delivered")).toMatchObject({ how: "electronic", by: "rule:electronic" });
  expect(play.state).toMatchObject({ status: "delivered", deliveredAt: play.now.toISOString() });
});

test("art. 44: one of several products, for several people, with the last of them and not before", () => {
  const play = new Play({}, heirs).do(acts.grant());
  for (const identifier of ["no. 1", "no. 2"]) {
    play.do(issued(identifier));
    expect(play.state.status).toBe("granted");
  }
  expect(play.do(issued("no. 3")).state.status).toBe("delivered");
});

test("art. 44: a result on paper waits for whoever hands it over", () => {
  const play = new Play({ delivery: "paper" }).do(acts.grant(), issued());
  expect(play.state).toMatchObject({ status: "granted", issued: 1 });
  expect(play.outcome(acts.deliver())).toBe("delivered");
  expect(new Play({ delivery: "paper", produces: [] }).do(acts.grant()).state.status).toBe("granted");
});

test("a grant that produces nothing is its own result: delivered with the decision, also by rule", () => {
  expect(new Play({ produces: [] }).do(acts.grant()).types.slice(-2)).toEqual(["granted", "delivered"]);
  const play = new Play({ produces: [], handling: "automatic" }, { verdict: { sealedResult: "s1.k.r" } });
  expect(play.types).toEqual(["opened", "accepted", "granted", "delivered"]);
  const nobody = new Play({ produces: [{ ...permit, pair: { evidence: "e", role: "nobody", to: "" } }] });
  expect(nobody.do(acts.grant()).state.status).toBe("delivered");
});

test("handed over or taken back before, an issue changes nothing any more", () => {
  const handed = new Play({}, heirs).do(acts.grant(), issued("no. 1"), acts.deliver());
  expect(handed.outcome(issued("no. 2"))).toBe("");
  expect(new Play().do(acts.grant(), acts.revoke()).outcome(issued())).toBe("");
});

test("an issue has a place in the table after a grant only", () => {
  expect(statuses.filter((status) => next[status].issued)).toEqual(["granted"]);
});
