import { Dates, Gap } from "@onething/contracts/approval/v1/events";
import { CaseSubmitted } from "@onething/contracts/window/v1/events";
import { describe, expect, test } from "vitest";
import { issued, item, Play, plan, receipt, subject, submission, submitted, words } from "./cases.fixture.ts";
import type { CaseCommand } from "./decide.ts";

type Clock = Extract<CaseCommand, { type: "clock" }>;

const one = plan([item("A")]);

const gaps = [Gap.fromPartial({ id: "1.1", what: words("blurred"), remedy: words("again") })];

const dates = Dates.fromPartial({ dueOn: "2026-12-20" });
const clock = (what: "paused" | "resumed" | "extended" | "recounted", until: Partial<Clock> = {}): Clock => ({
  ...{ type: "clock", item: "A", what, dates, why: words("why"), procedure: "", untilOn: "", ...until },
});
const paused = clock("paused", { procedure: "hearing", untilOn: "2026-12-10" });

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
  "a paused item": () => {
    const play = submitted(one);
    play.do(paused);
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
  "a held case": () => {
    const held = plan([item("Z"), item("A")], { refusalPolicy: "hold" });
    const play = submitted(held, [receipt("A", { state: "unavailable" })]).refuse("Z");
    play.do({ type: "evidence", receipts: [receipt("A")] });
    return play;
  },
  "a closed case": () => submitted(one).grant("A"),
  "a closed case, revoked": () => {
    const play = submitted(one).grant("A");
    play.do({ type: "revoked", item: "A", reasons: [words("unlawful")], remedies: [] });
    return play;
  },
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
  not_accepted: () => ({
    ...{ type: "not_accepted", item: "A", ground: "not_this_authority", reasons: [words("elsewhere")] },
    ...{ rightBody: words("the county"), remedies: [] },
  }),
  paused: () => paused,
  resumed: () => clock("resumed"),
  extended: () => clock("extended"),
  recounted: () => clock("recounted"),
  delivered: () => ({ type: "delivered", item: "A", how: "window" }),
  revoked: () => ({ type: "revoked", item: "A", reasons: [words("unlawful")], remedies: [] }),
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
  continue: () => ({ type: "continue", by: "citizen:1" }),
};

const nothing = "";
/** What a department reports of its own procedure. */
const reports = ["not_accepted", "paused", "resumed", "extended", "recounted", "delivered", "revoked"];
const each = (said: string) => Object.fromEntries(reports.map((name) => [name, said]));
const inHand = {
  ...{ not_accepted: "item_ended closed", paused: "item_clock", resumed: nothing, extended: "item_clock" },
  ...{ recounted: "item_clock", delivered: nothing, revoked: nothing },
};
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
    ...{ supplement_requested: nothing, supplement: "[case.item_not_found]", ...each(nothing) },
    ...{ withdraw: "[case.not_submitted]", continue: "[case.not_held]" },
  },
  "an answered draft": {
    ...{ open: "[case.exists]", answer: "answered", submit: "submitted item_ready" },
    ...{ evidence: "evidence_updated", accepted: nothing, granted: nothing, issued: nothing },
    ...{ refused: nothing, cancelled: nothing, withdrawal_refused: nothing },
    ...{ supplement_requested: nothing, supplement: "[case.item_not_found]", ...each(nothing) },
    ...{ withdraw: "[case.not_submitted]", continue: "[case.not_held]" },
  },
  "a waiting case": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: "evidence_updated item_ready", accepted: "[case.item_not_started]" },
    ...{ granted: "[case.item_not_started]", issued: "[case.item_not_started]" },
    ...{ refused: "[case.item_not_started]", cancelled: "[case.item_not_started]" },
    withdrawal_refused: "[case.item_not_started]",
    ...{ supplement_requested: "[case.item_not_started]", supplement: "[case.nothing_to_supplement]" },
    ...each("[case.item_not_started]"),
    ...{ withdraw: "withdraw_requested item_ended closed", continue: "[case.not_held]" },
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
    ...inHand,
    ...{ withdraw: "withdraw_requested", continue: "[case.not_held]" },
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
    ...{ supplement_requested: nothing, supplement: "item_supplemented", ...inHand },
    ...{ withdraw: "withdraw_requested", continue: "[case.not_held]" },
  },
  "a paused item": {
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
    ...{ ...inHand, paused: nothing, resumed: "item_clock", recounted: nothing },
    ...{ withdraw: "withdraw_requested", continue: "[case.not_held]" },
  },
  "a granted item": {
    ...{ supplement_requested: nothing, supplement: "[case.nothing_to_supplement]", ...each(nothing) },
    ...{ delivered: "item_delivered", revoked: "item_revoked item_ended closed" },
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: "evidence_updated", accepted: "item_accepted", granted: nothing },
    ...{ issued: "item_issued item_ended closed", refused: nothing, cancelled: nothing },
    ...{ withdrawal_refused: "withdrawal_refused", withdraw: "withdraw_requested" },
    continue: "[case.not_held]",
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
    ...inHand,
    ...{ withdraw: "[case.withdrawing]", continue: "[case.not_held]" },
  },
  "a held case": {
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ supplement_requested: "[case.item_not_started]", supplement: "[case.nothing_to_supplement]" },
    ...each("[case.item_not_started]"),
    ...{ evidence: "evidence_updated", accepted: "[case.item_not_started]" },
    ...{ granted: "[case.item_not_started]", issued: "[case.item_not_started]" },
    ...{ refused: "[case.item_not_started]", cancelled: "[case.item_not_started]" },
    ...{ withdrawal_refused: "[case.item_not_started]" },
    ...{ withdraw: "withdraw_requested item_ended closed", continue: "continued item_ready" },
  },
  "a closed case": {
    ...{ supplement_requested: nothing, supplement: "[case.nothing_to_supplement]", ...each(nothing) },
    ...{ delivered: "item_delivered", revoked: "item_revoked" },
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: nothing, accepted: nothing, granted: nothing, issued: nothing, refused: nothing },
    ...{ cancelled: nothing, withdrawal_refused: nothing, withdraw: "[case.closed]" },
    continue: "[case.not_held]",
  },
  "a closed case, revoked": {
    ...{ supplement_requested: nothing, supplement: "[case.nothing_to_supplement]", ...each(nothing) },
    ...{ open: "[case.exists]", answer: "[case.already_submitted]", submit: "[case.already_submitted]" },
    ...{ evidence: nothing, accepted: nothing, granted: nothing, issued: nothing, refused: nothing },
    ...{ delivered: "item_delivered", cancelled: nothing, withdrawal_refused: nothing },
    ...{ withdraw: "[case.closed]", continue: "[case.not_held]" },
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
