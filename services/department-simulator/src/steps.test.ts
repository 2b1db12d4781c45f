import { WorkDetail } from "@onething/contracts/approval/v1/work";
import { describe, expect, test } from "vitest";
import { nextStep, stepsSchema } from "./steps.ts";

const words = { zh: "说明", en: "words" };
const steps = stepsSchema.parse([
  { do: "supplement", gaps: [{ what: words, remedy: words }], by: "li" },
  { do: "accept", by: "li" },
  { do: "pause", procedure: "inspection", reason: words, days: 3 },
  { do: "resume", result: words },
  { do: "pause", procedure: "hearing", reason: words, days: 5 },
  { do: "resume", result: words },
  { do: "extend", days: 5, reason: words, approvedBy: words },
  { do: "refer" },
  { do: "legality", opinion: words },
  { do: "decide" },
  { do: "deliver", how: "window" },
]);

const at = "2026-11-24T02:00:00.000Z";
type Seen = Parameters<typeof WorkDetail.fromPartial>[0];
const next = (script: typeof steps, detail: Seen) => {
  const found = nextStep(script, WorkDetail.fromPartial(detail));
  return found ? `${found.index} ${found.step.do}` : "";
};
const accepted = (more: Seen = {}, status = "accepted"): Seen => ({
  work: { status, acceptedAt: at },
  ...more,
});
const over = { beganAt: at, endedAt: at };
const heard = accepted({ procedures: [over, over], extension: { days: 5 } });

describe("which step comes next is read off the work", () => {
  test.each<[string, string, Seen]>([
    ["what is missing is asked for first", "0 supplement", { work: { status: "received" } }],
    ["then it is the applicant's turn", "", { work: { status: "supplementing" }, notices: [{}] }],
    ["answered, it is accepted", "1 accept", { work: { status: "received" }, notices: [{}] }],
    ["accepted by silence meanwhile, nothing is asked for any more", "2 pause", accepted()],
    ["a procedure that began ends", "3 resume", accepted({ procedures: [{ beganAt: at }] }, "paused")],
    ["and a second one begins", "4 pause", accepted({ procedures: [over] })],
    ["and ends", "5 resume", accepted({ procedures: [over, { beganAt: at }] }, "paused")],
    ["it is prolonged once", "6 extend", accepted({ procedures: [over, over] })],
    ["and referred", "7 refer", heard],
    ["reviewed", "8 legality", { ...heard, ...accepted({}, "legality"), legality: { askedBy: "a" } }],
    ["decided", "9 decide", { ...heard, legality: { askedBy: "a", givenBy: "b" } }],
    ["and handed over", "10 deliver", { work: { status: "granted", decidedAt: at } }],
    ["after which there is nothing to do", "", { work: { status: "delivered", decidedAt: at } }],
    ["nor after a refusal", "", { work: { status: "refused", decidedAt: at } }],
    ["nor after a withdrawal", "", { work: { status: "cancelled", decidedAt: at } }],
  ])("%s", (_, expected, detail) => {
    expect(next(steps, detail)).toBe(expected);
  });

  test("without steps one stroke decides, and waits for what others have begun", () => {
    const plain = stepsSchema.parse(undefined);
    for (const status of ["received", "accepted"]) expect(next(plain, { work: { status } })).toBe("0 decide");
    for (const status of ["paused", "legality", "supplementing", "granted"])
      expect(next(plain, { work: { status } })).toBe("");
  });
});

test("a step that there is not, or that says too little, is refused", () => {
  for (const step of [
    { do: "approve" },
    { do: "pause", procedure: "hearing" },
    { do: "supplement", gaps: [] },
  ])
    expect(() => stepsSchema.parse([step])).toThrow();
});
