// Random plans and random lives of their cases, for the property tests of the domain.
import { Dates, Gap } from "@onething/contracts/approval/v1/events";
import { OnethingError } from "@onething/kernel/errors";
import fc from "fast-check";
import { expect } from "vitest";
import { isBeingRecalled } from "./case.ts";
import {
  issued,
  item,
  noon,
  type Play,
  pair,
  plan,
  receipt,
  subject,
  waiting,
  words,
} from "./cases.fixture.ts";
import { type CaseCommand, caseKind } from "./decide.ts";

export interface Shape {
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
/** `recall`: the others are withdrawn, and what was granted is recalled. */
export const policies = fc.constantFrom("carry_on", "hold", "withdraw", "recall");
export interface Report {
  kind: (typeof kinds)[number] | "withdraw";
  item: number;
  position: number;
  answer: "proved" | "missing" | "unavailable";
}

export const shapes = fc.array(
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
export const reports: fc.Arbitrary<Report[]> = fc.array(
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

export const people = [subject("owner"), subject("heir", 0), subject("heir", 1)];
export const code = (i: number) => `I${i}`;
export const product = (i: number, n: number) => pair(`paper-${code(i)}-${n}`, n === 0 ? "owner" : "heir");

const productsOf = ({ products }: Shape, i: number) =>
  Array.from({ length: products }, (_, n) => ({ pair: product(i, n) }));

export function planOf(all: Shape[], guarded: boolean, policy = "carry_on") {
  const recall = policy === "recall" && { recall: { basis: words("rule") } };
  return plan(
    all.map((shape, i) =>
      item(code(i), {
        handling: shape.handling,
        produces: productsOf(shape, i),
        neverRecalled: shape.held,
        after: shape.soft.filter((other) => other < i).map(code),
      }),
    ),
    {
      ...{ refusalPolicy: recall ? "withdraw" : policy, ...recall },
      ...(guarded && { standing: { role: "owner", requirement: "proof-I0" } }),
    },
  );
}

export const receiptsOf = (all: Shape[]) =>
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

export function commandOf({ kind, item: i, position, answer }: Report): CaseCommand {
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
export function attempt(play: Play, command: CaseCommand, now = noon): void {
  try {
    play.do(command, now);
  } catch (error) {
    if (!(error instanceof OnethingError)) throw error;
  }
  if (play.state?.status === "running") expect(caseKind.unfinished!(play.state, now)).toBeUndefined();
}

/** Departments take back what they are asked to. */
export function recalled(play: Play, now = noon): void {
  for (const one of Object.values(play.state!.items).filter(isBeingRecalled))
    attempt(play, { type: "revoked", item: one.code, reasons: [words("recalled")], remedies: [] }, now);
}

/** In the end every register answers, the applicant goes on, every department decides, and the registry issues. */
export function finish(play: Play, all: Shape[], now = noon): void {
  for (let round = 0; round < 2 * all.length + 2 && play.state!.status === "running"; round++) {
    attempt(play, { type: "continue", by: "citizen:1" }, now);
    all.forEach((shape, i) => {
      attempt(play, { type: "evidence", receipts: [receipt(code(i))] }, now);
      attempt(play, { type: "granted", item: code(i), automatic: false }, now);
      for (let n = 0; n < shape.products; n++)
        for (const { position } of people.filter((each) => each.role === product(i, n).role))
          attempt(play, issued(code(i), position, product(i, n)), now);
    });
    recalled(play, now);
  }
}
