import { Gap } from "@onething/contracts/approval/v1/events";
import { CaseSubmitted } from "@onething/contracts/window/v1/events";
import { describe, expect, test } from "vitest";
import {
  issued,
  item,
  noon,
  Play,
  plan,
  receipt,
  subject,
  submission,
  submitted,
  words,
} from "./cases.fixture.ts";
import { type CaseCommand, caseKind } from "./decide.ts";

const one = plan([item("A")]);

const gaps = [Gap.fromPartial({ id: "1.1", what: words("blurred"), remedy: words("again") })];

const stages = {
  "no case": () => new Play(),
  "a draft": () => new Play().open(),
  "an answered draft": () => new Play().open().answered(one),
  "a waiting case": () => submitted(one, [receipt("A", { state: "unavailable" })]),
  "a running case": () => submitted(one),
  "a noticed item": () => {
    const play = submitted(one);
    play.do({ type: "supplement_requested", item: "A", gaps });
    return play;
  },
  "a granted item": () => {
    const play = submitted(one);
    play.do({ type: "granted", item: "A", automatic: false });
    return play;
  },
  "a case being withdrawn": () => {
    const play = submitted(one);
    play.do({ type: "withdraw", by: "citizen:1" });
    return play;
  },
  "a closed case": () => submitted(one).grant("A"),
};
type Stage = keyof typeof stages;

const commands: Record<string, (play: Play) => CaseCommand> = {
  open: () => ({ type: "open", drafted: { ...new Play().open().state!, clerk: "", subjects: [] } }),
  answer: () => ({ type: "answer", plan: one, subjects: [subject("owner")] }),
  submit: (play) =>
    play.state ? submission(play.state) : { type: "submit", plan: one, submitted: CaseSubmitted.create() },
  evidence: () => ({ type: "evidence", receipts: [receipt("A")] }),
  accepted: () => ({
    type: "accepted",
    item: "A",
    dueOn: "2026-12-01",
    dueProvisional: false,
    how: "complete",
  }),
  supplement_requested: () => ({ type: "supplement_requested", item: "A", gaps }),
  supplement: () => ({
    ...{ type: "supplement", item: "A", by: "citizen:1", receipts: [] },
    ...{ answers: [{ gap: "1.1", way: "words", sealedWords: "" }], forms: { A: { was: "", now: "s1" } } },
  }),
  granted: () => ({ type: "granted", item: "A", automatic: false }),
  issued: () => issued("A"),
  refused: () => ({ type: "refused", item: "A", reasons: [words("no")], remedies: [] }),
  cancelled: () => ({ type: "cancelled", item: "A" }),
  withdrawal_refused: () => ({ type: "withdrawal_refused", item: "A", why: words("too late") }),
  withdraw: () => ({ type: "withdraw", by: "citizen:1" }),
};

const nothing = "";
/** What each command does in each state: the events it leads to, `nothing`, or the reason of its refusal in brackets. */
const table: Record<Stage, Record<string, string>> = {
  "no case": {
    open: "drafted",
    ...Object.fromEntries(
      Object.keys(commands)
        .slice(1)
        .map((name) => [name, "[case.not_open]"]),
    ),
  },
  "a draft": {
    ...{ open: "[case.exists]", answer: "answered", submit: "[case.no_answers]" },
    ...{ evidence: "evidence_updated", accepted: nothing, granted: nothing, issued: nothing },
    ...{ refused: nothing, cancelled: nothing, withdrawal_refused: nothing },
    ...{ supplement_requested: nothing, supplement: "[case.item_not_found]" },
    withdraw: "[case.not_submitted]",
  },
  "an answered draft": {
    ...{ open: "[case.exists]", answer: "answered", submit: "submitted item_ready" },
    ...{ evidence: "evidence_updated", accepted: nothing, granted: nothing, issued: nothing },
    ...{ refused: nothing, cancelled: nothing, withdrawal_refused: nothing },
    ...{ supplement_requested: nothing, supplement: "[case.item_not_found]" },
    withdraw: "[case.not_submitted]",
  },
  "a waiting case": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: "evidence_updated item_ready", accepted: "[case.item_not_started]" },
    ...{ granted: "[case.item_not_started]", issued: "[case.item_not_started]" },
    ...{ refused: "[case.item_not_started]", cancelled: "[case.item_not_started]" },
    withdrawal_refused: "[case.item_not_started]",
    ...{ supplement_requested: "[case.item_not_started]", supplement: "[case.nothing_to_supplement]" },
    withdraw: "withdraw_requested item_ended closed",
  },
  "a running case": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{
      evidence: "evidence_updated",
      accepted: "item_accepted",
      granted: "item_decided",
      issued: "item_issued",
    },
    ...{
      refused: "item_ended closed",
      cancelled: "item_ended closed",
      withdrawal_refused: "withdrawal_refused",
    },
    ...{ supplement_requested: "item_supplement_requested", supplement: "[case.nothing_to_supplement]" },
    withdraw: "withdraw_requested",
  },
  "a noticed item": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{
      evidence: "evidence_updated",
      accepted: "item_accepted",
      granted: "item_decided",
      issued: "item_issued",
    },
    ...{
      refused: "item_ended closed",
      cancelled: "item_ended closed",
      withdrawal_refused: "withdrawal_refused",
    },
    ...{ supplement_requested: nothing, supplement: "item_supplemented" },
    withdraw: "withdraw_requested",
  },
  "a granted item": {
    ...{ supplement_requested: nothing, supplement: "[case.nothing_to_supplement]" },
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: "evidence_updated", accepted: "item_accepted", granted: nothing },
    ...{ issued: "item_issued item_ended closed", refused: nothing, cancelled: nothing },
    ...{ withdrawal_refused: "withdrawal_refused", withdraw: "withdraw_requested" },
  },
  "a case being withdrawn": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{
      evidence: "evidence_updated",
      accepted: "item_accepted",
      granted: "item_decided",
      issued: "item_issued",
    },
    ...{
      refused: "item_ended closed",
      cancelled: "item_ended closed",
      withdrawal_refused: "withdrawal_refused",
    },
    ...{ supplement_requested: "item_supplement_requested", supplement: "[case.nothing_to_supplement]" },
    withdraw: "[case.withdrawing]",
  },
  "a closed case": {
    ...{ supplement_requested: nothing, supplement: "[case.nothing_to_supplement]" },
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: nothing, accepted: nothing, granted: nothing, issued: nothing, refused: nothing },
    ...{ cancelled: nothing, withdrawal_refused: nothing, withdraw: "[case.closed]" },
  },
};

describe.each(Object.entries(table))("%s", (stage, row) => {
  test.each(Object.keys(commands))("and the command %s", (name) => {
    const play = stages[stage as Stage]();
    const command = commands[name]!(play);
    const expected = row[name]!;
    if (expected.startsWith("[")) {
      const { reason, error } = play.refusal(command);
      expect(`[${reason}]`).toBe(expected);
      expect(error.public.zh).not.toBe(error.public.en);
    } else {
      const types = play.do(command).map((event) => event.type.replace("case.", ""));
      expect(types.join(" ")).toBe(expected);
    }
  });
});

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
    const accepted = commands.accepted!(play);
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
