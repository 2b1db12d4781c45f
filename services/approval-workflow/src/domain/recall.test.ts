import { expect, test } from "vitest";
import { acts, Play, words } from "./play.fixture.ts";

const recall = { type: "recall", reason: words("another was refused (rule 8)") } as const;
const types = (play: Play) => play.events.map(({ type }) => type.replace("approval.", ""));

test.each([
  ["granted", () => new Play().do(acts.grant())],
  ["delivered", () => new Play().do(acts.grant(), acts.deliver())],
] as const)(
  "what is %s is taken back by the bundle's rule, with its reason and the remedies, once",
  (_, done) => {
    const play = done();
    const before = play.events.length;
    play.do(recall, recall);
    expect(play.state.status).toBe("revoked");
    expect(play.events.slice(before)).toMatchObject([
      {
        type: "approval.revoked",
        data: {
          ...{ caseId: "case-1", item: "X1", ground: "sibling_refused", by: "rule:refusal_policy" },
          reasons: [recall.reason],
          remedies: [expect.anything(), expect.anything()],
        },
      },
    ]);
  },
);

test("nothing happens to what is in hand, was refused or withdrawn, or was taken back by an officer before", () => {
  const plays = [
    new Play(),
    new Play().do(acts.accept(), acts.pause()),
    new Play().do(acts.refuse()),
    new Play().do({ type: "cancel" }),
    new Play().do(acts.grant(), acts.revoke()),
  ];
  for (const play of plays) {
    const before = types(play);
    play.do(recall);
    expect(types(play)).toEqual(before);
  }
});
