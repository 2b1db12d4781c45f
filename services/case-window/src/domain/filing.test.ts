import { describe, expect, test } from "vitest";
import { item, noon, Play, plan, receipt, submission, submitted, words } from "./cases.fixture.ts";
import { caseKind } from "./decide.ts";

const one = plan([item("A")]);
const accepted = {
  ...{ type: "accepted" as const, item: "A", dueOn: "2026-12-01" },
  ...{ dueProvisional: false, how: "complete" },
};

describe("a submission", () => {
  test("is refused while a proof is missing, naming each with its fix", () => {
    const play = new Play().open().answered(one);
    const { code, error } = play.refusal(
      submission(play.state!, [
        receipt("A", { state: "missing", fix: words("bring the card") }),
        receipt("A"),
      ]),
    );
    expect(code).toBe("invalid");
    expect(error.fields).toEqual([{ field: "requirements.proof-A", text: words("bring the card") }]);
  });

  test("names a proof once, however many items miss it, and once for each person", () => {
    const planned = plan([item("A"), item("B"), item("C")]);
    const missing = (code: string, personId: string) =>
      receipt(code, { state: "missing", requirement: "kinship", personId });
    const play = new Play().open().answered(planned);
    const receipts = [missing("A", "p1"), missing("B", "p1"), missing("C", "p1"), missing("C", "p2")];
    const { error } = play.refusal(submission(play.state!, receipts));
    expect(error.fields.map(({ field }) => field)).toEqual(["requirements.kinship", "requirements.kinship"]);
    expect(error.public.en).toContain("2 proofs");
  });

  test("does not ask for the proofs of an item that nobody works on", () => {
    const planned = plan([item("A"), item("B"), item("C", { handling: "offline" })]);
    const receipts = [receipt("B", { state: "missing" }), receipt("C", { state: "missing" })];
    const play = submitted(planned, receipts, { notNeeded: ["B"] });
    expect(play.outcomes()).toEqual({ A: "with_department", B: "not_needed", C: "not_needed" });
    expect(play.state!.items.C!.reasons[0]!.zh).toContain("线下");
  });

  test("is refused when the answers it was prepared on have changed", () => {
    const play = new Play().open().answered(one);
    const command = submission(play.state!);
    play.answered(plan([item("A"), item("B")]));
    expect(play.refusal(command).reason).toBe("case.answers_changed");
  });

  test("keeps what a register said between look-up and commit, also when several say so in turn", () => {
    const play = new Play().open().answered(plan([item("A"), item("B")]));
    play.do({ type: "evidence", receipts: [receipt("A", { rule: "register" })] });
    play.do({ type: "evidence", receipts: [receipt("B", { rule: "register" })] });
    play.submit([receipt("A", { state: "unavailable" }), receipt("B", { state: "unavailable" })]);
    expect(play.outcomes()).toEqual({ A: "with_department", B: "with_department" });
  });
});

describe("the right to file", () => {
  const guarded = plan([item("A"), item("B")], { standing: { role: "owner", requirement: "kinship" } });
  const kinship = (state: string) =>
    receipt("A", { requirement: "kinship", state, why: words(`kin ${state}`) });

  test("not proved: refused, saying why", () => {
    const play = new Play().open().answered(guarded);
    const { code, reason, error } = play.refusal(submission(play.state!, [kinship("missing"), receipt("B")]));
    expect({ code, reason }).toEqual({ code: "forbidden", reason: "case.no_standing" });
    expect(error.public.en).toContain("kin missing");
  });

  test("not even looked at: refused", () => {
    const play = new Play().open().answered(guarded);
    expect(play.refusal(submission(play.state!, [receipt("B")])).reason).toBe("case.no_standing");
  });

  test("in a register that is silent: taken in, but no item starts before it has answered", () => {
    const play = submitted(guarded, [kinship("unavailable"), receipt("B")]);
    expect(play.outcomes()).toEqual({ A: "waiting", B: "waiting" });
    expect(caseKind.unfinished!(play.state!, noon)).toBeUndefined();
    play.do({ type: "evidence", receipts: [kinship("proved")] });
    expect(play.outcomes()).toEqual({ A: "with_department", B: "with_department" });
  });

  test("denied by the register in the end: no item is possible", () => {
    const play = submitted(guarded, [kinship("unavailable"), receipt("B")]);
    play.do({ type: "evidence", receipts: [kinship("missing")] });
    expect(play.outcomes()).toEqual({ A: "not_possible", B: "not_possible" });
    expect(play.state!.items.B!.reasons).toEqual([words("kin missing")]);
    expect(play.state!.outcome).toBe("none_granted");
  });
});

describe("a withdrawal", () => {
  test("ends what has not started, asks departments for the rest, and lets each judge its own", () => {
    const planned = plan([item("A"), item("B"), item("C", { after: ["A"] })]);
    const play = submitted(planned);
    const [requested] = play.do({ type: "withdraw", by: "citizen:1" });
    expect(requested).toMatchObject({ data: { caseId: "case-1", by: "citizen:1", items: ["A", "B"] } });
    expect(play.outcomes()).toMatchObject({ C: "withdrawn" });
    play.do({ type: "cancelled", item: "A" });
    play.do({ type: "withdrawal_refused", item: "B", why: words("decided") });
    expect(play.state).toMatchObject({ status: "running" });
    play.grant("B");
    expect(play.state).toMatchObject({ status: "closed", outcome: "partly_granted" });
  });

  test("of everything leaves a withdrawn case", () => {
    const play = submitted(plan([item("A")]));
    play.do({ type: "withdraw", by: "citizen:1" });
    play.do({ type: "cancelled", item: "A" });
    expect(play.state!.outcome).toBe("withdrawn");
  });
});

describe("a repeated report", () => {
  test("says nothing new, also when it comes as another event", () => {
    const play = submitted(plan([item("A", { produces: [] }), item("B")]));
    expect(play.do(accepted)).toHaveLength(1);
    expect(play.do(accepted)).toEqual([]);
    play.do({ type: "granted", item: "B", automatic: true });
    expect(play.do({ type: "granted", item: "B", automatic: true })).toEqual([]);
  });

  test("of an item that is not in the case says nothing", () => {
    expect(submitted(one).do({ type: "cancelled", item: "Z" })).toEqual([]);
  });
});

test("nothing about evidence is recorded where no receipt has changed", () => {
  const play = submitted(one, [receipt("A", { state: "unavailable" })]);
  expect(play.do({ type: "evidence", receipts: [] })).toEqual([]);
});

describe("verify", () => {
  test("finds a case that waits for something nothing will end", () => {
    const { state } = submitted(plan([item("A"), item("B", { after: ["A"] })]));
    expect(caseKind.unfinished!(state!, noon)).toBeUndefined();
    const ended = { ...state!.items.A!, status: "ended" as const };
    expect(caseKind.unfinished!({ ...state!, items: { ...state!.items, A: ended } }, noon)).toContain(
      "item B",
    );
    const all = Object.values(state!.items).map((each) => [each.code, { ...each, status: "ended" as const }]);
    expect(caseKind.unfinished!({ ...state!, items: Object.fromEntries(all) }, noon)).toContain("not closed");
  });
});
